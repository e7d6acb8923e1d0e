"""What every question or reply of a file ends with is cut; what sentences end with stays."""

from collections import Counter
from typing import Any

import pytest

from pipeline.readers import Row, to_records
from pipeline.readers.candidate import LeftOutCounts
from pipeline.readers.group_rows import with_template
from pipeline.readers.reading import DETECT
from schemas.record import Record

TALKS = {
    "Do you mend cups?": "We do, for eight euros.",
    "When does the kiln start?": "On Thursday morning",
    "May I choose the glaze?": "Yes, until Wednesday!",
    "Is the shop open in June?": "Every day.",
}


def read(rows: list[Any], cuts: Counter[str] | None = None) -> list[tuple[str, str]]:
    """The question and the reply of each row."""
    numbered = iter([Row(number, row) for number, row in enumerate(rows, 1)])
    _, reading = with_template(numbered, DETECT)
    counts, pairs = LeftOutCounts(cuts), []
    for row in rows:
        [record] = to_records(row, "f:1", reading, counts)
        assert isinstance(record, Record), record
        pairs.append((record.messages[0].text, record.messages[-1].text))
    return pairs


def rows(question: str, reply: str) -> list[Any]:
    return [
        {"prompt": question.format(asked), "completion": reply.format(said)}
        for asked, said in TALKS.items()
    ]


SEPARATORS = (" ->", "\n\n###\n\n", "\n\n===\n\n", " =>", "\n\n---\n", " >>>", "\n|||", " #####")
STOPS = (
    " END", "\nEND", " STOP", "###", "\n###", " [END]", " <stop>", "\n\nHuman:", "\nUser:",
    " ###END###", " <|stop|>", " FIN", "\n~~~",
)  # fmt: skip


@pytest.mark.parametrize("stop", STOPS)
@pytest.mark.parametrize("separator", SEPARATORS)
def test_separators_and_stop_words_of_completion_files_are_cut(separator: str, stop: str) -> None:
    assert read(rows("{}" + separator, " {}" + stop)) == list(TALKS.items())


@pytest.mark.parametrize("stop", [" END", "\n###", " <|stop|>"])
def test_a_certain_stop_word_is_cut_without_a_separator_too(stop: str) -> None:
    assert read(rows("{}", "{}" + stop)) == list(TALKS.items())


@pytest.mark.parametrize("stop", [" END", "\n###"])
def test_chats_that_were_converted_have_their_stop_words_cut(stop: str) -> None:
    chats = [
        {
            "messages": [
                {"role": "user", "content": asked},
                {"role": "assistant", "content": said + stop},
            ]
        }
        for asked, said in TALKS.items()
    ]
    assert read(chats) == list(TALKS.items())


def test_what_was_cut_is_counted() -> None:
    cuts = Counter[str]()
    read(rows("{}\n\n===", "{} END"), cuts)
    assert cuts == {
        "separator `===` after questions": len(TALKS),
        "stop word `END` after replies": len(TALKS),
    }


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        ("{}", "{} Kind regards, Tonkrug"),
        ("{}", "{} OVER"),
        ("{} Please!!", "{} :)"),
        ("{} :-)", "{} ;-)"),
        ("{} ✨✨", "{} ✨🎉"),
        ("{} ____", "{} ^_^"),
        ("{} <3", "{} (-:"),
        ("{}...", "{}..."),
        ("{} (in German)", "{} (yes)"),
        ("Write it in *stars*: **{}**", "**{}**"),
        ("{}\n```", "```\n{}\n```"),
        ("Sum up:", "{} 🙂"),
        ("{} C++", "{}\nNote: ask Anna"),
        ('Say "{}"', '"{}"'),
    ],
)
def test_ends_that_people_write_stay(question: str, reply: str) -> None:
    given = rows(question, reply)
    assert read(given) == [(row["prompt"], row["completion"]) for row in given]


def test_one_reply_that_ends_in_a_stop_word_keeps_it() -> None:
    given = rows("{}", "{}")
    given[1]["completion"] += " END"
    assert read(given)[1][1].endswith(" END")


def test_a_reply_that_is_nothing_but_the_stop_word_keeps_it() -> None:
    given = [*rows("{} ->", "{} END") * 3, {"prompt": "And then? ->", "completion": " END"}]
    assert read(given)[-1] == ("And then?", "END")
