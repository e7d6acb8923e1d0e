"""Rows that are conversations only together: help-desk exports, and trees written as a list."""

from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from pipeline.readers.containers import Bad, Row
from pipeline.readers.formats import oasst_flat
from pipeline.readers.helpdesk import grouped
from pipeline.readers.reading import Reading

FIRST = 20
"""Rows by which a list of tree nodes is recognised."""


def across_rows(
    rows: Iterator[Row | Bad], reading: Reading, cuts: Counter[str]
) -> Iterator[Row | Bad]:
    """The rows of one file, those that belong together as one; as they are where each is whole.

    Args:
        rows: The rows of one file.
        reading: A format or a mapping says that each row is whole, but a mapping of `conversation`.
        cuts: Counts of what is cut from messages, by kind, which grow while rows are read.

    Raises:
        UserError: a mapped column does not exist.
    """
    if reading.of_messages:
        return grouped(rows, cuts, reading.mapping)[0]
    if reading.format or reading.mapping:
        return rows
    first = list(islice(rows, FIRST))
    rows = chain(first, rows)
    whole = [row for row in first if isinstance(row, Row)]
    if whole and all(oasst_flat.fits(row.value) for row in whole):
        return _trees(rows)
    return grouped(rows, cuts)[0]


def _trees(rows: Iterator[Row | Bad]) -> Iterator[Row | Bad]:
    nodes: list[tuple[int, dict[str, Any]]] = []
    for row in rows:
        if isinstance(row, Row) and oasst_flat.fits(row.value):
            nodes.append((row.line, row.value))
        else:
            yield row
    for line, tree in oasst_flat.group(nodes):
        yield Row(line, tree)
