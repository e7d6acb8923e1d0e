"""OASST as a flat list: one message a row, each with the id of the one that it answers.

The trees stand across rows, so a file is grouped as a whole: `group` gives the trees that
`oasst` reads.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from pipeline.readers.candidate import Refused
from schemas.reasons import Rejection

IDS = (("message_id", "parent_id"), ("user_message_id", "parent_message_id"))


def fits(row: Any) -> bool:
    """Whether a row is one message of a tree that stands across rows."""
    return _ids(row) is not None


def group(rows: Iterable[tuple[int, dict[str, Any]]]) -> Iterator[tuple[int, Any]]:
    """The trees of a file, and what hangs on a message that the file does not hold.

    Args:
        rows: the line of each row and the row, each of which `fits`.

    Yields:
        The line of a root and its tree, whose messages have `replies`; or the line of a message
        that hangs on no root and why it is refused. In order of line.
    """
    nodes = dict[Any, dict[str, Any]]()
    lines = dict[Any, int]()
    parents = dict[Any, Any]()
    for line, row in rows:
        own, parent = _ids(row) or ("", "")
        key = row.get(own) if _is_key(row.get(own)) else f"line {line}"
        if key in nodes:
            continue  # The same message once more.
        nodes[key], lines[key], parents[key] = {**row, "replies": []}, line, row.get(parent)
    replies = defaultdict[Any, list[Any]](list)
    for key, parent in parents.items():
        if _is_key(parent) and parent in nodes:
            replies[parent].append(key)
            nodes[parent]["replies"].append(nodes[key])
    standing = [key for key, parent in parents.items() if parent is None or parent == ""]
    roots = set(standing)
    for key in standing:
        standing += replies[key]  # The list grows while it is walked, down to the leaves.
    reached = set(standing)
    for key, node in nodes.items():
        if key in roots:
            yield lines[key], node
        elif key not in reached:
            held = _is_key(parents[key]) and parents[key] in nodes
            yield lines[key], _orphan(parents[key], held)


def read(row: Any) -> list[Refused] | None:
    """A lone message, met where its file was not grouped, is refused; None for other rows."""
    if not fits(row):
        return None
    return [Refused(Rejection.missing_parent, "is one message of a tree, alone; give its file")]


def _ids(row: Any) -> tuple[str, str] | None:
    if not isinstance(row, dict) or "text" not in row or "role" not in row or "replies" in row:
        return None
    return next((pair for pair in IDS if pair[0] in row and pair[1] in row), None)


def _is_key(value: Any) -> bool:
    return isinstance(value, str | int)


def _orphan(parent: Any, held: bool) -> Refused:
    answered = f"answers message {str(parent)[:60]}, which"
    why = f"{answered} hangs on no first message" if held else f"{answered} its file does not hold"
    return Refused(Rejection.missing_parent, why)
