"""Chats are written to a file as an app exports them, and read as `curate ingest` reads them."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from pipeline.ingest import RejectedRow, read_file
from pipeline.readers.candidate import LeftOutCounts
from pipeline.readers.reading import Reading, ReadSettings
from schemas.record import Record


@dataclass
class Talks:
    """What a file became."""

    rows: list[Record | RejectedRow]
    cuts: Counter[str] = field(default_factory=Counter)
    left_out: dict[str, int] = field(default_factory=dict)

    @property
    def records(self) -> list[Record]:
        return [row for row in self.rows if isinstance(row, Record)]

    @property
    def rejected(self) -> list[RejectedRow]:
        return [row for row in self.rows if isinstance(row, RejectedRow)]

    @property
    def texts(self) -> list[list[str]]:
        """Turns by conversation: `u:` before what a user says, `a:` before the assistant."""
        return [
            [f"{turn.role[0]}: {turn.text}" for turn in record.messages] for record in self.records
        ]


ReadChat = Callable[..., Talks]


@pytest.fixture(scope="session")
def talks(tmp_path_factory: pytest.TempPathFactory) -> ReadChat:
    """Reads a text, or a value as JSON, from a file whose name says nothing."""
    path = tmp_path_factory.mktemp("chats") / "file"

    def read(content: Any, *me: str, hours: float = 0) -> Talks:
        text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
        path.write_bytes(text.encode("utf-8"))
        left_out = LeftOutCounts()
        settings = ReadSettings(silence_hours=hours)
        rows = list(read_file(path, settings, Reading(me=me), left_out=left_out))
        return Talks(
            rows, left_out.cuts, {name: part.rows for name, part in left_out.columns.items()}
        )

    return read
