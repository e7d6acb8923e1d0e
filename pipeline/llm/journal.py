"""The journal: one JSON line for everything that happened to a job's money, in order.

    order    somebody wants n answers; what exactly, and with which settings
    send     a request is about to go out, with the most that it can cost
    recv     its answer, as it came, and what it cost
    fail     it brought no answer
    verdict  what the answer was good for
    commit   the accepted answers so far are in a batch of records

Nothing is ever changed in it, so whatever it says survives kill -9: a line is one write to a file
in append mode, and a line torn by a power cut is cut off at the next start. `Ledger` is what the
lines add up to.
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
    """What a command asked for. A journal holds one for each command that was not a resumption."""

    kind: Literal["order"] = "order"
    n: int
    """Answers to accept, beyond those that were accepted before."""
    first_slot: int = 0
    """Slots before it are not drawn: other journals asked for them."""
    about: dict[str, Any]
    """What the caller wants to remember of it, without secrets."""
    at: datetime


class Send(Model):
    """Written and on the disk before the request leaves."""

    kind: Literal["send"] = "send"
    slot: int
    attempt: int
    """From 1, for each slot."""
    request: str
    """SHA-256 of the canonical request."""
    reserved: int
    """Micro-dollars that it cannot cost more than."""


class Recv(Model):
    """The answer, raw."""

    kind: Literal["recv"] = "recv"
    slot: int
    attempt: int
    reply: Reply
    cost: int
    """Micro-dollars."""
    at: datetime


class Fail(Model):
    """No answer."""

    kind: Literal["fail"] = "fail"
    slot: int
    attempt: int
    error: str
    detail: str
    cost: int
    """Micro-dollars booked: the worst case where it may have been billed."""
    final: bool
    """Whether the slot is given up."""
    at: datetime


class Judged(Model):
    """What an answer was good for; once written, it is not asked again."""

    kind: Literal["verdict"] = "verdict"
    slot: int
    reason: str | None = None
    """Why it was not accepted; None: it was."""
    value: float | None = None
    other_id: str | None = None


class Commit(Model):
    """Every answer accepted so far is in records."""

    kind: Literal["commit"] = "commit"
    batch: str


Entry = Annotated[Order | Send | Recv | Fail | Judged | Commit, Field(discriminator="kind")]
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
        """Return when everything appended before the call is flushed.

        Those who wait share the next fsync: one for every line took three times as long.
        """
        mine = self._written
        async with self._flushing:
            if self._on_disk < mine:
                upto = self._written
                await asyncio.to_thread(os.fsync, self._descriptor)
                self._on_disk = upto

    def close(self) -> None:
        """Flush and close."""
        os.fsync(self._descriptor)
        os.close(self._descriptor)


def read_journal(path: Path) -> Iterator[Entry]:
    """Yield the whole lines of a journal, also while another process writes it.

    Raises:
        UserError: A line in the file is no entry.
    """
    if not path.exists():
        return
    for number, line in enumerate(path.read_bytes().split(b"\n")[:-1], start=1):
        try:
            yield _ENTRY.validate_json(line)
        except ValidationError:
            raise UserError(
                f"{path}, line {number} is no entry of a journal",
                "restore the file: a journal must not be changed by hand",
            ) from None
