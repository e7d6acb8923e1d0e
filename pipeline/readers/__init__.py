"""Readers: files become candidates for records.

The way of a file, each step in one room or file:

    find         what a user names becomes files
    containers   bytes become rows: JSON Lines, JSON, tables, Parquet, Arrow, packed or not
    group_rows   rows that make conversations only together: help desks, trees as flat lists
    templates    what most rows of a file have in common: role tags, preludes, stop words
    formats      a row becomes candidates: messages, Alpaca, ShareGPT, …
    chats        the messages of a chat app become candidates, once somebody says who is who
    helpdesk     the messages of a help desk become candidates
    records      a candidate becomes a record, or is refused with a reason

Containers and formats are found by looking at the content, never at the extension. Two interfaces
are declared in their rooms: `containers` (`iter_rows`) and `formats` (`to_candidates`).
"""

from pipeline.readers.candidate import Candidate, GroupedRows, Refused
from pipeline.readers.containers import BadRow, Container, Row, open_rows, read_rows
from pipeline.readers.find import find_files
from pipeline.readers.records import to_records, validate_candidates

__all__ = [
    "BadRow",
    "Candidate",
    "Container",
    "GroupedRows",
    "Refused",
    "Row",
    "find_files",
    "open_rows",
    "read_rows",
    "to_records",
    "validate_candidates",
]
