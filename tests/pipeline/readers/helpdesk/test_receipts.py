"""What machines send goes, whatever its language; what many customers are answered stays."""

import random
from collections import Counter
from typing import Any

import pytest

from pipeline.readers import GroupedRows, Row
from pipeline.readers.candidate import Candidate
from pipeline.readers.helpdesk import group_export

RECEIPTS = [
    "Thank you for writing to Tonkrug. We have your request (#{n}) and answer within 24 hours.",
    "Hi {name}, thanks for writing in! Our team is on it and will be back with you soon.",
    "Bedankt voor uw bericht, {name}. Wij nemen binnen {k} werkdagen contact met u op.",
    'Olá {name}! Temos a sua mensagem sobre "{subject}" e respondemos em breve.',
    "Grazie {name} per averci scritto. La sua richiesta {n} è stata presa in carico.",
    "Talebiniz ({n}) alınmıştır. En kısa sürede size dönüş yapacağız.",
    "您好，您的请求 {n} 已收到，我们会尽快回复您。",
    "Здравствуйте, {name}! Ваше обращение {n} записано, ожидайте ответа.",
    "Vi har öppet vardagar 9-17. Just nu är kontoret stängt och vi svarar på måndag.",
]
CLOSINGS = [
    "As you have not written for {k} days, ticket {n} was closed.",
    "How did we do? Please rate us from 1 to 5.",
]
NAMES = ["Ann", "Bob", "Cleo", "Dan", "Eva", "Finn", "Gus", "Hana", "Ivo", "Jo", "Kai", "Lea"]
ANSWERS = {
    "How do I reset my kiln": "Hold the button for ten seconds until the lamp blinks, let go.",
    "I want a refund for my mug": "You can send it back within a month, the label is enclosed.",
    "Where can I find my invoice": "The invoice is in your account, under orders, at the right.",
    "Do you ship to Norway": "Yes, we ship there for 12 euros, it takes five to seven days.",
}
FILL = ["please", "today", "urgent", "again", "kitchen", "office", "green", "old", "new", "cold"]


def conversation(
    rng: random.Random, number: int, shares: dict[str, float], questions: list[str]
) -> list[tuple[str, str, float, str]]:
    """Side, text, minute and kind of each message of one ticket."""
    name, question = rng.choice(NAMES), rng.choice(questions)
    cells = {"name": name, "n": number * 7, "k": rng.randrange(2, 9), "subject": question[:18]}
    said = [("end-user", f"{question}, {' '.join(rng.sample(FILL, 3))}?", 0.0, "")]
    if rng.random() < shares.get("receipt", 0.8):
        said.append(("agent", rng.choice(RECEIPTS).format(**cells), 0.2, "automatic"))
    if rng.random() < shares.get("answer", 0.85):
        own = f" In your case {number}: {' '.join(rng.sample(FILL, 3))}."
        answer = ANSWERS[question] + own * (rng.random() > shares.get("canned", 0.6))
        said.append(("agent", answer, 30.0, "answer"))
        if rng.random() < shares.get("more", 0.3):
            said.append(("end-user", f"Thanks, {rng.choice(FILL)} then?", 60.0, ""))
            said.append(("agent", f"Yes, {rng.choice(FILL)} {number}.", 70.0, "answer"))
        if rng.random() < shares.get("closing", 0.3):
            said.append(("agent", rng.choice(CLOSINGS).format(**cells), 900.0, "automatic"))
    return said


