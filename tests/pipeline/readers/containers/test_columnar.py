"""Parquet and Arrow give rows that JSON can hold, each with its number."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from pipeline.readers import Row, open_rows, read_rows
from schemas.errors import UserError

TALK = [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]

FRAME = pl.DataFrame({"messages": [TALK] * 12_000, "n": range(12_000)})

WRITE = {
    "Parquet": pl.DataFrame.write_parquet,
    "Arrow": pl.DataFrame.write_ipc,
    "Arrow stream": pl.DataFrame.write_ipc_stream,
}


@pytest.mark.parametrize("kind", WRITE)
def test_rows_of_every_slice_are_read_and_numbered(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "file"
    WRITE[kind](FRAME, file)
    container = open_rows(file)
    assert container.name == kind
    assert list(container.rows) == [Row(n + 1, {"messages": TALK, "n": n}) for n in range(12_000)]


def test_values_that_json_cannot_hold_become_such_that_it_can(tmp_path: Path) -> None:
    file = tmp_path / "file"
    pl.DataFrame(
        {
            "score": [float("nan")],
            "day": [date(2025, 3, 1)],
            "sent": [[datetime(2025, 3, 1, 9, tzinfo=UTC)]],
            "price": [Decimal("1.50")],
            "image": [b"\x89PNG"],
            "part": [{"raw": b"ab", "kept": True}],
        }
    ).write_parquet(file)
    [row] = read_rows(file)
    assert row == Row(
        1,
        {
            "score": None,
            "day": "2025-03-01",
            "sent": ["2025-03-01T09:00:00+00:00"],
            "price": "1.50",
            "image": "4 bytes",
            "part": {"raw": "2 bytes", "kept": True},
        },
    )
    assert json.loads(json.dumps(row.value)) == row.value


@pytest.mark.parametrize("kind", WRITE)
def test_a_file_that_is_cut_off_is_the_users_mistake_at_once(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "file"
    WRITE[kind](FRAME, file)
    file.write_bytes(file.read_bytes()[:100])
    with pytest.raises(UserError, match=f"cannot be read as {kind}"):
        read_rows(file)
