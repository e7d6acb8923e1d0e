"""Change one value of `curate.toml` in place; the user's comments stay."""

import re
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from pipeline.files import write_atomically
from schemas.errors import UserError


def set_value(path: Path, table: str, key: str, value: float) -> None:
    """Set `[table] key` of a settings file.

    Raises:
        UserError: the file is not valid TOML, or `table` is something else in it.
    """
    changed = with_value(path.read_bytes().decode("utf-8"), table, key, value, path.name)
    write_atomically(path.resolve(), changed.encode("utf-8"))


def with_value(text: str, table: str, key: str, value: float, name: str = "curate.toml") -> str:
    """The text of a settings file with one value set.

    It replaces the old value, or the commented default (`# key = …`); otherwise it is added to its
    table, or to a new table at the end.

    Raises:
        UserError: as `set_value`.
    """
    if "\r\n" in text and text.count("\r\n") == text.count("\n"):  # keep the line ends of Windows
        changed = with_value(text.replace("\r\n", "\n"), table, key, value, name)
        return changed.replace("\n", "\r\n")
    try:
        document = tomlkit.parse(text)
    except TOMLKitError as error:
        raise UserError(f"{name} is not valid TOML: {error}", "correct that line") from None
    section = document.get(table)
    if section is None:
        section = document[table] = tomlkit.table()
    elif not hasattr(section, "items"):
        raise UserError(f"{name}: [{table}] is not a table", f"set {key} = {value} there yourself")
    in_place = None if key in section else _over_default(text, table, key, value)
    section[key] = value
    changed = tomlkit.dumps(document)
    if in_place and tomlkit.parse(in_place) == document:
        return in_place
    return changed


def _over_default(text: str, table: str, key: str, value: float) -> str | None:
    """The text with the line `# key = …` of a table replaced; None if there is no such line."""
    header = re.search(rf"^[ \t]*\[[ \t]*{re.escape(table)}[ \t]*\]", text, re.MULTILINE)
    if header is None:
        return None
    following = re.compile(r"^[ \t]*\[", re.MULTILINE).search(text, header.end())
    default = re.compile(
        rf"^# ?{re.escape(key)}[ \t]*=[^#\r\n]*?(?=[ \t]*(?:#|\r?$))", re.MULTILINE
    )
    line = default.search(text, header.end(), following.start() if following else len(text))
    return line and f"{text[: line.start()]}{key} = {value}{text[line.end() :]}"
