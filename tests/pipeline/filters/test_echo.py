"""A reply that is the question or its input is flagged, unless the text may be right as it is."""

import pytest

from pipeline.filters.echo import Echo

TEXT = "The boat left the harbour at dawn."


@pytest.mark.parametrize(
    "question", [TEXT, f"Rewrite it in the passive voice.\n\n{TEXT}", f"Translate.\n{TEXT}"]
)
def test_an_echo_is_flagged(says, talk, question: str) -> None:
    assert says(Echo(), talk(question, TEXT)) == ["flag echo"]


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        (f"Repeat after me.\n{TEXT}", TEXT),
        (f"Correct the grammar.\n\n{TEXT}", TEXT),
        (f"Sort these sentences.\n\n{TEXT}", TEXT),
        (f"改正这个句子。\n{TEXT}", TEXT),
        ("Is it spam or ham?\nham", "ham"),
        (f"Put it into capitals.\n\n{TEXT}", TEXT.upper()),
        (f"Rewrite it.\n\n{TEXT}", "At dawn the boat left the harbour."),
    ],
)
def test_a_text_that_may_come_again_stays(says, talk, question: str, reply: str) -> None:
    assert says(Echo(), talk(question, reply)) == []


def test_a_reply_of_just_the_length_is_an_echo(frame, talk) -> None:
    record = frame(talk(TEXT, TEXT))
    assert Echo(min_characters=len(TEXT))(record)["value"].to_list() == [len(TEXT)]
    assert len(Echo(min_characters=len(TEXT) + 1)(record)) == 0
