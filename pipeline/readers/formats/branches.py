"""Chats that are trees: an answer was written again, and one branch was shown in the end."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from pipeline.readers.candidate import LeftOut

OTHER_BRANCHES = "other branches"
"""What the messages that were not shown are called where they are named as left out."""


class Branch(NamedTuple):
    """The messages of a tree that were shown."""

    messages: list[dict[str, Any]]
    """From the first to the last."""
    has_others: bool
    """Whether the tree holds more messages."""

    def left_out(self, column: str) -> tuple[LeftOut, ...]:
        """The messages that were not shown, as a part of this column that is left out."""
        if not self.has_others:
            return ()
        return (LeftOut(f"{column}.{OTHER_BRANCHES}", is_text=False),)


def branch_to(
    nodes: Mapping[Any, Any], last: Any, parent_of: Callable[[dict[str, Any]], Any]
) -> Branch:
    """The branch that ends with one node: its parent, the parent of that, and so on.

    Args:
        nodes: The nodes of the tree by id.
        last: The id of the node that was shown last; the tree's last node where it is not there.
        parent_of: Gives the id of a node's parent.
    """
    if not isinstance(last, str) or last not in nodes:
        last = next(reversed(nodes), None)
    branch: list[dict[str, Any]] = []
    seen = set[str]()
    while isinstance(last, str) and last not in seen:
        node = nodes.get(last)
        if not isinstance(node, dict):
            break
        seen.add(last)  # A file may hold a tree that runs in a circle.
        branch.append(node)
        last = parent_of(node)
    return Branch(branch[::-1], len(seen) < len(nodes))
