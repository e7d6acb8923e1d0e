"""What an ingest did, for people: files, rows left out, and why rows could not be read."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from curate.terminal.output import many, note, number, say

if TYPE_CHECKING:
    from pipeline.ingest import Ingested
    from schemas.manifest import BatchManifest, LeftOutColumn

MOST_FILES = 10
"""Files whose columns are listed; the manifest has them all."""

MOST_REFUSALS_SHOWN = 10
"""Reasons of rejected rows that are listed."""

MOST_COLUMNS = 12
"""Columns of one file that are listed."""


def tell_ingest(result: "Ingested", is_mapped: bool) -> None:
    """Print what an ingest read, skipped, cut, left out and refused.

    `is_mapped`: the user named a format or columns, and may expect that a file is read again.
    """
    for file in result.known:
        again = "; to read it differently, undo its batch first" if is_mapped else ""
        say(f"Skipped {file}: already ingested (same contents){again}.")
    if result.batch is None:
        say("No new file to read.")
        return
    batch = result.batch
    say(
        f"Read {many(batch.read, 'row')} from {many(len(batch.files), 'file')}:"
        f" {many(batch.records, 'new record')}."
    )
    tell_details(result)
    if batch.rejected:
        note(f"  every row with its line and reason: records/{batch.batch}.rejected.jsonl")


def tell_details(result: "Ingested") -> None:
    """Print what was cut, which columns were left out, and why rows were refused."""
    batch = result.batch
    if batch is None:
        return
    if batch.cuts:
        cuts = " · ".join(f"{kind} {number(count)}" for kind, count in batch.cuts.items())
        say(f"  cut from messages, or left out: {cuts}")
    for line in left_out_lines(batch):
        say(f"  {line}")
    if batch.rejected:
        rejected = sum(batch.rejected.values())
        note(f"{many(rejected, 'row')} could not be read as a conversation:")
        for refusal in result.refusals[:MOST_REFUSALS_SHOWN]:
            note(f"  {many(refusal.rows, 'row')}: {refusal.source} {refusal.why}")
        more = len(result.refusals) - MOST_REFUSALS_SHOWN
        if more > 0:
            note(f"  and {many(more, 'other reason')}")


def raise_fruitless(result: "Ingested", remedy: str) -> None:
    """Raise a finding where a file holds nothing that can be read.

    Raises:
        Finding: in some file no row is a conversation.
    """
    from schemas.errors import Finding

    if result.fruitless:
        others = len(result.fruitless) - 1
        more = f" and {many(others, 'other file')}" if others else ""
        text = f"nothing in {result.fruitless[0]}{more} is a conversation that can be read"
        raise Finding(text, remedy)


def left_out_lines(batch: "BatchManifest") -> Iterator[str]:
    """A line for each file of which columns are in no record: `left out: question (3 rows)`."""
    files = [(name, books) for name, books in batch.by_file.items() if books.left_out]
    for name, books in files[:MOST_FILES]:
        of_file = f" of {name}" if len(batch.by_file) > 1 else ""
        yield f"left out{of_file}: {columns_text(books.left_out)}"
    if len(files) > MOST_FILES:
        rest = len(files) - MOST_FILES
        yield f"left out of {many(rest, 'more file')}: see records/{batch.batch}.manifest.json"


def columns_text(left_out: "Mapping[str, LeftOutColumn]") -> str:
    """The columns of a file that were left out, each with its rows: `question (3 rows)`."""
    columns = [
        f"{name} ({many(column.rows, 'row')})"
        for name, column in list(left_out.items())[:MOST_COLUMNS]
    ]
    more = len(left_out) - len(columns)
    return ", ".join(columns) + (f" and {many(more, 'more column')}" if more else "")
