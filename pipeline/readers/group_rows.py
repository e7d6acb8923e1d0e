"""Rows that make conversations only together: exports of help desks, and trees as flat lists."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import chain, islice
from typing import Any

from pipeline.readers.candidate import GroupedRows, Refused
from pipeline.readers.chains import are_exchanges, chain_columns, join_exchanges
from pipeline.readers.chats import group_chats, is_chat_export
from pipeline.readers.containers import BadRow, Row
from pipeline.readers.formats.oasst_flat import build_trees, is_tree_message
from pipeline.readers.helpdesk import group_export
from pipeline.readers.message_lines import group_message_lines, is_message_lines
from pipeline.readers.reading import Reading
from pipeline.readers.records import candidates_of
from pipeline.readers.templates import find_template

FILE_SAMPLE = 1000
"""Rows by which it is found out whether the rows of a file belong together."""


def group_rows(
    rows: Iterator[Row | BadRow], reading: Reading, cuts: Counter[str]
) -> Iterator[Row | BadRow | GroupedRows]:
    """The rows of one file, where those that belong together are put together.

    Messages of a help desk become one `GroupedRows` for each conversation, and the chats of an app
    one for each that silence ends. The messages of a tree become one row, the tree as OASST nests
    it. All other rows are passed on as they are: `Row` is complete by itself, `BadRow` could not be
    read.

    Args:
        rows: The rows of one file.
        reading: What the user says of the file. With a format or a mapping every row is complete by
            itself, except with a mapping of `conversation`.
        cuts: Counts by kind of what is cut from messages, which grow while rows are read.

    Raises:
        UserError: a mapped column does not exist.
    """
    if reading.is_of_messages:
        return group_export(rows, cuts, reading.mapping)[0]
    if reading.format or reading.mapping:
        return rows
    first = list(islice(rows, FILE_SAMPLE))
    rows = chain(first, rows)
    readable = [row.value for row in first if isinstance(row, Row)]
    if is_chat_export(readable):
        return group_chats(rows, reading, cuts)
    if readable and all(map(is_tree_message, readable)):
        return _group_trees(rows)
    if is_message_lines(readable):
        return group_message_lines(rows)
    read = partial(candidates_of, reading=reading)
    if (columns := chain_columns(readable)) and are_exchanges(readable, read):
        return join_exchanges(rows, columns, read, cuts)
    return group_export(rows, cuts)[0]


def with_template(
    rows: Iterator[Row | BadRow], reading: Reading
) -> tuple[Iterator[Row | BadRow], Reading]:
    """The rows of one file, and how to read them with what the first of them have in common."""
    if reading.is_of_messages:
        return rows, reading
    first = list(islice(rows, FILE_SAMPLE))
    readable = [row.value for row in first if isinstance(row, Row)]
    template = find_template(readable, partial(candidates_of, reading=reading))
    return chain(first, rows), reading.model_copy(update={"template": template})


def _group_trees(rows: Iterator[Row | BadRow]) -> Iterator[Row | BadRow | GroupedRows]:
    """The trees of a file, after the rows that are not messages of a tree."""
    messages: list[tuple[int, dict[str, Any]]] = []
    for row in rows:
        if isinstance(row, Row) and is_tree_message(row.value):
            messages.append((row.line, row.value))
        else:
            yield row
    for line, tree in build_trees(messages):
        if isinstance(tree, Refused):
            yield GroupedRows(line, [tree], [tree.reason, tree.why])
        else:
            yield Row(line, tree)
