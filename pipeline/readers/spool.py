"""What can be read only once is written to a temporary file, deleted when the program ends."""

import atexit
import shutil
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import BinaryIO

from schemas.errors import UserError


def standard_input() -> Path:
    """A file named `stdin` with everything that comes in.

    Raises:
        UserError: standard input is a terminal, or closed.
    """
    if sys.stdin is None or sys.stdin.isatty():
        raise UserError(
            "nothing comes in at standard input",
            "pipe a file into it: `cat chats.jsonl | curate …`",
        )
    return _copy("stdin", sys.stdin.buffer)


def pipe(path: Path) -> Path:
    """A file with what a named pipe gives.

    Raises:
        UserError: the pipe cannot be read.
    """
    try:
        with path.open("rb") as stream:
            return _copy(path.name, stream)
    except OSError as error:
        raise UserError(
            f"{path} cannot be read: {error.strerror}", "check its permissions"
        ) from None


@cache
def folder() -> Path:
    """A folder of this process alone, deleted at its end."""
    path = Path(tempfile.mkdtemp(prefix="curate-"))
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


def _copy(name: str, stream: BinaryIO) -> Path:
    path = Path(tempfile.mkdtemp(dir=folder())) / name
    with path.open("wb") as file:
        shutil.copyfileobj(stream, file)
    return path
