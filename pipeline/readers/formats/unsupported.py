"""Rows that ask for what training here does not do: KTO labels and weights of messages."""

from typing import Any

from pipeline.readers.candidate import Refused
from pipeline.readers.formats.other_columns import first_cell
from pipeline.readers.formats.roles import role_of
from schemas.reasons import Rejection

KTO_COLUMNS = ("messages", "conversations", "completion", "response", "output")
"""Where a row of KTO has its conversation or reply, beside a `label` that is true or false."""


def to_candidates(row: Any) -> list[Refused] | None:
    """Why a row is refused; None when it asks for nothing of the kind."""
    messages = row
    if isinstance(row, dict):
        if isinstance(row.get("label"), bool) and not row.keys().isdisjoint(KTO_COLUMNS):
            why = (
                "is a KTO row, whose label says whether the reply is good; keep those with "
                "true, without the label"
            )
            return [Refused(Rejection.unsupported, why)]
        messages = first_cell(row, ("messages", "chosen_messages"))
    weight = _odd_weight(messages) if isinstance(messages, list) else None
    if weight is None:
        return None
    why = (
        f"gives a reply the weight {weight}, and every reply is learnt alike here; cut the "
        "conversation after the reply to learn, or take the weights away"
    )
    return [Refused(Rejection.unsupported, why)]


def _odd_weight(messages: list[Any]) -> int | float | None:
    """The first weight of a reply that would change training; 1 would not."""
    for message in messages:
        if isinstance(message, dict) and ("weight" in message or "loss_weight" in message):
            weight = message.get("weight", message.get("loss_weight"))
            is_odd = isinstance(weight, int | float) and weight != 1
            if is_odd and role_of(message.get("role")) == "assistant":
                return weight
    return None
