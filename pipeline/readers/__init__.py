"""Files become candidate conversations: first the container, then the format of each row.

Both are found by looking at the content, never by the extension: of 61 public fine-tuning files
many `.json` are JSONL and some `.jsonl` are one array.
"""

from pipeline.readers.candidate import Refused
from pipeline.readers.files import find_files
from pipeline.readers.records import to_records
from pipeline.readers.rows import Bad, Row, read_rows

__all__ = ["Bad", "Refused", "Row", "find_files", "read_rows", "to_records"]
