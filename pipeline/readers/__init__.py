"""Files become candidate conversations: first the container, then the format of each row.

Both are found by looking at the content, never by the extension: of 61 public fine-tuning files
many `.json` are JSONL and some `.jsonl` are one array.
"""

from pipeline.readers.candidate import Refused
from pipeline.readers.containers import Bad, Container, Row, open_rows, read_rows
from pipeline.readers.find import find_files
from pipeline.readers.records import to_records

__all__ = [
    "Bad",
    "Container",
    "Refused",
    "Row",
    "find_files",
    "open_rows",
    "read_rows",
    "to_records",
]
