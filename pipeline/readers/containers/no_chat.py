"""Files that cannot hold rows, known by their first bytes: one sentence says what they are."""

import re

from schemas.errors import UserError

UNPACK = "unpack it and name the files inside"
SHEET = "save its sheet as CSV"
TEXT = "copy its text into a CSV with the columns question and answer"
CHAT = "name a file of JSON Lines, JSON, CSV, Parquet or Arrow"

FILE_KINDS = (
    (rb"version https://git-lfs", "a Git LFS pointer, not the data", "run `git lfs pull` first"),
    (rb"SQLite format 3\0", "an SQLite database", "export its table as CSV"),
    (rb"%PDF-", "a PDF document", TEXT),
    (rb"PK\x03\x04.{0,400}(\[Content_Types\]|_rels/|mimetype)", "an office document", SHEET),
    (rb"\xd0\xcf\x11\xe0", "an old office document (.doc, .xls)", SHEET),
    (rb"\{\\rtf", "a rich text document", TEXT),
    (rb"PK\x03\x04", "a zip archive", UNPACK),
    (rb".{257}ustar", "a tar archive", UNPACK),
    (rb"7z\xbc\xaf\x27\x1c|Rar!\x1a", "an archive", UNPACK),
    (
        rb"\x80[\x02-\x05][\x95\}\]\(cX\x8c]|\([dl]p0\n|c(__builtin__|builtins|copy_?reg|posix)\n",
        "a Python pickle, which is never loaded because loading it runs code",
        "save it as JSON Lines where it was made",
    ),
    (rb"\x89PNG|\xff\xd8\xff|GIF8[79]a|RIFF....WEBP|BM....\0\0\0\0", "an image", CHAT),
    (rb"RIFF|ID3[\x02-\x04]|OggS|fLaC|\x1aE\xdf\xa3|....ftyp", "audio or video", CHAT),
    (rb"\s*<(?i:!doctype\s+html|html|head|body)\b", "an HTML page", "get the data behind it"),
    (rb"\s*<\?xml", "XML", "convert it to JSON Lines or CSV"),
    (
        rb"FEA1|ORC\x0a?[\0-\x1f]|Obj\x01",
        "a table of a kind that cannot be read here",
        "save it as Parquet",
    ),
    (rb"\x89HDF|\x93NUMPY|GGUF|\x7fELF|MZ..\0", "a binary file without conversations", CHAT),
    (
        rb"(?i:\s|--[^\n]*\n|/\*.*?\*/;?|(?:SET|USE|BEGIN|START|PRAGMA|DROP|SELECT)\b[^;]*;)*+"
        rb"(?i:CREATE\s+(TABLE|DATABASE|SCHEMA|TYPE|FUNCTION|EXTENSION|SEQUENCE|VIEW)\s+[\w`\"\[]|"
        rb"INSERT\s+INTO\s|COPY\s+\S+\s*\(|LOCK\s+TABLES\s)",
        "an SQL dump",
        "load it into its database and export the table as CSV",
    ),
)
"""Pattern of the first bytes, what such a file is, and what to do with it."""

KNOWN = tuple((re.compile(begins, re.DOTALL), what, fix) for begins, what, fix in FILE_KINDS)

LABELLED_TEXTS = re.compile(
    rb'\s*\{\s*"[^"]*"\s*:\s*\[\s*(\[\s*"[^"\n]*"\s*,\s*"[^"\s]*"\s*\]\s*,\s*){3}'
)
"""`{"train": [["a text", "label"], …`; three pairs, as a chat's history may have two."""


def refuse_file(path: object, head: bytes) -> None:
    """Raise if a file that begins with `head` cannot hold rows.

    Raises:
        UserError: it is empty, or of a known kind that holds no conversations.
    """
    if not head.strip():
        raise UserError(f"{path} is empty", CHAT)
    if re.fullmatch(rb"\s*\[\s*\]\s*", head):
        raise UserError(f"{path} holds no rows: its list is empty", CHAT)
    for begins, what, fix in KNOWN:
        if begins.match(head):
            raise UserError(f"{path} is {what}", fix)
    if LABELLED_TEXTS.match(head):
        raise UserError(
            f"{path} holds lists of [text, label] pairs, which train a classifier, not a chat", CHAT
        )


def unknown_file(path: object, head: bytes) -> UserError:
    """The error for a file whose first bytes are neither JSON nor a table."""
    if b"\0" in head:
        return UserError(f"{path} is a binary file of an unknown kind", CHAT)
    return UserError(
        f"{path} is neither JSON Lines, JSON nor CSV",
        "its first line should be a JSON object or a header such as question,answer",
    )
