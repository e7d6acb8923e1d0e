"""Rows that ask for what training here does not do: weights of messages between 0 and 1."""

from typing import Any

from pipeline.readers.candidate import Refused
from pipeline.readers.formats.learning import odd_weight
from pipeline.readers.formats.left_out import PLAIN_FIELDS
from pipeline.readers.formats.other_columns import first_cell
from pipeline.readers.formats.roles import role_of
from schemas.reasons import Rejection

WEIGHTED_COLUMNS = ("messages", "chosen_messages", "conversations", "conversation")


def to_candidates(row: Any) -> list[Refused] | None:
    """Why a row is refused; None when it asks for nothing of the kind."""
    messages = first_cell(row, WEIGHTED_COLUMNS) if isinstance(row, dict) else row
    if not isinstance(messages, list):
        return None
    for message in messages:
        if not isinstance(message, dict) or len(message) == PLAIN_FIELDS:
            continue
        weight = odd_weight(message)
        if weight is not None and role_of(message.get("role", message.get("from"))) == "assistant":
            why = (
                f"gives a reply the weight {weight}, and a reply is learnt here or it is not; write"
                " 1 or 0"
            )
            return [Refused(Rejection.unsupported, why)]
    return None
