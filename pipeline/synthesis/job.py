"""Fill an order of n accepted conversations, over as many runs as that takes.

A job is one journal, `synth/<domain>-<identity>.jsonl`: everything that decides what is asked has
the same identity. An order in it that is unfinished is resumed by the same command, with the one
budget; otherwise the command is a new order for n more.
"""

import asyncio
import hashlib
import json
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from pipeline.llm.engine import Engine, Stop
from pipeline.llm.journal import Commit, Entry, Journal, Judged, Order, Recv, read_journal
from pipeline.llm.ledger import Ledger
from pipeline.llm.prices import Price, find_price
from pipeline.llm.providers import check_ready
from pipeline.store.store import Store
from pipeline.synthesis.accept import Admission
from pipeline.synthesis.report import Preview, SynthReport
from pipeline.synthesis.settings import SynthSettings
from pipeline.synthesis.task import SynthTask
from schemas.errors import UserError
from schemas.progress import Progress, quiet
from schemas.record import Record


class Job:
    """One journal, open for a run: the engine's task, and the way into records."""

    def __init__(self, store: Store, task: SynthTask, admission: Admission) -> None:
        self._store, self._task, self._admission = store, task, admission
        digest = hashlib.sha256(json.dumps(task.identity, sort_keys=True).encode()).hexdigest()
        self.name = f"{task.domain}-{digest[:8]}"
        self.path = store.synth_dir / f"{self.name}.jsonl"
        self.ledger = Ledger(read_journal(self.path))
        self.journal = Journal(self.path)
        self.request = task.request

    def judge(self, answer: Recv) -> Judged:
        """The verdict on an answer."""
        return self._task.judge(answer, self.name, self._admission)

    def begin(self, n: int) -> None:
        """Resume the unfinished order for n, or place a new one; then remember what is waiting."""
        self._note_commits()
        order = self.ledger.order
        if order is None or self.ledger.missing <= 0 or order.n != n:
            about = {**self._task.identity, **self._task.settings.model_dump(mode="json")}
            first_slot = _next_slot(self._store.synth_dir, self._task.domain)
            self._write(Order(n=n, first_slot=first_slot, about=about, at=datetime.now(UTC)))
        for record in self._uncommitted():
            # Accepted before a kill: the verdict stands, and the next ones are compared with it.
            self._admission.ask(record)

    def commit(self) -> str | None:
        """Put the accepted answers into records as one batch; return its name."""
        records = self._uncommitted()
        if not records:
            return None
        with self._store.open_batch("synth", job=self.name) as batch:
            for record in records:
                batch.add(record)
        self._write(Commit(batch=batch.batch))
        return batch.batch

    def _note_commits(self) -> None:
        """Note a batch that was committed just before a kill: its records are not added again."""
        for batch in self._store.batches():
            if batch.job == self.name and batch.batch not in self.ledger.commits:
                self._write(Commit(batch=batch.batch))

    def _uncommitted(self) -> list[Record]:
        answers = [self.ledger.answers[slot] for slot in self.ledger.uncommitted]
        made = [self._task.record(answer, self.name) for answer in answers]
        return [record for record in made if isinstance(record, Record)]

    def _write(self, entry: Entry) -> None:
        self.journal.append(entry)
        self.ledger.fold(entry)


def synthesize(
    store: Store,
    domain: str,
    n: int,
    languages: tuple[str, ...],
    settings: SynthSettings,
    admission: Admission,
    progress: Progress = quiet,
) -> SynthReport:
    """Generate until n more conversations are accepted, or say why not; either way commit them.

    Args:
        store: The workspace. Locked only while the batch is written.
        domain: Name of a pack.
        n: Conversations to accept.
        languages: ISO 639-1 codes; empty: the pack's.
        settings: The `[synth]` table.
        admission: Decides over conversations that are well formed.
        progress: Told after each verdict.

    Raises:
        UserError: No such pack, no key, no price, the job is running already, or the provider
            refuses whatever is asked. What had been accepted by then is committed.
    """
    task = SynthTask(domain, languages, settings, store.root)
    price = find_price(settings)
    check_ready(settings)
    store.synth_dir.mkdir(parents=True, exist_ok=True)
    # Of the domain and not of the job: two jobs would draw the same slots.
    lock = FileLock(store.synth_dir / f".{domain}.lock")
    try:
        with lock.acquire(timeout=0):
            job = Job(store, task, admission)
            try:
                job.begin(n)
                return _run(job, settings, price, progress)
            finally:
                job.journal.close()
    except Timeout:
        raise UserError(
            f"another curate is generating for {domain} in this workspace",
            "wait until it has finished, or stop it; the same command then goes on from there",
        ) from None


def _run(job: Job, settings: SynthSettings, price: Price, progress: Progress) -> SynthReport:
    batch = None

    async def engine() -> Stop | None:
        return await Engine(
            job, job.journal, job.ledger, settings, price,
            min_yield=settings.min_yield, progress=progress,
        ).run()  # fmt: skip

    try:
        stop = asyncio.run(engine())
    finally:
        # Also after Ctrl-C: what was accepted is paid for.
        batch = job.commit()
    if stop is not None and stop.denied:
        raise UserError(stop.why, stop.remedy)
    ledger = job.ledger
    return SynthReport(
        job=job.name,
        batch=batch,
        asked=ledger.order.n if ledger.order else 0,
        books=ledger.order_books(),
        micro_dollars=ledger.spent_for_order,
        reserved=ledger.booked_for_order - ledger.spent_for_order,
        price=price.source,
        models=tuple(sorted({ledger.answers[s].reply.model for s in ledger.answers})),
        stopped_because=stop.why if stop else None,
        remedy=stop.remedy if stop else None,
    )


def preview(
    store: Store,
    domain: str,
    n: int,
    languages: tuple[str, ...],
    settings: SynthSettings,
    prompts: int = 10,
) -> Preview:
    """What would be asked, and the most that it could cost; nothing is sent or written."""
    task = SynthTask(domain, languages, settings, store.root)
    price = find_price(settings)
    first = _next_slot(store.synth_dir, domain)
    worst = sum(price.worst(task.request(slot)) for slot in range(first, first + n))
    return Preview(
        prompts=tuple(task.prompt(slot) for slot in range(first, first + min(n, prompts))),
        worst_micro_dollars=worst,
        price=price.source,
    )


def books(store: Store) -> dict[str, Any]:
    """The books of all jobs, for `curate status --json`; never waits, and needs no model."""
    ledgers = [Ledger(read_journal(path)) for path in sorted(store.synth_dir.glob("*.jsonl"))]
    each = [ledger.books() for ledger in ledgers]
    return {
        "jobs": len(each),
        "slots": sum(b.slots for b in each),
        "accepted": sum(b.accepted for b in each),
        "rejected": _sum(b.rejected for b in each),
        "failed": _sum(b.failed for b in each),
        "spare": sum(b.spare for b in each),
        "micro_dollars": sum(ledger.spent for ledger in ledgers),
        "in_doubt_micro_dollars": sum(ledger.booked - ledger.spent for ledger in ledgers),
    }


def _sum(counts: Any) -> dict[str, int]:
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    return dict(sorted(total.items()))


def _next_slot(folder: Path, domain: str) -> int:
    """The first slot that no job of the domain has asked for."""
    name = re.compile(re.escape(domain) + r"-[0-9a-f]{8}\.jsonl")
    journals = [path for path in folder.glob("*.jsonl") if name.fullmatch(path.name)]
    return max((Ledger(read_journal(path)).next_slot for path in journals), default=0)
