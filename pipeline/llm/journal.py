"""The journal: one JSON line for each step of a job, in order, so that no money is forgotten.

    order    n answers are wanted; of what kind, and with which settings
    send     a request is about to go out, with the most that it can cost
    recv     its answer, as it came, and what it cost
    fail     it brought no answer
    verdict  whether the answer was accepted (`CheckedAnswer`)
    commit   the accepted answers so far are in a batch of records

Lines are only ever appended, each by one write to a file in append mode, so a journal survives
kill -9; a line torn by a power cut is removed at the next start. `Ledger` adds the lines up.
"""

import asyncio
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from pipeline.llm.call import Reply
from schemas.base import Model
from schemas.errors import UserError


class Order(Model):
    """What a command asked for. Resuming an unfinished order writes no new one."""

    kind: Literal["order"] = "order"
    n: int
    """Answers to accept, in addition to those of earlier orders."""
    first_slot: int = 0
    """Earlier slots are not drawn, because other journals have asked for them."""
    about: dict[str, Any]
    """What the caller wants to keep with it; never a secret."""
    at: datetime


class Send(Model):
    """A request; written and flushed to disk before it is sent."""

    kind: Literal["send"] = "send"
    slot: int
    attempt: int
    """From 1, for each slot."""
    request: str
    """SHA-256 of the canonical request."""
    reserved: int
    """The most that it can cost, in micro-dollars."""


class Recv(Model):
    """An answer, as it was received."""

    kind: Literal["recv"] = "recv"
    slot: int
    attempt: int
    reply: Reply
    cost: int
    """Micro-dollars."""
    at: datetime


class Fail(Model):
    """A request that brought no answer."""

    kind: Literal["fail"] = "fail"
    slot: int
    attempt: int
    error: str
    detail: str
    cost: int
    """Micro-dollars booked: the worst case if it may have been billed, else 0."""
    final: bool
    """Whether the slot is given up."""
    at: datetime


class CheckedAnswer(Model):
    """Whether an answer was accepted. Once written, the answer is not checked again."""

    kind: Literal["verdict"] = "verdict"
    slot: int
    reason: str | None = None
    """Why it was rejected; None: it was accepted."""
    value: float | None = None
    """What the filter measured, such as a cosine."""
    other_id: str | None = None
    """The record that it repeats or is too near to."""


class Commit(Model):
    """Every answer accepted so far is in `records/`."""

    kind: Literal["commit"] = "commit"
    batch: str


Entry = Annotated[Order | Send | Recv | Fail | CheckedAnswer | Commit, Field(discriminator="kind")]
_ENTRY: TypeAdapter[Entry] = TypeAdapter(Entry)


class Journal:
    """A journal open for writing. One process at a time: the caller holds a lock."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
        whole = path.read_bytes().rfind(b"\n") + 1
        os.ftruncate(self._descriptor, whole)
        self._written = self._on_disk = whole
        self._flushing = asyncio.Lock()

    def append(self, entry: Entry) -> None:
        """Write one line. It survives a kill at once, and a power cut after `on_disk`."""
        line = entry.model_dump_json(exclude_none=True).encode("utf-8", "backslashreplace") + b"\n"
        if os.write(self._descriptor, line) != len(line):
            raise OSError("the disk is full")
        self._written += len(line)

    async def on_disk(self) -> None:
        """Return when everything appended before the call is flushed to disk.

        All who wait share the next fsync: one fsync per line took three times as long.
        """
        needed = self._written
        async with self._flushing:
            if self._on_disk < needed:
                flushed = self._written
                await asyncio.to_thread(os.fsync, self._descriptor)
                self._on_disk = flushed

    def close(self) -> None:
        """Flush and close."""
        os.fsync(self._descriptor)
        os.close(self._descriptor)


def read_journal(path: Path) -> Iterator[Entry]:
    """Yield the entries of a journal, even while another process writes it; none if it is missing.

    Raises:
        UserError: A line is not a valid entry.
    """
    if not path.exists():
        return
    for number, line in enumerate(path.read_bytes().split(b"\n")[:-1], start=1):
        try:
            yield _ENTRY.validate_json(line)
        except ValidationError:
            raise UserError(
                f"{path}, line {number} is not a valid journal entry",
                "restore the file from a copy: a journal must not be edited by hand",
            ) from None