def measure(
    count: int, *, is_dated: bool = True, questions: int = len(ANSWERS), **shares: float
) -> tuple[list[str], list[str], int]:
    """The automatic messages that stay, the answers that are lost, and how many were cut."""
    rng, rows, kinds = random.Random(count), list[dict[str, Any]](), list[Any]()
    for number in range(1, count + 1):
        for side, text, minute, kind in conversation(
            rng, number, shares, list(ANSWERS)[:questions]
        ):
            time = {"created_at": 1709280000 + number * 60000 + int(minute * 60)}
            row = {"ticket_id": number, "author_role": side, "body": text}
            rows.append(row | (time if is_dated else {}))
            kinds.append((number, kind, text))
    cuts, lines = Counter[str](), dict[int, list[str]]()
    for talk in group_export(iter(Row(n, row) for n, row in enumerate(rows)), cuts)[0]:
        assert isinstance(talk, GroupedRows)
        [candidate] = talk.candidates
        assert isinstance(candidate, Candidate)
        said = [turn["content"] for turn in candidate.turns if turn["role"] == "assistant"]
        lines[rows[talk.line]["ticket_id"]] = "\n".join(said).split("\n")
    stay = [text for n, kind, text in kinds if kind == "automatic" and text in lines[n]]
    lost = [text for n, kind, text in kinds if kind == "answer" and text not in lines[n]]
    return stay, lost, cuts["automatic note"]


EXPORTS: dict[str, dict[str, Any]] = {
    "receipts, answers, closing notes": {},
    "all answers are templates": {"canned": 1},
    "one question and one answer": {"canned": 1, "questions": 1},
    "closing notes nearly everywhere": {"canned": 1, "closing": 0.9, "more": 0},
    "one answer, closing notes": {"canned": 1, "questions": 1, "closing": 0.9, "more": 0},
    "closing notes alone": {"receipt": 0, "canned": 1, "closing": 0.6, "more": 0},
    "templates alone": {"receipt": 0, "canned": 1, "closing": 0},
    "one template alone": {"receipt": 0, "canned": 1, "closing": 0, "questions": 1},
    "most tickets have nothing but a receipt": {"answer": 0.2},
}


@pytest.mark.parametrize("is_dated", [True, False])
@pytest.mark.parametrize("shares", EXPORTS.values(), ids=EXPORTS)
def test_receipts_and_closing_notes_go_and_answers_stay(
    shares: dict[str, Any], is_dated: bool
) -> None:
    stay, lost, cut = measure(2000, is_dated=is_dated, **shares)
    assert (stay, lost) == ([], [])
    assert cut or not (shares.get("receipt", 1) or shares.get("closing", 1))


def test_a_small_export_loses_no_answer() -> None:
    for count in range(1, 40):
        assert measure(count)[1] == []


def test_who_only_ever_writes_at_once_before_others_is_a_machine() -> None:
    rows = []
    for n in range(6):
        start = 1709280000 + n * 9000
        words = ["", "alpha beta", "gamma", "delta and so on", "epsilon zeta eta", "theta", "iota"]
        for side, name, text, delay in (
            ("end-user", "Jo", f"How do I do {n}?", 0),
            ("agent", "Tonkrug", f"Noted: {words[n + 1]}.", 5),
            ("agent", "Kim", f"Do it so: {words[n]}, {n}.", 3000),
        ):
            rows.append({"ticket_id": n, "role": side, "author": name, "text": text})
            rows[-1]["created_at"] = start + delay
    cuts = Counter[str]()
    list(group_export(iter(Row(n, row) for n, row in enumerate(rows)), cuts)[0])
    assert cuts == {"automatic note": 6}


@pytest.mark.parametrize("name", ["Help Bot", "noreply@tonkrug.example", "Tonkrug"])
def test_one_answer_behind_receipts_of_a_machine_stays(name: str) -> None:
    words = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta"]
    rows = [
        {"ticket_id": n, "role": side, "author": who, "text": text, "created_at": n * 9000 + time}
        for n, word in enumerate(words)
        for side, who, text, time in (
            ("end-user", "Jo", f"How do I reset my kiln {n}?", 1709280000),
            ("agent", name, f"Noted, {word} {word}.", 1709280060),
            ("agent", "Kim", f"Hold the button until lamp {n} blinks, let it go.", 1709283600),
        )
    ]
    cuts = Counter[str]()
    for talk in group_export(iter(Row(n, row) for n, row in enumerate(rows)), cuts)[0]:
        assert isinstance(talk, GroupedRows)
        [candidate] = talk.candidates
        assert isinstance(candidate, Candidate)
        assert [turn["role"] for turn in candidate.turns] == ["user", "assistant"]
        assert candidate.turns[1]["content"].startswith("Hold the button")
    assert cuts == {"automatic note": 7}
