"""Open chat is known by the file as a whole, and by nothing beyond that file."""

from collections.abc import Callable

import polars as pl
import pytest

from pipeline.curation.run_stages import Curation
from pipeline.features import describe
from pipeline.features.open_chat import FEWEST_CHAT_ROWS, with_open_chat
from pipeline.store.store import Store
from schemas.record import Record

Talk = Callable[..., Record]
Chats = Callable[[list[Record]], dict[str, bool]]

LONG = "Open your account, choose the order, and follow the steps that you find there, one by one. "


@pytest.fixture
def chats(new_store: Callable[..., Store], plain: Curation) -> Chats:
    """Each source and whether it is open chat."""

    def ask(records: list[Record]) -> dict[str, bool]:
        frame = with_open_chat(describe(new_store(records).records(), plain.features))
        return dict(zip(frame["source"], frame["open_chat"], strict=True))

    return ask


def small_talk(talk: Talk, name: str, rows: int = FEWEST_CHAT_ROWS) -> list[Record]:
    """Every tenth reply asks back."""
    return [
        talk(f"I saw {number} birds.", "And then?" if number % 10 == 1 else "Nice.",
             source=f"{name}:{number}")
        for number in range(1, rows + 1)
    ]  # fmt: skip


def tasks(talk: Talk, name: str, rows: int = FEWEST_CHAT_ROWS) -> list[Record]:
    """As brief as small talk, but nobody asks back."""
    return [
        talk(f"Name bird {number}.", f"Bird {number}.", source=f"{name}:{number}")
        for number in range(1, rows + 1)
    ]


def test_small_talk_is_open_chat_and_tasks_are_not(chats: Chats, talk: Talk) -> None:
    found = chats([*small_talk(talk, "talk.jsonl"), *tasks(talk, "tasks.jsonl")])
    assert {source.split(":")[0]: chat for source, chat in found.items()} == {
        "talk.jsonl": True,
        "tasks.jsonl": False,
    }


def test_a_file_of_few_rows_is_not_judged(chats: Chats, talk: Talk) -> None:
    assert not any(chats(small_talk(talk, "talk.jsonl", FEWEST_CHAT_ROWS - 1)).values())


def test_what_is_asked_back_at_length_is_no_small_talk(chats: Chats, talk: Talk) -> None:
    rows = [
        talk(f"Bird {number} is gone.", f"{LONG * 4}Is that all?", source=f"help.jsonl:{number}")
        for number in range(FEWEST_CHAT_ROWS)
    ]
    assert not any(chats(rows).values())


def test_a_task_with_material_is_no_small_talk(chats: Chats, talk: Talk) -> None:
    rows = [
        talk(f"Ask about it.\n\nBird {number}", "Why?", source=f"tasks.jsonl:{number}")
        for number in range(FEWEST_CHAT_ROWS)
    ]
    assert not any(chats(rows).values())


def test_other_files_and_their_order_change_nothing(chats: Chats, talk: Talk) -> None:
    talks, others = small_talk(talk, "talk.jsonl"), tasks(talk, "tasks.jsonl", 60)
    alone = chats(talks)
    for records in ([*talks, *others], [*others, *reversed(talks)]):
        found = chats(records)
        assert {source: found[source] for source in alone} == alone


def test_rows_of_one_line_are_of_its_file(chats: Chats, talk: Talk) -> None:
    rows = [
        row.model_copy(update={"source": f"talk.json:1 row {number}"})
        for number, row in enumerate(small_talk(talk, "talk.json"), 1)
    ]
    assert all(chats(rows).values())


def test_what_was_generated_has_no_file(chats: Chats, talk: Talk) -> None:
    assert not any(chats(small_talk(talk, "synth/job")).values())


def test_the_column_is_never_null(chats: Chats, talk: Talk, plain: Curation, new_store) -> None:
    assert chats([talk("Hi.", "Hi.")]) == {"chats.jsonl:1": False}
    empty = with_open_chat(describe(new_store().records(), plain.features))
    assert empty.schema["open_chat"] == pl.Boolean
