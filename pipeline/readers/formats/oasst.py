"""OASST trees: `{"prompt": {"text": …, "role": "prompter", "replies": […]}}`, or the bare root.

A tree holds one conversation for each path from its root to a leaf.
"""

from collections.abc import Iterator
from typing import Any

from pipeline.readers.candidate import Candidate, Refused
from pipeline.readers.formats.roles import role_of
from pipeline.readers.formats.turns import reply_turn
from schemas.reasons import Rejection

Node = dict[str, Any]

NO_RANK = float("inf")
"""A reply without a rank comes after those with one; 0 is the best rank."""


def to_candidates(row: Any) -> list[Candidate | Refused] | None:
    """The best path of a tree: the best rank at every reply. None when the row is not a tree."""
    root = _root(row)
    if root is None:
        return None
    return [_withdrawn()] if _is_deleted(root) else [_candidate(_best_path(root))]


def every_path(row: Any) -> list[Candidate | Refused] | None:
    """Every path of a tree from its root to a leaf; None when the row is not a tree."""
    root = _root(row)
    if root is None:
        return None
    return [_withdrawn()] if _is_deleted(root) else [_candidate(path) for path in _paths(root)]


def _root(row: Any) -> Node | None:
    root = row.get("prompt", row) if isinstance(row, dict) else None
    if not isinstance(root, dict) or not {"text", "role"} <= root.keys():
        return None
    return root if isinstance(root.get("replies"), list) else None


def _replies(node: Node) -> list[Node]:
    """The replies that were not deleted, best first; of the same rank in the order of the file."""
    replies = node.get("replies")
    nodes = replies if isinstance(replies, list) else []
    standing = [reply for reply in nodes if isinstance(reply, dict) and not _is_deleted(reply)]
    return sorted(standing, key=_rank)


def _rank(node: Node) -> float:
    rank = node.get("rank")
    return rank if isinstance(rank, int | float) and rank == rank else NO_RANK


def _is_deleted(node: Node) -> bool:
    """Taken back by its author, or turned down by those who reviewed it."""
    return bool(node.get("deleted")) or node.get("review_result") is False


def _best_path(root: Node) -> list[Node]:
    path = [root]
    while replies := _replies(path[-1]):
        path.append(replies[0])
    return path


def _paths(root: Node) -> Iterator[list[Node]]:
    """Every path, best first. Without recursion: a file may nest more deeply than Python allows."""
    unfinished = [[root]]
    while unfinished:
        path = unfinished.pop()
        replies = _replies(path[-1])
        if not replies:
            yield path
        unfinished += [[*path, reply] for reply in reversed(replies)]


def _candidate(path: list[Node]) -> Candidate:
    turns = [{"role": role_of(node.get("role")), "content": node.get("text")} for node in path]
    turns = [turn if turn["role"] != "assistant" else reply_turn(turn["content"]) for turn in turns]
    return Candidate(turns, language=path[0].get("lang"))


def _withdrawn() -> Refused:
    return Refused(Rejection.no_user_turn, "is a tree whose first message was deleted")
