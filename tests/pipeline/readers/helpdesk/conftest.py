"""Exports that were made up, as each help desk writes them."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pipeline.readers import BadRow, Candidate, GroupedRows, Row, read_rows
from pipeline.readers.helpdesk import ExportColumns, group_export

EXPORTS = Path(__file__).parent / "exports"


@dataclass
class Export:
    """An export as it was read."""

    columns: ExportColumns | None
    rows: list[Row | BadRow | GroupedRows]
    cuts: Counter[str] = field(default_factory=Counter)

    @property
    def conversations(self) -> list[GroupedRows]:
        return [row for row in self.rows if isinstance(row, GroupedRows)]

    @property
    def texts(self) -> list[list[str]]:
        """Turns by conversation: `u:` before what the customer says, `a:` before the desk."""
        return [
            [f"{turn['role'][0]}: {turn['content']}" for turn in candidate.turns]
            for row in self.conversations
            for candidate in row.candidates
            if isinstance(candidate, Candidate)
        ]


def read(rows: list[Any], **mapping: str) -> Export:
    cuts = Counter[str]()
    numbered = [
        row if isinstance(row, BadRow) else Row(line, row) for line, row in enumerate(rows, 1)
    ]
    grouped, columns = group_export(iter(numbered), cuts, mapping)
    return Export(columns, list(grouped), cuts)


@pytest.fixture(scope="session")
def export() -> Callable[[str], Export]:
    """Reads one of the files of this folder."""

    def read_file(name: str) -> Export:
        cuts = Counter[str]()
        grouped, columns = group_export(read_rows(EXPORTS / name), cuts)
        return Export(columns, list(grouped), cuts)

    return read_file


@pytest.fixture(scope="session")
def desk() -> Callable[..., Export]:
    """Reads rows, numbered as lines."""
    return read


@pytest.fixture(scope="session")
def chat() -> Callable[..., Export]:
    """Reads texts of one conversation, by Jo Park (customer) and Mia Stern in turn."""

    def read_texts(*texts: str) -> Export:
        sides = (("customer", "Jo Park"), ("agent", "Mia Stern"))
        return read(
            [
                {"ticket_id": 1, "author_type": side, "author_name": name, "body": text, "ts": n}
                for n, text in enumerate(texts)
                for side, name in [sides[n % 2]]
            ]
        )

    return read_texts
