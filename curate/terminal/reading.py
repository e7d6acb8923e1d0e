"""What an ingest did, for people: files, rows left out, and why rows could not be read."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from curate.terminal.output import many, note, number, say

if TYPE_CHECKING:
    from pipeline.ingest import Ingested
    from schemas.manifest import BatchManifest, LeftOutColumn

MOST_FILES = 10
"""Files whose columns are listed; the manifest has them all."""

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
    if batch.cuts:
        cuts = " · ".join(f"{kind} {number(count)}" for kind, count in batch.cuts.items())
        say(f"  cut from messages, or left out: {cuts}")
    for line in left_out_lines(batch):
        say(f"  {line}")
    if batch.rejected:
        rejected = sum(batch.rejected.values())
        note(f"{many(rejected, 'row')} could not be read as a conversation:")
        for refusal in result.refusals:
            note(f"  {many(refusal.rows, 'row')}: {refusal.source} {refusal.why}")
        note(f"  every row with its line and reason: records/{batch.batch}.rejected.jsonl")


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
