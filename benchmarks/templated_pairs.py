"""Pairs of requests by templates: one part changed, or only the wording; `templated_pairs.toml`.

"How can I export a calendar at home?" and "How can I reset a calendar at home?" ask for different
things; "Please tell me how I can export a calendar at home." asks for the same as the first.
"""

import random
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PARTS = ("verb", "object", "place")
"""What may change in a pair that asks for different things."""

WORDING = "wording"
"""What changes in a pair that asks for the same."""

Table = dict[str, list[str]]
"""The lists of one language: verbs, objects, places, wordings."""


class TemplatedPair(NamedTuple):
    """Two requests of one language, and the one part in which they differ."""

    language: str
    changed: str
    one: str
    other: str


def templated_pairs(count: int, seed: int = 0) -> Iterator[TemplatedPair]:
    """For each language and part `count` different pairs, or all that there are; repeatable."""
    text = Path(__file__).with_suffix(".toml").read_text("utf-8")
    for language, table in tomllib.loads(text).items():
        for changed in (*PARTS, WORDING):
            rng = random.Random(f"{seed} {language} {changed}")
            pairs = sorted(set(_all_pairs(language, changed, table)))
            yield from rng.sample(pairs, min(count, len(pairs)))


def _all_pairs(language: str, changed: str, table: Table) -> Iterator[TemplatedPair]:
    names = (*PARTS, WORDING)
    others = [name for name in names if name != changed]
    choices: list[dict[str, str]] = [{}]
    for name in others:
        choices = [{**choice, name: word} for choice in choices for word in table[f"{name}s"]]
    words = table[f"{changed}s"]
    for choice in choices:
        for place, one in enumerate(words):
            for other in words[place + 1 :]:
                texts = [_request(choice | {changed: word}) for word in (one, other)]
                yield TemplatedPair(language, changed, *texts)


def _request(parts: dict[str, str]) -> str:
    text = parts[WORDING].format(**{name: parts[name] for name in PARTS})
    return text[0].upper() + text[1:]
