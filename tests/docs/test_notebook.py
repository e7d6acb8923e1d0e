"""The notebook in `docs/` runs from top to bottom and prints what stands in it."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from scripts.notebook import NOTEBOOK, run_cell

CELLS = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
CODE = [cell for cell in CELLS if cell["cell_type"] == "code"]


def stored(cell: dict[str, Any]) -> tuple[str, str]:
    """What stands in the notebook below a cell: printed text, and its last expression."""
    printed = ["".join(out["text"]) for out in cell["outputs"] if out["output_type"] == "stream"]
    shown = ["".join(out["data"]["text/plain"]) for out in cell["outputs"] if "data" in out]
    return "".join(printed), "".join(shown)


def test_every_cell_runs_and_says_what_stands_below_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    names: dict[str, Any] = {"__name__": "__main__"}
    with pl.Config():  # the notebook changes how tables are printed
        for cell in CODE:
            printed, value = run_cell(cell, names)
            shown = "" if value is None else repr(value)
            assert (printed, shown) == stored(cell), (
                "python -m scripts.notebook brings it up to date"
            )
    assert len(names["c"]) > 0


def test_the_notebook_shows_no_machine_and_no_time() -> None:
    text = json.dumps([cell.get("outputs") for cell in CELLS])
    assert [
        word for word in ("/tmp", "/home", "/Users", "curate-", "created") if word in text
    ] == []


def test_the_notebook_uses_every_door_of_the_package() -> None:
    source = "\n".join("".join(cell["source"]) for cell in CODE)
    doors = ("check", "init", "open", "deduplicate", "UserError", "CurateError")
    assert [door for door in doors if f"curate.{door}" not in source] == []
    methods = (
        "ingest", "curated", "report", "books", "kept", "dropped", "flagged", "explain",
        "to_dataset", "to_jsonl",
    )  # fmt: skip
    assert [method for method in methods if f".{method}" not in source] == []
