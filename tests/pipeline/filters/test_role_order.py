"""User and assistant take turns."""

import pytest

from pipeline.filters.role_order import RoleOrder
from schemas.message import Message
from schemas.record import Record

ROLES = {"s": "system", "d": "developer", "u": "user", "a": "assistant", "t": "tool"}


def turns(letters: str) -> Record:
    said = (Message(role=ROLES[letter], content=f"{n}") for n, letter in enumerate(letters))
    return Record(messages=tuple(said), source="x")


@pytest.mark.parametrize(
    "letters", ["ua", "sua", "dua", "sdua", "uaua", "uau", "uata", "uattata", "uat", "uatatt"]
)
def test_a_conversation_in_turns_stays(says, letters: str) -> None:
    assert says(RoleOrder(), turns(letters)) == []


@pytest.mark.parametrize(
    "letters", ["au", "uua", "uaa", "usa", "uasua", "uta", "suaauu", "uatu", "uuat"]
)
def test_turns_out_of_order_are_dropped(says, letters: str) -> None:
    assert says(RoleOrder(), turns(letters)) == ["drop role_order"]
