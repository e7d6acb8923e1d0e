"""Fill an order of n accepted conversations, over as many runs as that takes.

A job is one journal, `synth/<domain>-<identity>.jsonl`, where the identity is a hash of everything
that decides what is asked. An unfinished order in it is resumed by the same command, within the
same budget; when it is filled, the same command orders n more.
"""

import asyncio
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from pipeline.llm.engine import Engine
from pipeline.llm.journal import CheckedAnswer, Commit, Entry, Journal, Order, Recv, read_journal
from pipeline.llm.ledger import Ledger
from pipeline.llm.prices import Price, find_price
from pipeline.llm.providers import check_ready
from pipeline.llm.stops import Stop
from pipeline.store.store import Store
from pipeline.synthesis.accept import AskGate
from pipeline.synthesis.report import Preview, SynthReport
from pipeline.synthesis.settings import SynthSettings
from pipeline.synthesis.task import SynthTask
from schemas.errors import UserError
from schemas.progress import Progress, quiet
from schemas.record import Record


class SynthJob:
    """One journal, open for one run. It is the engine's task, and commits what was accepted."""

    def __init__(self, store: Store, task: SynthTask, ask_gate: AskGate) -> None:
        self._store, self._task, self._ask_gate = store, task, ask_gate
        digest = hashlib.sha256(json.dumps(task.identity, sort_keys=True).encode()).hexdigest()
        self.name = f"{task.domain}-{digest[:8]}"
        path = store.synth_dir / f"{self.name}.jsonl"
        self.ledger = Ledger(read_journal(path))
        self.journal = Journal(path)
        self.request = task.request

    def check(self, answer: Recv) -> CheckedAnswer:
        """Whether an answer is accepted."""
        return self._task.check(answer, self.name, self._ask_gate)

    def begin(self, n: int) -> None:
        """Resume the unfinished order for n, or place a new one."""
        self._note_commits()
        order = self.ledger.order
        if order is None or self.ledger.missing <= 0 or order.n != n:
            about = {**self._task.identity, **self._task.settings.model_dump(mode="json")}
            first_slot = _next_slot(self._store.synth_dir, self._task.domain)
            self._write(Order(n=n, first_slot=first_slot, about=about, at=datetime.now(UTC)))
        for record in self._uncommitted():
            # Accepted before a kill, and still so; the gate has to know them to compare new ones.
            self._ask_gate(record)

    def commit(self) -> str | None:
        """Add the accepted answers to `records/` as one batch; return its name, None if none."""
        records = self._uncommitted()
        if not records:
            return None
        with self._store.open_batch("synth", job=self.name) as batch:
            for record in records:
                batch.add(record)
        self._write(Commit(batch=batch.batch))
        return batch.batch

    def report(self, batch: str | None, price: Price, stop: Stop | None) -> SynthReport:
        """The state of the order, after a run that added `batch`."""
        ledger = self.ledger
        return SynthReport(
            job=self.name,
            batch=batch,
            asked=ledger.order.n if ledger.order else 0,
            books=ledger.order_books(),
            micro_dollars=ledger.spent_for_order,
            reserved=ledger.booked_for_order - ledger.spent_for_order,
            price=price.source,
            models=tuple(sorted({answer.reply.model for answer in ledger.answers.values()})),
            stopped_because=stop.why if stop else None,
            remedy=stop.remedy if stop else None,
        )

    def _note_commits(self) -> None:
        """Note batches committed just before a kill, so that their records are not added again."""
        for batch in self._store.batches():
            if batch.job == self.name and batch.batch not in self.ledger.commits:
                self._write(Commit(batch=batch.batch))

    def _uncommitted(self) -> list[Record]:
        answers = [self.ledger.answers[slot] for slot in self.ledger.uncommitted]
        records = [self._task.record(answer, self.name) for answer in answers]
        return [record for record in records if isinstance(record, Record)]

    def _write(self, entry: Entry) -> None:
        self.journal.append(entry)
        self.ledger.fold(entry)


