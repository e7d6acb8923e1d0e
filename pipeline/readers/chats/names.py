"""Whether `--me` names somebody: asked of all files, before anything is written."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from pipeline.readers.chats.group import is_chat_export, read_chats
from pipeline.readers.chats.sides import counted_names, names_of, speakers_text, wanted_names
from pipeline.readers.containers import Row, read_rows
from schemas.errors import UserError


def check_names(files: Iterable[Path], me: Sequence[str]) -> None:
    """Read the chats among `files`, and refuse a name that nobody in them has.

    Raises:
        UserError: a name is nobody's, or no file is a chat.
    """
    known, counted = set[str](), Counter[str]()
    for file in files:
        _collect(file, known, counted)
    if not counted:
        raise UserError(
            "--me says who the assistant is in exports of chat apps, and no file here is one",
            "leave --me out",
        )
    for given, (whole, parts) in zip(me, wanted_names(me), strict=True):
        if whole not in known and not known.issuperset(parts or [""]):
            missing = next((part for part in parts if part not in known), given)
            name = missing if len(parts) > 1 else given
            raise UserError(
                f"nobody in these chats is called {name!r}",
                f"the speakers are {speakers_text(counted)}",
            )


def _collect(file: Path, known: set[str], counted: Counter[str]) -> None:
    """Add the names of one file's chats; a file that cannot be read has none."""
    try:
        rows = read_rows(file)
        first = next(rows, None)
    except (OSError, UserError):
        return
    if not isinstance(first, Row) or not is_chat_export([first.value]):
        return
    rows_of_chats = (row for part in ([first], rows) for row in part)
    for _, chats in read_chats(rows_of_chats):
        for chat in chats or ():
            for speaker in chat.speakers.values():
                known |= names_of(speaker)
        counted.update(counted_names(chats or ()))
