"""The words of contrasts.toml, as patterns that are found in one pass over a text."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl

from pipeline.near_duplicates.guard.number_words import GAP, SCALES, NumberWords

TABLE = Path(__file__).with_name("contrasts.toml")

UNSPACED_LANGUAGES = frozenset({"zh", "ja"})
"""Languages without spaces between words: a word is looked for anywhere in the text."""

UNKNOWN = "und"
"""The language of short questions that nobody can tell: the words of all languages with spaces are
looked for."""

NOT_CONTRASTS = ("number", "numbers", "inner", "joint", "measure", "negation", "asking", "ignored")
"""Lines of a language in the table that are not contrasts."""

UNITS = ("time", "length", "area", "weight", "volume", "data", "temperature", "currency")
"""Lines of units, which may stand behind digits without a gap."""

VALUED = ("numbers", "inner")
"""Lines in which each word follows the number that it stands for."""


@dataclass(frozen=True)
class Lexicon:
    """The words of one language."""

    spaced: bool
    """Whether the language puts spaces between words."""
    patterns: pl.DataFrame
    """`pattern, line, side`: the words of contrasts and of negation, each with its line in the
    table and the number of its side; the side of a phrase that is to be passed over is null."""
    numbers: NumberWords
    scales: dict[str, int]
    """Words that multiply a number in digits before them (`2 million`)."""


def find_words(text: pl.Series, words: pl.DataFrame) -> pl.DataFrame:
    """Find the patterns of `words` in texts made by `plain_words`: `row`, and the words' columns.

    Of patterns that begin at one place the longest counts, and no other is found within it.
    """
    patterns = words["pattern"].unique().to_list()
    longest_first = sorted(patterns, key=lambda pattern: (-len(pattern), pattern))
    matches = text.str.extract_many(longest_first, leftmost=True)
    rows = pl.DataFrame({"pattern": matches}).with_row_index("row").explode("pattern").drop_nulls()
    return rows.join(words, on="pattern").drop_nulls()


def plain_words(text: pl.Series, *, spaced: bool) -> pl.Series:
    """Texts in lower case, with every number as 0.

    Where the language puts spaces between words, also without accents and with `GAP` between words.
    """
    lower = text.str.to_lowercase()
    if not spaced:
        return lower.str.normalize("NFKC").str.replace_all(r"\d+", "0")
    letters = lower.str.normalize("NFKD").str.replace_all(r"\p{Mn}+", "")
    parted = letters.str.replace_all(r"n['’`´]t\b", " not").str.replace_all(r"\d+", " 0 ")
    return " " + parted.str.replace_all(r"[^\p{L}0%$€£¥₹₽₩°]+", GAP).str.strip_chars() + " "


@cache
def contrasts() -> dict[str, tuple[str, ...]]:
    """The contrasts by name, each with the names of its sides."""
    sides = _table()["sides"]
    return {name: tuple(_cells(line)) for name, line in sides.items() if name not in NOT_CONTRASTS}


@cache
def units(language: str) -> frozenset[str]:
    """The words for units and currencies of a language; of all for one that has no table."""
    if language not in languages() | {UNKNOWN}:
        return units(UNKNOWN)
    return frozenset(word for line in UNITS for word in words_of_line(language, line))


@cache
def languages() -> frozenset[str]:
    """The languages that the table knows (ISO 639-1)."""
    return frozenset(_table()) - {"sides"}


@cache
def lexicon(language: str) -> Lexicon | None:
    """The lexicon of a language of the table or of `UNKNOWN`; None for all others."""
    if language not in languages() | {UNKNOWN}:
        return None
    spaced = language not in UNSPACED_LANGUAGES
    members = sorted(languages() - UNSPACED_LANGUAGES) if language == UNKNOWN else [language]
    words = pl.concat([_words(_table()[member], spaced) for member in members])
    passed = words.filter(line="ignored").with_columns(side=pl.lit(None, pl.Int64))
    found = _with_inner(words.filter(pl.col("line").is_in([*contrasts(), "negation", "asking"])))
    scales = {word: value for member in members for word, value in _scales(_table()[member])}
    return Lexicon(spaced, pl.concat([found, passed]), _numbers(words, spaced), scales)


def words_of_line(language: str, line: str) -> list[str]:
    """The single words of one line of a language's table, as they are written, the longest first.

    For a language that the table does not have, those of all languages.
    """
    members = [language] if language in languages() else sorted(languages())
    entries = (entry for member in members for entry in _entries(_table()[member]))
    words = {word.rstrip("*") for word, name, _ in entries if name == line and " " not in word}
    return sorted(words, key=lambda word: (-len(word), word))


@cache
def _table() -> dict[str, dict[str, str]]:
    return tomllib.loads(TABLE.read_text("utf-8"))


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]


def _entries(lines: dict[str, str]) -> Iterator[tuple[str, str, int]]:
    """Each word with its line and its side, or with its number in the lines of `VALUED`."""
    for line, cells in lines.items():
        for side, cell in enumerate(_cells(cells)):
            for word in filter(None, map(str.strip, cell.split(","))):
                if line in VALUED:
                    value, _, name = word.partition(" ")
                    yield name, line, int(value)
                else:
                    yield word, line, side


def _words(lines: dict[str, str], spaced: bool) -> pl.DataFrame:
    """The words of a language (`pattern, line, side`); a `*` at the end stands for any ending."""
    schema = {"word": pl.String, "line": pl.String, "side": pl.Int64}
    words = pl.DataFrame(list(_entries(lines)), schema=schema, orient="row")
    whole = plain_words(words["word"].str.strip_chars_end("*"), spaced=spaced)
    beginning = whole.str.strip_chars_end()
    stem = words["word"].str.ends_with("*")
    return words.select(
        pl.Series("pattern", beginning.zip_with(stem, whole)), "line", "side"
    ).unique()


def _with_inner(words: pl.DataFrame) -> pl.DataFrame:
    """Add to a phrase what its words mean in other contrasts: the week in "last week"."""
    phrases = words.filter(pl.col("pattern").str.strip_chars().str.contains(GAP))
    inner = find_words(phrases["pattern"], words.join(phrases, on="pattern", how="anti"))
    numbered = phrases.with_row_index("row").select("row", phrase="pattern", phrase_line="line")
    inner = inner.join(numbered, on="row").filter(
        pl.col("line").is_in([*contrasts(), "negation"]), pl.col("line") != pl.col("phrase_line")
    )
    return pl.concat([words, inner.select(pattern="phrase", line="line", side="side")])


def _numbers(words: pl.DataFrame, spaced: bool) -> NumberWords:
    """The number words among the words of one language, or of several."""
    names = _cells(_table()["sides"]["number"])
    lines: dict[str, dict[str, int]] = {line: {} for line in NOT_CONTRASTS}
    for word, line, side in words.filter(pl.col("line").is_in(NOT_CONTRASTS)).iter_rows():
        lines[line][word.strip()] = side
    numbers = {word: names[side] for word, side in lines["number"].items()}
    signs = {word: sign for word, sign in numbers.items() if not sign.isdigit()}
    alone = {word: int(number) for word, number in numbers.items() if word not in signs}
    alone |= lines["numbers"]
    values = lines["inner"] | alone
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
        measures=frozenset(lines["measure"]),
    )


def _joints(words: pl.DataFrame, side: int) -> frozenset[str]:
    return frozenset(words.filter(line="joint", side=side)["pattern"].str.strip_chars())


def _scales(lines: dict[str, str]) -> Iterator[tuple[str, int]]:
    """The words of a language that multiply digits before them, with accents and without."""
    names = _cells(_table()["sides"]["number"])
    for word, line, side in _entries(lines):
        if line == "number" and names[side].isdigit() and int(names[side]) in SCALES:
            without_accents = (
                plain_words(pl.Series([word]), spaced=True).item().strip().replace(GAP, " ")
            )
            yield from (
                (spelling, int(names[side])) for spelling in (word.lower(), without_accents)
            )
