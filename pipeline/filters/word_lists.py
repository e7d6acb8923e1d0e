"""The words and phrases that filters look for, by language, from the TOML files in `words/`.

They are data, so that somebody who speaks a language can mend them without reading code. The top
of `words/README.md` says how a file is written.
"""

import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pydantic import TypeAdapter, ValidationError

from pipeline.cache import fingerprint

WORDS_FOLDER = Path(__file__).with_name("words")

_UNSPACED = frozenset({"ar", "fa", "hi", "ja", "ko", "zh"})
"""Languages whose words are found inside of others too: they are written without spaces or with
attached particles, or `\\b` sees a boundary in the middle of their words."""

_FILE = TypeAdapter(dict[str, dict[str, str | list[str]]])


class WordList(NamedTuple):
    """One list of words in all its languages. A word is a regular expression without flags."""

    spaced: tuple[str, ...]
    unspaced: tuple[str, ...]
    """Words of `_UNSPACED` languages."""

    @property
    def words(self) -> tuple[str, ...]:
        """The words of all languages."""
        return self.spaced + self.unspaced

    @property
    def anywhere(self) -> str:
        """A pattern of the words, which may be parts of longer ones."""
        return "|".join(self.words)

    @property
    def whole(self) -> str:
        """A pattern of the words, whole in languages with spaces and anywhere in the others."""
        return self._bounded(rf"\b(?:{'|'.join(self.spaced)})\b")

    @property
    def beginnings(self) -> str:
        """A pattern of the words as beginnings of words in languages with spaces."""
        return self._bounded(rf"\b(?:{'|'.join(self.spaced)})")

    def _bounded(self, spaced: str) -> str:
        return "|".join([*([spaced] if self.spaced else []), *self.unspaced])


def word_files() -> list[Path]:
    """Every file of words, in order of name."""
    return sorted(WORDS_FOLDER.glob("*.toml"))


def words_fingerprint() -> str:
    """A hash of all words: verdicts depend on them."""
    return fingerprint(word_files())


@cache
def word_list(file: str, name: str) -> WordList:
    """The list `name` of `words/<file>.toml` in all its languages.

    Raises:
        KeyError: the file declares no such list; ValueError: see `read_words`.
    """
    tables = _tables(file)
    spaced: dict[str, None] = {}
    unspaced: dict[str, None] = {}
    for language, lists in tables.items():
        kind = unspaced if language in _UNSPACED else spaced
        kind.update(dict.fromkeys(lists[name]))
    return WordList(tuple(spaced), tuple(unspaced))


@cache
def whole_words(file: str, name: str) -> re.Pattern[str]:
    """What finds a word of a list, whole and in any case."""
    return re.compile(f"(?i){word_list(file, name).whole}")


@cache
def _tables(file: str) -> dict[str, dict[str, list[str]]]:
    return read_words(WORDS_FOLDER / f"{file}.toml")


def read_words(path: Path) -> dict[str, dict[str, list[str]]]:
    """Every list of every language of a file; a list that a language lacks is empty.

    Raises:
        ValueError: it is not valid TOML, has no `[lists]`, or a language has a list that `[lists]`
            does not name, holds an empty word, or holds a word twice.
    """
    try:
        tables = _FILE.validate_python(tomllib.loads(path.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise ValueError(f"{path.name}: {error}") from None
    declared = tables.pop("lists", {})
    languages: dict[str, dict[str, list[str]]] = {}
    for language, lists in tables.items():
        place = f"{path.name} [{language}]"
        if unknown := set(lists) - set(declared):
            raise ValueError(f"{place}: {sorted(unknown)} is not among the [lists] of the file")
        languages[language] = {name: _words(place, name, lists.get(name, [])) for name in declared}
    if empty := [name for name in declared if not any(all_[name] for all_ in languages.values())]:
        raise ValueError(f"{path.name}: {empty} has no words in any language")
    return languages


def _words(place: str, name: str, words: str | list[str]) -> list[str]:
    if isinstance(words, str) or not all(words):
        raise ValueError(f"{place} {name}: it must be a list of words, none of them empty")
    if twice := [word for word, count in Counter(words).items() if count > 1]:
        raise ValueError(f"{place} {name}: {twice} stands there twice")
    return words
