"""Names are known however they are written, and a list of speakers can be read."""

from collections import Counter

import pytest

from pipeline.readers.chats.sides import plain_speaker, speakers_text, wanted_names


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("ton krüger", "Ton\u00a0Krüger "),
        ("TON  KRÜGER", "~\u202fTon Krüger"),
        ("+49 170 1234", "\u202a+49\u00a0170\u00a01234\u202c"),
        ("Ton Kru\u0308ger", "\u2068Ton Krüger\u2069"),
        ("straße", "STRASSE"),
    ],
)
def test_a_name_is_the_same_without_case_marks_and_blanks(given: str, written: str) -> None:
    assert plain_speaker(given) == plain_speaker(written)


def test_a_comma_stands_between_two_names_or_within_one() -> None:
    assert wanted_names(["Vogt, Mara"]) == [("vogt, mara", ("vogt", "mara"))]


def test_speakers_are_listed_by_their_messages_and_the_rest_is_counted() -> None:
    assert speakers_text(Counter(Ada=1)) == "Ada (1 message)"
    assert speakers_text(Counter(Ada=1, Ben=3)) == "Ben (3 messages) and Ada (1 message)"
    many = Counter({f"N{number}": 99 - number for number in range(15)})
    assert speakers_text(many).endswith("N11 (88 messages) and 3 others")
