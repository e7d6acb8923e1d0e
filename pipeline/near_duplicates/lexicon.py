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

APART = ("number", "measure", "negation", "asking", "ignored")
"""Lines of a language that are no contrasts."""

GAP = "  "
"""Between two words, and one half at each end: so ` a ` and ` b ` are both found in ` a  b `."""


@dataclass(frozen=True)
class Lexicon:
    """What the words of one language say."""

    spaced: bool
    hits: pl.DataFrame
    """`pattern, line, side`: words of a contrast or a negation; side is null in a phrase that is to
    be passed over."""
    numbers: pl.DataFrame
    """`pattern, value`: a number in words; value is null in a phrase that is to be passed over."""
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
    numbers = [_numbers(_words(_file()[member], spaced), spaced) for member in members]
    hits = _with_inner(words.filter(pl.col("line").is_in([*contrasts(), "negation", "asking"])))
    spelled = pl.concat([*numbers, passed.select("pattern", value=pl.lit(None, pl.String))])
    return Lexicon(spaced, pl.concat([hits, passed]), spelled.unique(), _scales(words))


@cache
def _file() -> dict[str, dict[str, str]]:
    return tomllib.loads(TABLE.read_text("utf-8"))


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]


def _words(lines: dict[str, str], spaced: bool) -> pl.DataFrame:
    """The words of a language: `pattern, line, side`; `*` at a word's end is any ending."""
    rows = [
        (word.strip(), line, side)
        for line, cells in lines.items()
        for side, cell in enumerate(_cells(cells))
        for word in cell.split(",")
        if word.strip()
    ]
    schema = {"word": pl.String, "line": pl.String, "side": pl.Int64}
    words = pl.DataFrame(rows, schema=schema, orient="row")
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


def _values(words: pl.DataFrame) -> dict[str, str]:
    """The number words among words, and the numbers as [sides] names them."""
    names = _cells(_file()["sides"]["number"])
    numbers = words.filter(line="number")
    return {word: names[side] for word, side in numbers.select("pattern", "side").iter_rows()}


def _scales(words: pl.DataFrame) -> dict[str, int]:
    amounts = {word: int(value) for word, value in _values(words).items() if value.isdigit()}
    return {word.strip(): value for word, value in amounts.items() if value >= 100}


def _numbers(words: pl.DataFrame, spaced: bool) -> pl.DataFrame:
    """All numbers in words of one language: `pattern, value`."""
    measures = words.filter(line="measure")["pattern"].to_list()
    rows = list(_spelled(_values(words), measures, " 0 " if spaced else "0"))
    return pl.DataFrame(rows, schema={"pattern": pl.String, "value": pl.String}, orient="row")


def _spelled(
    values: dict[str, str], measures: list[str], digits: str
) -> Iterator[tuple[str, str | None]]:
    """Patterns of `two`, `twenty two`, `two hundred`, and of `0 hundred`, which is in digits.

    A one alone is no number ("one of them"). Without spaces a number needs its measure word: the
    three of 三明治, a sandwich, is none.
    """
    amounts = {word: int(value) for word, value in values.items() if value.isdigit()}
    small = {word: value for word, value in amounts.items() if value < 100}
    scales = {word: value for word, value in amounts.items() if value >= 100}
    for (left, tens), (right, unit) in product(list(small.items()), amounts.items()):
        if tens >= 20 and unit < 10:
            small[left + right] = tens + unit
    numbers = {word: value for word, value in {**small, **scales}.items() if value > 1}
    for (left, value), (right, scale) in product(small.items(), scales.items()):
        numbers[left + right] = value * scale
    for (word, value), measure in product(numbers.items(), measures or [""]):
        yield word + measure, str(value)
    yield from ((digits + word, None) for word in scales)
    yield from ((word, value) for word, value in values.items() if not value.isdigit())
