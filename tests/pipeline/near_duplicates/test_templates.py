"""Questions about many cases with one wording are of one template, whoever the customer is."""

import random
import time

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.near_duplicates.guard.slots import SLOT, recurring_codes, slot_text
from pipeline.near_duplicates.templates import FEWEST, find_templates, frame_of

FIRST = ["Ada", "Bruno", "Carla", "Deniz", "Emil", "Fatma", "Goran", "Hanna", "Igor", "Jana"]
LAST = ["Abel", "Brandt", "Costa", "Dubois", "Eriksen", "Farkas", "Gruber", "Horvat", "Ivanov"]
FORM = "My name is {name}. The parcel of order {order} never came to {number} {name2} Lane."


def cases(form: str, count: int, language: str = "en") -> list[tuple[str, str, str]]:
    rng = random.Random(count)
    texts = []
    for _ in range(count):
        text = form.format(
            name=f"{rng.choice(FIRST)} {rng.choice(LAST)}",
            name2=rng.choice(LAST),
            order=rng.randrange(10**5, 10**6),
            number=rng.randrange(1, 99),
            product=rng.choice(["Lamp", "Tent"]),
        )
        slots = slot_text(text, language)
        assert slots.is_case
        texts.append((text, slots.plain, language))
    return texts


def test_names_numbers_and_addresses_make_no_other_template() -> None:
    templates = find_templates(cases(FORM, 60))
    assert len(templates.frames) == 1
    assert all(templates.of(*case[1:]) for case in cases(FORM, 200))


def test_another_wording_is_another_template() -> None:
    other = FORM.replace("never came to", "was left in front of")
    templates = find_templates(cases(FORM, 60) + cases(other, 60))
    assert len(templates.frames) == 2


def test_too_few_or_too_short_questions_are_no_template() -> None:
    assert not find_templates(cases(FORM, FEWEST - 1)).frames
    assert not find_templates(cases("Cancel order {order} now", 60)).frames


def test_few_names_that_come_back_are_products_and_tell_templates_apart() -> None:
    form = "The glass of the {product} that I bought with order {order} is broken"
    templates = find_templates(cases(form, 60))
    assert len(templates.frames) == 2
    assert {"lamp" in frame for frame in templates.frames} == {True, False}


def test_nouns_with_capitals_are_no_names() -> None:
    form = "Wann kommt die {product} an, die ich unter Bestellung {order} bei euch gekauft habe?"
    assert len(find_templates(cases(form, 60, "de")).frames) == 2


def test_copies_and_order_do_not_matter() -> None:
    some = cases(FORM, 30)
    assert find_templates(some) == find_templates(some[::-1] + some)


@given(st.text(), st.sampled_from(["en", "de", "zh", "und"]))
def test_any_text_has_a_frame(text: str, language: str) -> None:
    frame = frame_of(text, language, frozenset({"a"}))
    assert frame.words >= 0
    assert f"{SLOT} {SLOT}" not in frame.text


@pytest.mark.parametrize(
    ("text", "language", "plain"),
    [
        ("Where is order 48213?", "en", f"Where is order {SLOT}?"),
        ("ticket #4512 is open", "en", f"ticket #{SLOT} is open"),
        ("booking ref is AB12345", "en", f"booking ref is {SLOT}"),
        ("I lost purchase 113542617735902", "en", f"I lost purchase {SLOT}"),
        ("write to ada@example.org about it", "en", f"write to {SLOT} about it"),
        ("call +44 1632 960123 please", "en", f"call {SLOT} please"),
        ("order 48213 of 3 May 2026", "en", f"order {SLOT} of {SLOT}"),
        ("order 48213 of 2026-05-03 for $45.20", "en", f"order {SLOT} of {SLOT} for {SLOT}"),
        ("order 48213 at 10:30 pm", "en", f"order {SLOT} at {SLOT}"),
        ("order 48213 with 2 tents", "en", f"order {SLOT} with 2 tents"),
        ("Wo ist meine Bestellung Nr. 12345?", "de", f"Wo ist meine Bestellung Nr. {SLOT}?"),
        ("Ma commande n° 45123 du 3 mai", "fr", f"Ma commande n° {SLOT} du {SLOT}"),
        ("Где мой заказ № 48213?", "ru", f"Где мой заказ № {SLOT}?"),
        ("我的订单号12345678什么时候到？", "zh", f"我的订单号{SLOT}什么时候到？"),
        ("注文番号は12345です。", "ja", f"注文番号は{SLOT}です。"),
    ],
)
def test_what_belongs_to_a_case_is_a_slot(text: str, language: str, plain: str) -> None:
    assert slot_text(text, language) == (plain, True)


@pytest.mark.parametrize(
    "text",
    [
        "How many days are 5 weeks?",
        "What is 123456 * 98765432?",
        "A car costs 140000$ in 2023",
        "A city has 250000 inhabitants",
        "Which cable fits the P1102w?",
        "Her favourite number is 450",
        "I want to order 200 lamps",
        "What happened on July 4, 1776?",
        "Is the shop open at 10:30 on 24 December?",
        "Compare 802.11ac, Windows 11 and ISO-9001",
        "What is 5 percent of $45.20?",
        "case 12: solve it",
        "What is 5+12345678?",
    ],
)
def test_quantities_calculations_versions_and_products_stay(text: str) -> None:
    assert slot_text(text, "en") == (text, False)


def test_a_code_that_comes_back_is_a_name() -> None:
    texts = [f"Does the unit AX-2000-77 {what}?" for what in ("swim", "fly")]
    texts.append("What about BY-3111-22 then?")
    names = recurring_codes(pl.Series(texts))
    assert names == {"ax-2000-77"}
    assert slot_text(texts[0], "en", names).plain == texts[0]
    assert slot_text(texts[2], "en", names).plain == f"What about {SLOT} then?"


@given(st.text())
def test_any_text_can_be_read_and_without_digits_or_addresses_stays(text: str) -> None:
    slots = slot_text(text, "en")
    if not any(letter.isdigit() for letter in text) and "@" not in text and "www." not in text:
        assert slots.plain == text or "http" in text.lower()


@pytest.mark.parametrize(
    "text", ["a" * 50_000, "a-" * 25_000, "#" * 50_000, "1-" * 25_000, "a@" * 25_000]
)
def test_long_runs_are_read_in_linear_time(text: str) -> None:
    start = time.process_time()
    slot_text(f"order 48213 {text}", "en")
    assert time.process_time() - start < 5