def synthesize(
    store: Store,
    domain: str,
    n: int,
    languages: tuple[str, ...],
    settings: SynthSettings,
    ask_gate: AskGate,
    progress: Progress = quiet,
) -> SynthReport:
    """Generate until n more conversations are accepted, or say why not; commit them either way.

    Args:
        store: The workspace. It is locked only while the batch is written.
        domain: Name of a pack.
        n: Conversations to accept.
        languages: ISO 639-1 codes; empty: the pack's.
        settings: The `[synth]` table.
        ask_gate: Decides on conversations that are well formed.
        progress: Told after each answer.

    Raises:
        UserError: No such pack, no key, no price, the same domain is being generated already, or
            the provider refuses every request. What was accepted by then is committed.
    """
    task = SynthTask(domain, languages, settings, store.root)
    price = find_price(settings)
    check_ready(settings)
    store.synth_dir.mkdir(parents=True, exist_ok=True)
    # One lock for each domain and not for each job: two jobs would draw the same slots.
    lock = FileLock(store.synth_dir / f".{domain}.lock")
    try:
        with lock.acquire(timeout=0):
            job = SynthJob(store, task, ask_gate)
            try:
                job.begin(n)
                return _run(job, settings, price, progress)
            finally:
                job.journal.close()
    except Timeout:
        raise UserError(
            f"another curate command is generating for {domain} in this workspace",
            "wait until it has finished, or stop it; the same command then goes on from there",
        ) from None


def _run(job: SynthJob, settings: SynthSettings, price: Price, progress: Progress) -> SynthReport:
    async def run_engine() -> Stop | None:
        return await Engine(
            job, job.journal, job.ledger, settings, price,
            min_yield=settings.min_yield, progress=progress,
        ).run()  # fmt: skip

    batch = None
    try:
        stop = asyncio.run(run_engine())
    finally:
        # After Ctrl-C as well: what was accepted is paid for.
        batch = job.commit()
    if stop is not None and stop.denied:
        raise UserError(stop.why, stop.remedy)
    return job.report(batch, price, stop)


def preview(
    store: Store,
    domain: str,
    n: int,
    languages: tuple[str, ...],
    settings: SynthSettings,
    prompts: int = 10,
) -> Preview:
    """What would be asked, and the most that it could cost. Nothing is sent or written.

    Args:
        store: The workspace.
        domain: Name of a pack.
        n: Conversations to accept.
        languages: ISO 639-1 codes; empty: the pack's.
        settings: The `[synth]` table.
        prompts: How many prompts to show.

    Raises:
        UserError: No such pack, or no price.
    """
    task = SynthTask(domain, languages, settings, store.root)
    price = find_price(settings)
    first = _next_slot(store.synth_dir, domain)
    worst = sum(price.worst(task.request(slot)) for slot in range(first, first + n))
    return Preview(
        prompts=tuple(task.prompt(slot) for slot in range(first, first + min(n, prompts))),
        worst_micro_dollars=worst,
        price=price.source,
    )


def synth_books(store: Store) -> dict[str, Any]:
    """The books of all jobs, for `curate status --json`. Waits for no lock and needs no model."""
    ledgers = [Ledger(read_journal(path)) for path in sorted(store.synth_dir.glob("*.jsonl"))]
    books_of_jobs = [ledger.books() for ledger in ledgers]
    return {
        "jobs": len(books_of_jobs),
        "slots": sum(books.slots for books in books_of_jobs),
        "accepted": sum(books.accepted for books in books_of_jobs),
        "rejected": _added_up(books.rejected for books in books_of_jobs),
        "failed": _added_up(books.failed for books in books_of_jobs),
        "spare": sum(books.spare for books in books_of_jobs),
        "micro_dollars": sum(ledger.spent for ledger in ledgers),
        "in_doubt_micro_dollars": sum(ledger.booked - ledger.spent for ledger in ledgers),
    }


def _added_up(counts_of_jobs: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for counts in counts_of_jobs:
        total.update(counts)
    return dict(sorted(total.items()))


def _next_slot(folder: Path, domain: str) -> int:
    """The first slot that no job of the domain has asked for."""
    name = re.compile(re.escape(domain) + r"-[0-9a-f]{8}\.jsonl")
    journals = [path for path in folder.glob("*.jsonl") if name.fullmatch(path.name)]
    return max((Ledger(read_journal(path)).next_slot for path in journals), default=0)
