"""The words of contrasts.toml, as patterns that one pass over a text finds."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl

from pipeline.near_duplicates.guard.number_words import GAP, SCALES, NumberWords

TABLE = Path(__file__).with_name("contrasts.toml")

UNSPACED = frozenset({"zh", "ja"})
"""Languages written without spaces: their words are looked for inside of others."""

UNKNOWN = "und"
"""Short questions whose language nobody can tell: looked up in all spaced languages at once."""

APART = ("number", "numbers", "inner", "joint", "measure", "negation", "asking", "ignored")
"""Lines of a language that are no contrasts."""

VALUED = ("numbers", "inner")
"""Lines in which each word has its number before it."""


@dataclass(frozen=True)
class Lexicon:
    """What the words of one language say."""

    spaced: bool
    hits: pl.DataFrame
    """`pattern, line, side`: words of a contrast or a negation; side is null in a phrase that is to
    be passed over."""
    numbers: NumberWords
    scales: dict[str, int]
    """Words that multiply a number in digits before them (`2 million`)."""


def find(text: pl.Series, words: pl.DataFrame) -> pl.DataFrame:
    """Where the patterns of `words` stand in texts made by `plain`: `row` and words' columns.

    Of patterns that begin at one place the longest counts, and what it covers is covered.
    """
    patterns = words["pattern"].unique().to_list()
    longest_first = sorted(patterns, key=lambda pattern: (-len(pattern), pattern))
    found = text.str.extract_many(longest_first, leftmost=True)
    rows = pl.DataFrame({"pattern": found}).with_row_index("row").explode("pattern").drop_nulls()
    return rows.join(words, on="pattern").drop_nulls()


def plain(text: pl.Series, *, spaced: bool) -> pl.Series:
    """Small letters without accents, numbers as 0, and `GAP` between words of spaced languages."""
    lower = text.str.to_lowercase()
    if not spaced:
        return lower.str.normalize("NFKC").str.replace_all(r"\d+", "0")
    letters = lower.str.normalize("NFKD").str.replace_all(r"\p{Mn}+", "")
    said = letters.str.replace_all(r"n['’`´]t\b", " not").str.replace_all(r"\d+", " 0 ")
    return " " + said.str.replace_all(r"[^\p{L}0%$€£¥₹₽₩°]+", GAP).str.strip_chars() + " "


@cache
def contrasts() -> dict[str, tuple[str, ...]]:
    """The contrasts by name, each with the names of its sides."""
    named = _file()["sides"]
    return {name: tuple(_cells(sides)) for name, sides in named.items() if name not in APART}


@cache
def languages() -> frozenset[str]:
    """The languages that the table knows (ISO 639-1)."""
    return frozenset(_file()) - {"sides"}


@cache
def lexicon(language: str) -> Lexicon | None:
    """The lexicon of a language of the table or of `UNKNOWN`; None for all others."""
    if language not in languages() | {UNKNOWN}:
        return None
    spaced = language not in UNSPACED
    members = sorted(languages() - UNSPACED) if language == UNKNOWN else [language]
    words = pl.concat([_words(_file()[member], spaced) for member in members])
    passed = words.filter(line="ignored").with_columns(side=pl.lit(None, pl.Int64))
    hits = _with_inner(words.filter(pl.col("line").is_in([*contrasts(), "negation", "asking"])))
    scales = {word: value for member in members for word, value in _scales(_file()[member])}
    return Lexicon(spaced, pl.concat([hits, passed]), _numbers(words, spaced), scales)


@cache
def _file() -> dict[str, dict[str, str]]:
    return tomllib.loads(TABLE.read_text("utf-8"))


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]


def _entries(lines: dict[str, str]) -> Iterator[tuple[str, str, int]]:
    """Each word with its line and its side, or its number in lines of any number."""
    for line, cells in lines.items():
        for side, cell in enumerate(_cells(cells)):
            for word in filter(None, map(str.strip, cell.split(","))):
                if line in VALUED:
                    value, _, said = word.partition(" ")
                    yield said, line, int(value)
                else:
                    yield word, line, side


def _words(lines: dict[str, str], spaced: bool) -> pl.DataFrame:
    """The words of a language: `pattern, line, side`; `*` at a word's end is any ending."""
    schema = {"word": pl.String, "line": pl.String, "side": pl.Int64}
    words = pl.DataFrame(list(_entries(lines)), schema=schema, orient="row")
    whole = plain(words["word"].str.strip_chars_end("*"), spaced=spaced)
    begin = whole.str.strip_chars_end()
    stem = words["word"].str.ends_with("*")
    return words.select(pl.Series("pattern", begin.zip_with(stem, whole)), "line", "side").unique()


def _with_inner(words: pl.DataFrame) -> pl.DataFrame:
    """A phrase says also what words in it say of other contrasts: the week in "last week"."""
    phrases = words.filter(pl.col("pattern").str.strip_chars().str.contains(GAP))
    inner = find(phrases["pattern"], words.join(phrases, on="pattern", how="anti"))
    whole = phrases.with_row_index("row").select("row", whole="pattern", of="line")
    said = inner.join(whole, on="row").filter(pl.col("line").is_in([*contrasts(), "negation"]))
    other = said.filter(pl.col("line") != pl.col("of"))
    return pl.concat([words, other.select("line", "side", pattern="whole").select(words.columns)])


def _numbers(words: pl.DataFrame, spaced: bool) -> NumberWords:
    """The number words among the words of one language, or of several."""
    names = _cells(_file()["sides"]["number"])
    said: dict[str, dict[str, int]] = {line: {} for line in APART}
    for word, line, side in words.filter(pl.col("line").is_in(APART)).iter_rows():
        said[line][word.strip()] = side
    numbers = {word: names[side] for word, side in said["number"].items()}
    signs = {word: sign for word, sign in numbers.items() if not sign.isdigit()}
    alone = {word: int(number) for word, number in numbers.items() if word not in signs}
    alone |= said["numbers"]
    values = said["inner"] | alone
    half = " " if spaced else ""
    phrases = [word for word, line, _ in words.rows() if line == "ignored"]
    return NumberWords(
        spaced,
        values,
        inner=frozenset(word for word in values if alone.get(word, 1) == 1),
        signs=signs,
        joints=(_joints(words, 0), _joints(words, 1)),
        passed=frozenset(
            phrase for phrase in phrases if any(half + word + half in phrase for word in values)
        ),
        measures=frozenset(said["measure"]),
    )


def _joints(words: pl.DataFrame, side: int) -> frozenset[str]:
    return frozenset(words.filter(line="joint", side=side)["pattern"].str.strip_chars())


def _scales(lines: dict[str, str]) -> Iterator[tuple[str, int]]:
    """The words of a language that multiply digits before them, with accents and without."""
    names = _cells(_file()["sides"]["number"])
    for word, line, side in _entries(lines):
        if line == "number" and names[side].isdigit() and int(names[side]) in SCALES:
            bare = plain(pl.Series([word]), spaced=True).item().strip().replace(GAP, " ")
            yield from ((spelling, int(names[side])) for spelling in (word.lower(), bare))
