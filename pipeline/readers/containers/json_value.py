"""One JSON text becomes a value.

orjson is strict and three times as fast as the standard library. A text that it refuses is tried
once more, and repaired where only one reading is possible.
"""

import json
from typing import Any

import orjson

BOM = b"\xef\xbb\xbf"


class NotJson(ValueError):
    """Why a text is not JSON: one sentence without the place."""


def parse_json(text: bytes) -> Any:
    """The value of a JSON text in UTF-8.

    Repaired: NaN, which pandas writes for a missing value (becomes null); raw tabs and line breaks
    inside strings; a byte order mark before the value, a comma behind it. Half of a surrogate pair
    (`"\\ud800"`) is kept as it is.

    Raises:
        NotJson: the text has no certain reading.
    """
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return _repaired(text)


def readable(text: bytes) -> str:
    """Bytes as text for people to look at: those that are not UTF-8 are escaped."""
    return text.decode("utf-8", "backslashreplace")


def _repaired(text: bytes) -> Any:
    if b"\0" in text:
        raise NotJson("not JSON: holds NUL bytes")
    text = text.strip().removeprefix(BOM).rstrip(b", \t\r\n")
    try:
        return json.loads(text.decode("utf-8"), strict=False, parse_constant=_constant)
    except UnicodeDecodeError as error:
        raise NotJson(f"not JSON: byte {error.start + 1} is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise NotJson(
            f"not JSON: {error.msg.removesuffix(' at')} at character {error.pos + 1}"
        ) from None
    except RecursionError:
        raise NotJson("not JSON that can be read: nested too deeply") from None
    except ValueError as error:
        raise NotJson(f"not JSON: {error}") from None


def _constant(name: str) -> None:
    """Null for NaN; Infinity and -Infinity have no counterpart in JSON."""
    if name != "NaN":
        raise ValueError(f"{name} is no JSON number")
