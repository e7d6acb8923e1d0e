"""OASST trees: `{"prompt": {"text": …, "role": "prompter", "replies": […]}}`, or the bare root.

A tree holds one conversation for each path from its root to a leaf.
"""

from collections.abc import Iterator
from typing import Any

from pipeline.readers.candidate import Candidate, Refused
from pipeline.readers.formats.roles import role
from schemas.reasons import Rejection

Node = dict[str, Any]

LAST = float("inf")
"""A reply without a rank comes after those with one; 0 is the best rank."""


def read(row: Any) -> list[Candidate | Refused] | None:
    """The best path of a tree, reply by reply the best rank; None when the row is no tree."""
    root = _root(row)
    if root is None:
        return None
    return [_withdrawn()] if _deleted(root) else [_candidate(_best(root))]


def read_all(row: Any) -> list[Candidate | Refused] | None:
    """Every path of a tree from its root to a leaf; None when the row is no tree."""
    root = _root(row)
    if root is None:
        return None
    return [_withdrawn()] if _deleted(root) else [_candidate(path) for path in _paths(root)]


def _root(row: Any) -> Node | None:
    root = row.get("prompt", row) if isinstance(row, dict) else None
    if not isinstance(root, dict) or not {"text", "role"} <= root.keys():
        return None
    return root if isinstance(root.get("replies"), list) else None


def _replies(node: Node) -> list[Node]:
    """The replies that stand, the best first; those of one rank as the file has them."""
    replies = node.get("replies")
    found = replies if isinstance(replies, list) else []
    standing = [one for one in found if isinstance(one, dict) and not _deleted(one)]
    return sorted(standing, key=_rank)


def _rank(node: Node) -> float:
    rank = node.get("rank")
    return rank if isinstance(rank, int | float) and rank == rank else LAST


def _deleted(node: Node) -> bool:
    """Taken back by its author, or by those who reviewed it."""
    return bool(node.get("deleted")) or node.get("review_result") is False


def _best(root: Node) -> list[Node]:
    path = [root]
    while replies := _replies(path[-1]):
        path.append(replies[0])
    return path


def _paths(root: Node) -> Iterator[list[Node]]:
    """Without recursion: a file may nest deeper than Python calls."""
    waiting = [[root]]
    while waiting:
        path = waiting.pop()
        replies = _replies(path[-1])
        if not replies:
            yield path
        waiting += [[*path, reply] for reply in reversed(replies)]


def _candidate(path: list[Node]) -> Candidate:
    said = [{"role": role(node.get("role")), "content": node.get("text")} for node in path]
    return Candidate(said, language=path[0].get("lang"))


def _withdrawn() -> Refused:
    return Refused(Rejection.no_user_turn, "is a tree whose first message was deleted")
