"""One value of `curate.toml` changed in place: its comments are the user's, and stay."""

import re
import tomllib
from pathlib import Path

from pipeline.files import write_atomically
from schemas.errors import UserError


def set_value(path: Path, table: str, key: str, value: float) -> None:
    """Set `[table] key` of a settings file.

    Raises:
        UserError: the file is written in a way that this cannot change; it is left as it was.
    """
    text = path.read_bytes().decode("utf-8")
    changed = with_value(text, table, key, value)
    expected = tomllib.loads(text)
    try:
        expected.setdefault(table, {})[key] = value
        done = tomllib.loads(changed) == expected
    except tomllib.TOMLDecodeError:  # the table or the key stands there twice now
        done = False
    if not done:
        raise UserError(
            f"{path.name} writes [{table}] in a way that is not changed by itself",
            f"set {key} = {value} there",
        )
    write_atomically(path.resolve(), changed.encode("utf-8"))


def with_value(text: str, table: str, key: str, value: float) -> str:
    """The text of a settings file with one value set.

    It takes the place of the old value, or of the default behind its `#`; else it stands below the
    header of its table, or in a new table at the end.
    """
    lines = text.splitlines(keepends=True)
    end = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    header = re.compile(rf"\s*\[\s*{table}\s*\]\s*(#.*)?$")
    start = next((place for place, line in enumerate(lines) if header.match(line)), None)
    if start is None:
        gap = "" if not text or text.endswith("\n") else end
        return f"{text}{gap}{end}[{table}]{end}{key} = {value}{end}"
    rest = range(start + 1, len(lines))
    stop = next((place for place in rest if lines[place].lstrip().startswith("[")), len(lines))
    for mark in ("", "# ?"):
        written = re.compile(rf"(\s*){mark}({key}\s*=\s*)[^#\r\n]*?(\s*(?:#.*)?)(\r?\n|$)")
        for place in range(start + 1, stop):
            if found := written.fullmatch(lines[place]):
                lines[place] = f"{found[1]}{found[2]}{value}{found[3]}{found[4]}"
                return "".join(lines)
    begin = lines[start] if lines[start].endswith("\n") else lines[start] + end
    lines[start] = f"{begin}{key} = {value}{end}"
    return "".join(lines)
