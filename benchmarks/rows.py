"""Rows to measure with: written by templates, so that any number of them costs nothing to keep.

As dirty as real files: of a thousand rows some repeat, some are short, empty, or no JSON.
"""

import json
import random
from pathlib import Path

THINGS = "parcel invoice tent rucksack stove lamp refund voucher account order label".split()
DEEDS = "return track cancel repair exchange pay collect change find confirm insure gift".split()
WHEN = "today|by Friday|before my holiday|after the weekend|this month|as soon as I can".split("|")
STEPS = (
    "open your account and choose the order",
    "print the label and stick it on the box",
    "bring it to the nearest shop",
    "write to us with the number on the receipt",
    "wait for the message that confirms it",
    "check the address on the second page",
    "choose how you would like your money back",
)


def write_rows(path: Path, count: int, seed: int = 0) -> None:
    """Write `count` rows of OpenAI messages as JSON Lines, about 450 bytes each."""
    rng = random.Random(seed)
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            file.write(_line(rng, number) + "\n")


def _line(rng: random.Random, number: int) -> str:
    thing, deed, when = rng.choice(THINGS), rng.choice(DEEDS), rng.choice(WHEN)
    question = f"Case {number}: how can I {deed} the {thing} that I ordered, {when}?"
    steps = rng.sample(STEPS, rng.randint(3, 6))
    answer = (
        f"For your {thing}, please {'; then '.join(steps)}. We are glad to help, {when} or later."
    )
    luck = rng.random()
    if luck < 0.01:
        return '{"messages": [{"role": "user", "content": "cut'
    if luck < 0.02:
        answer = ""
    elif luck < 0.05:
        answer = "Ok."
    elif luck < 0.08:
        question = f"How can I {deed} the {thing} {when}?"
    turns = [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
    return json.dumps({"messages": turns, "domain": "support"}, ensure_ascii=False)
