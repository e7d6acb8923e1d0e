"""Exports of help desks, one message a row or one ticket a row, become candidates.

As Zendesk, Intercom, Freshdesk, Front, Slack and plain dumps write them, known by the names of
their columns. `group_export` is the way in; a row takes this way through the room:

    columns         which column holds the conversation, the text, the time, the writer
    flat            a row becomes flat messages, a ticket with its comments several
    message, sides  who wrote a message: the customer or the desk
    threads, times  messages are grouped by conversation and ordered by time
    receipts        what machines send: texts are alike, and have their places and topics
    markup, cuts    HTML becomes text; quoted mail, signatures and automatic notes are cut, and
                    counted
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import chain, islice

from pipeline.readers.candidate import GroupedRows
from pipeline.readers.containers.row import BadRow, Row
from pipeline.readers.helpdesk.columns import ExportColumns, recognise_columns
from pipeline.readers.helpdesk.threads import group_messages

__all__ = ["ExportColumns", "group_export", "group_messages", "recognise_columns"]

EXPORT_SAMPLE = 1000
"""Rows by which an export is recognised."""


def group_export(
    rows: Iterator[Row | BadRow], cuts: Counter[str], mapping: Mapping[str, str] | None = None
) -> tuple[Iterator[Row | BadRow | GroupedRows], ExportColumns | None]:
    """The rows of an export as conversations, and the columns by which it was read.

    A file that is not an export gives its rows as they are, and no columns.

    Args:
        rows: The rows of one file.
        cuts: Counts by kind of what is cut, which grow while the rows are read.
        mapping: Field of `ExportColumns` to column, where the names do not tell.

    Raises:
        UserError: a mapped field or column does not exist.
    """
    first = list(islice(rows, EXPORT_SAMPLE))
    columns = recognise_columns((row.value for row in first if isinstance(row, Row)), mapping)
    rows = chain(first, rows)
    return (group_messages(rows, columns, cuts) if columns else rows), columns
