"""The words of contrasts.toml, as patterns that one pass over a text finds."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

import polars as pl

TABLE = Path(__file__).with_name("contrasts.toml")

UNSPACED = frozenset({"zh", "ja"})
"""Languages written without spaces: their words are looked for inside of others."""

UNKNOWN = "und"
"""Short questions whose language nobody can tell: looked up in all spaced languages at once."""

APART = ("number", "negation", "ignored", "measure")
"""Lines of a language that are no contrasts."""

GAP = "  "
"""Between two words, and one half at each end: so ` a ` and ` b ` are both found in ` a  b `."""


@dataclass(frozen=True)
class Lexicon:
    """What the words of one language say."""

    spaced: bool
    hits: pl.DataFrame
    """`pattern, contrast, side`: a word of a contrast; contrast and side are null where a phrase is
    to be passed over."""
    numbers: pl.DataFrame
    """`pattern, value`: a number in words; value is null where a phrase is to be passed over."""
    scales: dict[str, int]
    """Words that multiply a number in digits before them (`2 million`)."""

    def find(self, text: pl.Series, words: pl.DataFrame) -> pl.DataFrame:
        """Where in texts (made by `plain`) `words` stand: `row` and the columns of `words`."""
        patterns = words["pattern"].unique().to_list()
        longest_first = sorted(patterns, key=lambda pattern: (-len(pattern), pattern))
        if not patterns:
            return words.clear().with_columns(row=pl.lit(0, pl.UInt32))
        found = text.str.extract_many(longest_first, leftmost=True)
        rows = pl.DataFrame({"pattern": found}).with_row_index("row").explode("pattern")
        return rows.drop_nulls().join(words, on="pattern").drop_nulls()


def plain(text: pl.Series, *, spaced: bool) -> pl.Series:
    """Small letters without accents, numbers as 0, and `GAP` between words of spaced languages."""
    lower = text.str.to_lowercase()
    if not spaced:
        return lower.str.normalize("NFKC").str.replace_all(r"\d+", "0")
    letters = lower.str.normalize("NFKD").str.replace_all(r"\p{Mn}+", "")
    said = letters.str.replace_all(r"n['’]t\b", " not").str.replace_all(r"\d+", " 0 ")
    return " " + said.str.replace_all(r"[^\p{L}0%$€£¥₹₽₩°]+", GAP) + " "


@cache
def contrasts() -> dict[str, list[str]]:
    """The contrasts by name, each with the names of its sides."""
    named = _file()["sides"]
    return {name: _cells(sides) for name, sides in named.items() if name not in APART}


@cache
def lexicons() -> dict[str, Lexicon]:
    """The lexicon of each language of the table, and of `UNKNOWN`."""
    languages = {code: lines for code, lines in _file().items() if code != "sides"}
    found = {code: _lexicon([lines], code not in UNSPACED) for code, lines in languages.items()}
    spaced = [lines for code, lines in languages.items() if code not in UNSPACED]
    return {**found, UNKNOWN: _lexicon(spaced, spaced=True)}


@cache
def _file() -> dict[str, dict[str, str]]:
    return tomllib.loads(TABLE.read_text("utf-8"))


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]


def _lexicon(languages: list[dict[str, str]], spaced: bool) -> Lexicon:
    hits: set[tuple[str, str | None, int | None]] = set()
    numbers: set[tuple[str, str | None]] = set()
    scales: dict[str, int] = {}
    for lines in languages:
        passed = {word for words in _sides(lines, "ignored", spaced) for word in words}
        hits |= {(pattern, None, None) for pattern in passed}
        numbers |= {(pattern, None) for pattern in passed}
        for contrast in (*contrasts(), "negation"):
            for side, words in enumerate(_sides(lines, contrast, spaced)):
                hits |= {(pattern, contrast, side) for pattern in words}
        values = _values(lines, spaced)
        numbers |= set(_compounds(values, _sides(lines, "measure", spaced)[0], spaced))
        scales |= {w.strip(): int(v) for w, v in values.items() if v.isdigit() and int(v) >= 100}
    text = pl.String()
    return Lexicon(
        spaced=spaced,
        hits=pl.DataFrame(
            sorted(hits, key=str),
            schema={"pattern": text, "contrast": text, "side": pl.Int64()},
            orient="row",
        ),
        numbers=pl.DataFrame(
            sorted(numbers, key=str), schema={"pattern": text, "value": text}, orient="row"
        ),
        scales=scales,
    )


def _sides(lines: dict[str, str], name: str, spaced: bool) -> list[list[str]]:
    """The patterns of each side of a line; `*` at the end of a word stands for any ending."""
    return [
        [_pattern(word.strip(), spaced) for word in cell.split(",") if word.strip()]
        for cell in _cells(lines.get(name, ""))
    ]


def _pattern(word: str, spaced: bool) -> str:
    pattern = str(plain(pl.Series([word.rstrip("*")]), spaced=spaced).item())
    return pattern.rstrip() if word.endswith("*") else pattern


def _values(lines: dict[str, str], spaced: bool) -> dict[str, str]:
    """The number words of a language and what they say."""
    values = _cells(_file()["sides"]["number"])
    words = _sides(lines, "number", spaced)
    return {word: value for value, side in zip(values, words, strict=False) for word in side}


def _compounds(
    values: dict[str, str], measures: list[str], spaced: bool
) -> Iterator[tuple[str, str | None]]:
    """Patterns of `two`, `twenty two`, `two hundred`, and of `0 hundred`, which is in digits.

    A one alone is no number ("one of them"). Without spaces a number needs its measure word: the
    three of 三明治, a sandwich, is none.
    """
    amounts = {word: int(value) for word, value in values.items() if value.isdigit()}
    small = {word: value for word, value in amounts.items() if value < 100}
    pairs = {word: value for word, value in amounts.items() if value > 1}
    for (left, tens), (right, unit) in product(small.items(), small.items()):
        if tens >= 20 and unit < 10:
            pairs[left + right] = tens + unit
    scales = {word: value for word, value in amounts.items() if value >= 100}
    below = {**small, **{word: value for word, value in pairs.items() if value < 100}}
    for (left, value), (right, scale) in product(below.items(), scales.items()):
        pairs[left + right] = value * scale
    for word, value in pairs.items():
        for measure in measures or [""]:
            yield word + measure, str(value)
    for word in scales:
        yield (" 0 " if spaced else "0") + word, None
    yield from ((word, value) for word, value in values.items() if not value.isdigit())
