"""Exports that were made up, as each help desk writes them."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pipeline.readers import Bad, Row, read_rows
from pipeline.readers.helpdesk import Columns, grouped

EXPORTS = Path(__file__).parent / "exports"


@dataclass
class Read:
    """An export as it was read: `u:` before what the customer says, `a:` before the desk."""

    columns: Columns | None
    rows: list[Row | Bad]
    cuts: Counter[str] = field(default_factory=Counter)

    @property
    def said(self) -> list[list[str]]:
        return [
            [f"{m['role'][0]}: {m['content']}" for m in value["messages"]] for value in self.values
        ]

    @property
    def values(self) -> list[dict[str, Any]]:
        return [row.value for row in self.rows if isinstance(row, Row)]


def read(rows: list[Any], **mapped: str) -> Read:
    cuts = Counter[str]()
    numbered = [row if isinstance(row, Bad) else Row(line, row) for line, row in enumerate(rows, 1)]
    found, columns = grouped(iter(numbered), cuts, mapped)
    return Read(columns, list(found), cuts)


@pytest.fixture(scope="session")
def export() -> Callable[[str], Read]:
    """Reads one of the files of this folder."""

    def read_file(name: str) -> Read:
        cuts = Counter[str]()
        found, columns = grouped(read_rows(EXPORTS / name), cuts)
        return Read(columns, list(found), cuts)

    return read_file


@pytest.fixture(scope="session")
def desk() -> Callable[..., Read]:
    """Reads rows, numbered as lines."""
    return read


@pytest.fixture(scope="session")
def chat() -> Callable[..., Read]:
    """Reads texts of one conversation, by Jo Park (customer) and Mia Stern in turn."""

    def read_texts(*texts: str) -> Read:
        sides = (("customer", "Jo Park"), ("agent", "Mia Stern"))
        return read(
            [
                {"ticket_id": 1, "author_type": side, "author_name": name, "body": text, "ts": n}
                for n, text in enumerate(texts)
                for side, name in [sides[n % 2]]
            ]
        )

    return read_texts
