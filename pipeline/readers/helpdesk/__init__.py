"""Exports of help desks, one message a row or one ticket a row, become conversations.

As Zendesk, Intercom, Freshdesk, Front, Slack and plain dumps have them, known by the names of their
columns. What is no part of what customer and desk say to each other is cut and counted.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import chain, islice

from pipeline.readers.containers.row import Bad, Row
from pipeline.readers.helpdesk.columns import Columns, recognise
from pipeline.readers.helpdesk.threads import conversations

__all__ = ["Columns", "conversations", "grouped", "recognise"]

FIRST = 50
"""Rows by which an export is recognised."""


def grouped(
    rows: Iterator[Row | Bad], cuts: Counter[str], mapped: Mapping[str, str] | None = None
) -> tuple[Iterator[Row | Bad], Columns | None]:
    """The rows of a file as conversations, and by which columns; as they are if it is no export.

    Args:
        rows: The rows of one file.
        cuts: Counts by kind of what is cut, which grow while the rows are read.
        mapped: Field of `Columns` to column, where the names do not tell.
    """
    first = list(islice(rows, FIRST))
    columns = recognise((row.value for row in first if isinstance(row, Row)), mapped)
    rows = chain(first, rows)
    return (conversations(rows, columns, cuts) if columns else rows), columns
