"""A reply in a language that nobody asked for is flagged, only where both are sure."""

from collections.abc import Callable

import polars as pl
import pytest

from pipeline.curation.recipe import Recipe
from pipeline.curation.run_stages import Curation
from pipeline.features import Features
from pipeline.features.language import LanguageSettings
from pipeline.features.tokens import RULES, TokenSettings
from pipeline.filters.wrong_language import WrongLanguage
from schemas.record import Record

ENGLISH = "You can send the parcel back within thirty days, and we pay for the postage."
GERMAN = "Sie können das Paket innerhalb von dreißig Tagen zurückschicken, das Porto zahlen wir."
ASKED = "How do I send the parcel back to you, and who pays for the postage?"
GEFRAGT = "Wie kann ich das Paket zurückschicken, und wer bezahlt dann das Porto?"
FLAGGED = ["flag wrong_language"]


@pytest.fixture
def flags(says: Callable[..., list[str]]) -> Callable[[Record], list[str]]:
    """What is said with English and German as targets."""
    languages = LanguageSettings(targets=("en", "de"))
    features = Features(tokens=TokenSettings(tokenizer=RULES), language=languages)
    curation = Curation(features=features, recipe=Recipe())
    return lambda record: says(WrongLanguage(), record, curation=curation)


def test_another_language_than_the_question_s_is_flagged(flags, talk) -> None:
    assert flags(talk(ASKED, GERMAN)) == FLAGGED
    assert flags(talk(GEFRAGT, ENGLISH)) == FLAGGED


def test_the_same_language_stays(flags, talk) -> None:
    assert flags(talk(ASKED, ENGLISH)) == []
    assert flags(talk(GEFRAGT, GERMAN)) == []


def test_no_target_language_is_flagged(flags, talk) -> None:
    question = "¿Cómo puedo devolver el paquete y quién paga los gastos de envío?"
    reply = "Puede devolver el paquete en treinta días y nosotros pagamos los gastos de envío."
    assert flags(talk(question, reply)) == FLAGGED


@pytest.mark.parametrize(
    "question",
    [f"Translate into German: {ENGLISH}", f"Say this in German, please: {ENGLISH}"],
)
def test_a_translation_that_was_asked_for_stays(flags, talk, question: str) -> None:
    assert flags(talk(question, GERMAN)) == []


@pytest.mark.parametrize(
    "reply",
    ["42", "ok", "https://example.org", "Grana Padano, Parmigiano Reggiano, Pecorino Romano"],
)
def test_what_is_no_sentence_is_in_no_wrong_language(flags, talk, reply: str) -> None:
    assert flags(talk(ASKED, reply)) == []


def test_it_drops_by_setting(frame, talk, plain: Curation) -> None:
    found = WrongLanguage(action="drop")(frame(talk(ASKED, GERMAN)))
    assert found.select(pl.col("action"), pl.col("reason")).row(0) == ("drop", "wrong_language")


def test_a_few_words_are_not_enough_to_be_wrong(flags, talk) -> None:
    assert flags(talk(ASKED, "Das Paket kommt morgen früh bei Ihnen an.")) == []


def test_a_question_without_a_language_may_be_answered_in_any_target(flags, talk) -> None:
    assert flags(talk("42?", GERMAN)) == []
    assert flags(talk("42?", ENGLISH)) == []


@pytest.mark.parametrize(
    ("asks", "reply"),
    [("Bitte antworten Sie auf Englisch.", ENGLISH), ("Bitte auf Deutsch!", GERMAN)],
)
def test_a_language_may_be_asked_for_in_another_language(flags, talk, asks: str, reply) -> None:
    question = ASKED if reply is GERMAN else GEFRAGT
    assert flags(talk(question, reply)) == FLAGGED
    assert flags(talk(f"{question} {asks}", reply)) == []
