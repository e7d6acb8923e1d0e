"""OASST as a flat list: one message a row, each with the id of the one that it answers.

The messages of a tree are spread over rows, so a file is put together as a whole: `build_trees`
gives the trees that `oasst` reads.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from pipeline.readers.candidate import Refused
from schemas.reasons import Rejection

ID_COLUMNS = (("message_id", "parent_id"), ("user_message_id", "parent_message_id"))
"""The column of a message's own id, and of the id of the message that it answers."""


class _Message(NamedTuple):
    line: int
    node: dict[str, Any]
    """The row, with its `replies`."""
    parent: Any
    """The id of the message that this one answers; None or "" for a root."""


def is_tree_message(row: Any) -> bool:
    """Whether a row is one message of a tree that is spread over rows."""
    return _id_columns(row) is not None


def build_trees(
    rows: Iterable[tuple[int, dict[str, Any]]],
) -> Iterator[tuple[int, dict[str, Any] | Refused]]:
    """The trees of a file, and the messages that belong to no tree.

    Args:
        rows: The line of each row and the row, each of which `is_tree_message`. Of two messages
            with the same id the first counts.

    Yields:
        The line of a root and its tree, whose messages have `replies`; or the line of a message
        that no root leads to, and why it is refused. In the order of the file.
    """
    messages = _by_id(rows)
    replies = defaultdict[Any, list[Any]](list)
    for own_id, message in messages.items():
        if _is_id(message.parent) and message.parent in messages:
            replies[message.parent].append(own_id)
            messages[message.parent].node["replies"].append(message.node)
    roots = [own_id for own_id, message in messages.items() if message.parent in (None, "")]
    in_trees = list(roots)
    for own_id in in_trees:
        in_trees += replies[own_id]  # The list grows while it is walked, down to the leaves.
    root_ids, tree_ids = set(roots), set(in_trees)
    for own_id, message in messages.items():
        if own_id in root_ids:
            yield message.line, message.node
        elif own_id not in tree_ids:
            parent_is_here = _is_id(message.parent) and message.parent in messages
            yield message.line, _orphan(message.parent, parent_is_here)


def to_candidates(row: Any) -> list[Refused] | None:
    """A lone message, whose file was not put together, is refused; None for other rows."""
    if not is_tree_message(row):
        return None
    return [Refused(Rejection.missing_parent, "is one message of a tree, alone; give its file")]


def _by_id(rows: Iterable[tuple[int, dict[str, Any]]]) -> dict[Any, _Message]:
    """The messages by their ids, or by their lines where they have none."""
    messages = dict[Any, _Message]()
    for line, row in rows:
        own, parent = _id_columns(row) or ("", "")
        own_id = row.get(own) if _is_id(row.get(own)) else f"line {line}"
        if own_id not in messages:
            messages[own_id] = _Message(line, {**row, "replies": []}, row.get(parent))
    return messages


def _id_columns(row: Any) -> tuple[str, str] | None:
    if not isinstance(row, dict) or "text" not in row or "role" not in row or "replies" in row:
        return None
    return next((pair for pair in ID_COLUMNS if pair[0] in row and pair[1] in row), None)


def _is_id(value: Any) -> bool:
    return isinstance(value, str | int)


def _orphan(parent: Any, parent_is_here: bool) -> Refused:
    answered = f"answers message {str(parent)[:60]}, which"
    if parent_is_here:
        return Refused(Rejection.missing_parent, f"{answered} hangs on no first message")
    return Refused(Rejection.missing_parent, f"{answered} its file does not hold")
