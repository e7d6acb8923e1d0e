"""What the stages see of a conversation."""

from collections.abc import Callable

import polars as pl
import pytest

from pipeline.curation.run_stages import Curation
from pipeline.features import Features, describe
from pipeline.features.describe import DomainSettings
from pipeline.features.tokens import RULES, TokenSettings
from pipeline.store.store import Store
from schemas.message import Function, Message, Part, ToolCall
from schemas.record import Record

NewStore = Callable[..., Store]


@pytest.fixture(scope="session")
def seen(new_store: NewStore, plain: Curation) -> Callable[..., dict]:
    """The features of one conversation of (role, text or message) turns."""

    def features(*turns: tuple[str, str] | Message, **labels: str) -> dict:
        messages = tuple(
            turn if isinstance(turn, Message) else Message(role=turn[0], content=turn[1])
            for turn in turns
        )
        store = new_store([Record(messages=messages, source="x:1", **labels)])
        return describe(store.records(), plain.features).row(0, named=True)

    return features


CALL = Message(
    role="assistant", tool_calls=(ToolCall(function=Function(name="f", arguments='{"x": 1}')),)
)


def test_the_question_is_all_user_turns_and_the_reply_the_last_answer(seen) -> None:
    row = seen(
        ("system", "s"), ("user", "a?"), ("assistant", "b"), ("user", "c?"), ("assistant", "d")
    )
    assert (row["question"], row["last_question"]) == ("a?\nc?", "c?")
    assert (row["reply"], row["replies"], row["turns"]) == ("d", ["b", "d"], "suaua")


def test_a_call_is_the_reply_where_nothing_is_said(seen) -> None:
    row = seen(("user", "a?"), CALL, ("tool", "1"))
    assert (row["reply"], row["replies"], row["turns"]) == ('{"x": 1}', [], "uat")


def test_outer_white_space_is_no_part_of_any_text(seen) -> None:
    """The id is blind to it, so whichever spelling came first must be judged alike."""
    row = seen(("user", " a?\n"), ("assistant", "\tb "))
    assert (row["question"], row["last_question"]) == ("a?", "a?")
    assert (row["reply"], row["replies"]) == ("b", ["b"])


def test_parts_are_read_as_their_text(seen) -> None:
    parts = (Part(type="text", text="look"), Part(type="image_url"), Part(type="text", text="here"))
    assert seen(Message(role="user", content=parts), ("assistant", "b"))["question"] == "look\nhere"


def test_the_longest_reply_is_the_one_that_is_measured(seen) -> None:
    row = seen(("user", "a?"), ("assistant", "one two three"), ("user", "b?"), ("assistant", "ok"))
    assert row["reply_tokens"] == 3


def test_a_given_label_wins_and_none_is_the_general_domain(seen) -> None:
    row = seen(("user", "Where are you?"), ("assistant", "I am at home."), language="de")
    assert (row["language"], row["domain"]) == ("de", "general")
    assert seen(("user", "a?"), ("assistant", "b"), domain="sums")["domain"] == "sums"


def test_no_records_have_no_features_and_all_columns(new_store, plain: Curation) -> None:
    frame = describe(new_store().records(), plain.features)
    assert len(frame) == 0
    assert frame.schema["reply_tokens"] == pl.Int64
    assert {"question", "replies", "language", "domain"} <= set(frame.columns)


def test_a_domain_is_given_or_named_by_a_word_or_the_default(new_store, talk) -> None:
    keywords = {"billing": ("Invoice", "refund"), "parcels": ("parcel",)}
    features = Features(
        tokens=TokenSettings(tokenizer=RULES), domain=DomainSettings(keywords=keywords)
    )
    asked = ["Is the INVOICE with the parcel?", "Where is my parcel?", "Hello?"]
    talks = [talk(question, "Yes, of course.") for question in asked]
    given = talk("A refund, please?", "Yes, of course.", domain="sales")
    frame = describe(new_store([*talks, given]).records(), features)
    domains = dict(zip(frame["question"], frame["domain"], strict=True))
    assert [domains[question] for question in asked] == ["billing", "parcels", "general"]
    assert domains["A refund, please?"] == "sales"
