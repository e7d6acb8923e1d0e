"""The turns of a conversation that people had alternate, and nothing that was said is lost."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.readers.candidate import Refused, Turn
from pipeline.readers.speech import GREETING, in_order
from schemas.reasons import Rejection


def turn(role: str, text: str | None = None, **others: Any) -> Turn:
    return {"role": role, "content": text} | others


def roles(turns: list[Turn] | Refused) -> str:
    assert not isinstance(turns, Refused), turns
    return "".join(turn["role"][0] for turn in turns)


SAYING = st.lists(
    st.tuples(st.sampled_from(["user", "assistant"]), st.text("abc xyz", min_size=1)), max_size=8
)


@given(SAYING, st.booleans())
def test_what_two_sides_say_alternates_and_keeps_every_line(
    lines: list[tuple[str, str]], has_system: bool
) -> None:
    given_turns = [turn("system", "Be kind.")] * has_system + [turn(*line) for line in lines]
    cuts = Counter[str]()
    turns = in_order(given_turns, cuts)
    assert not isinstance(turns, Refused)
    said = "\n".join(str(turn["content"]) for turn in turns if turn["role"] != "system")
    whole = "\n".join(text for _, text in lines)
    order = roles(turns).replace("s", "", 1)
    assert "uu" not in order
    assert "aa" not in order
    assert said == whole or (cuts[GREETING] == 1 and whole.endswith(said))
    assert in_order(turns, Counter()) == turns, "what is in order stays"


def test_a_greeting_is_cut_and_counted_and_a_lone_reply_stays() -> None:
    cuts = Counter[str]()
    greeted = [turn("assistant", "Welcome!"), turn("user", "Hi?"), turn("assistant", "Yes.")]
    assert in_order(greeted, cuts) == greeted[1:]
    assert cuts == {GREETING: 1}
    answered_first = greeted[:2]
    assert in_order(answered_first, cuts) == answered_first, "its only reply is not thrown away"


def test_calls_side_by_side_are_one_turn() -> None:
    one, two = {"function": {"name": "track"}}, {"function": {"name": "eta"}}
    turns = [
        turn("user", "Where is it?"),
        turn("assistant", tool_calls=[one]),
        turn("assistant", tool_calls=[two]),
        turn("tool", "Kassel"),
        turn("tool", "tomorrow"),
        turn("assistant", "In Kassel; it comes tomorrow."),
    ]
    ordered = in_order(turns, Counter())
    assert roles(ordered) == "uatta"
    assert not isinstance(ordered, Refused)
    assert ordered[1]["tool_calls"] == [one, two]
    assert ordered[1]["content"] is None


def test_the_other_of_two_speakers_has_the_other_side() -> None:
    talk = [turn("user", "Covered?"), turn("Underwriter", "It is."), turn("user", "Thanks.")]
    assert roles(in_order(talk, Counter())) == "uau"
    assert roles(in_order([turn("Mara", "Hi?"), turn("assistant", "Yes.")], Counter())) == "ua"


@pytest.mark.parametrize(
    ("turns", "reason", "words"),
    [
        ([turn("Mara", "Hi?"), turn("Tom", "Yes.")], Rejection.unknown_format, 'by "Mara", "Tom"'),
        ([turn("user", "Hi?"), turn("function_call", "{")], Rejection.unreadable, "turn 2 calls"),
        ([turn("user", "Hi?"), turn("assistant")], Rejection.unreadable, "turn 2 (assistant) says"),
        (
            [turn("user", [{"type": "image_url"}]), turn("assistant", "Yes.")],  # type: ignore[arg-type]
            Rejection.not_text,
            "turn 1 holds a picture",
        ),
    ],
)
def test_a_turn_that_cannot_be_read_is_named_by_its_number(
    turns: list[Turn], reason: Rejection, words: str
) -> None:
    refused = in_order(turns, Counter())
    assert isinstance(refused, Refused)
    assert refused.reason is reason
    assert words in refused.why


def test_a_reply_that_is_not_learnt_is_not_joined_to_one_that_is() -> None:
    turns = [turn("user", "Hi?"), turn("assistant", "No!", learn=False), turn("assistant", "Yes.")]
    assert roles(in_order(turns, Counter())) == "uaa"
