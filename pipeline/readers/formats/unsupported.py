"""Rows that ask for what training here does not do: KTO labels and weights of messages."""

from typing import Any

from pipeline.readers.candidate import Refused
from pipeline.readers.formats.beside import first_cell
from pipeline.readers.formats.roles import role
from schemas.reasons import Rejection

CHATS = ("messages", "conversations", "completion", "response", "output")


def read(row: Any) -> list[Refused] | None:
    """Why a row is refused; None when it asks for nothing of the kind."""
    if isinstance(row, dict):
        if isinstance(row.get("label"), bool) and not row.keys().isdisjoint(CHATS):
            return [
                Refused(
                    Rejection.unsupported,
                    "is a KTO row, whose label says whether the reply is good; keep those with "
                    "true, without the label",
                )
            ]
        given = first_cell(row, ("messages", "chosen_messages"))
    else:
        given = row
    weight = _odd_weight(given) if isinstance(given, list) else None
    if weight is None:
        return None
    return [
        Refused(
            Rejection.unsupported,
            f"gives a reply the weight {weight}, and every reply is learnt alike here; cut the "
            "conversation after the reply to learn, or take the weights away",
        )
    ]


def _odd_weight(given: list[Any]) -> int | float | None:
    """A weight that changes training; 1 for a reply is what happens anyway."""
    for turn in given:
        if isinstance(turn, dict) and ("weight" in turn or "loss_weight" in turn):
            weight = turn.get("weight", turn.get("loss_weight"))
            odd = isinstance(weight, int | float) and weight != 1
            if odd and role(turn.get("role")) == "assistant":
                return weight
    return None
