"""Word lists can be mended without reading code: what is wrong with a file is said, and where."""

import re
from pathlib import Path

import polars as pl
import pytest
from hypothesis import find
from hypothesis import strategies as st

from pipeline.curation.curated import load_or_compute
from pipeline.filters import word_lists
from pipeline.filters.word_lists import WORDS_FOLDER, WordList, read_words, word_files, word_list

FILES = word_files()
CODE = "\n".join(path.read_text("utf-8") for path in WORDS_FOLDER.parent.glob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_word_of_every_file_is_a_pattern_in_python_and_in_polars(path: Path) -> None:
    for language, lists in read_words(path).items():
        for name, words in lists.items():
            for word in words:
                pattern = re.compile(word)
                assert not pattern.match(""), f"{path.name} [{language}] {name}: {word}"
                if "(?<" not in word:
                    pl.Series(["text"]).str.contains(word)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_language_says_whether_a_native_speaker_has_read_it(path: Path) -> None:
    headers = [line for line in path.read_text("utf-8").splitlines() if line.startswith("[")]
    silent = [
        line for line in headers
        if line not in ("[lists]", "[any]") and "native speaker" not in line
    ]  # fmt: skip
    assert silent == []
    assert len(headers) > 1


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_list_is_used_by_a_filter(path: Path) -> None:
    names = {name for lists in read_words(path).values() for name in lists}
    assert path.stem in CODE
    assert [name for name in names if f'"{name}"' not in CODE and f"'{name}'" not in CODE] == []


LISTS = '[lists]\na = "what it is for"\n'
MISTAKES = {
    "not TOML": ('[en]\na = ["one"', "words.toml: "),
    "unknown list": ('[en]\nb = ["one"]', "[en]: ['b'] is not among the [lists]"),
    "twice": ('[en]\na = ["one", "two", "one"]', "[en] a: ['one'] stands there twice"),
    "empty word": ('[en]\na = ["one", ""]', "[en] a: it must be a list of words"),
    "no list": ('[en]\na = "one"', "[en] a: it must be a list of words"),
    "a number": ("[en]\na = [1]", "words.toml: "),
    "no words": ("[en]\na = []", "['a'] has no words in any language"),
}


@pytest.mark.parametrize(("text", "problem"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "words.toml"
    path.write_text(LISTS + text)
    with pytest.raises(ValueError) as caught:
        read_words(path)
    assert problem in str(caught.value)


def test_a_list_that_no_file_declares_is_an_error() -> None:
    with pytest.raises(KeyError):
        word_list("boilerplate", "no such list")


def test_words_are_whole_only_in_languages_that_part_them_by_spaces() -> None:
    words = WordList(spaced=("cat", "dog"), unspaced=("猫",))
    assert [bool(re.search(words.whole, text)) for text in ("a cat", "concatenate", "小猫儿")] == [
        True, False, True,
    ]  # fmt: skip
    assert re.search(words.beginnings, "many doggies")
    assert not re.search(words.beginnings, "hotdog")
    assert re.search(words.anywhere, "concatenate")


@pytest.mark.parametrize("words", [WordList((), ("猫",)), WordList(("cat",), ())])
def test_a_list_of_one_kind_of_language_finds_nothing_in_other_texts(words: WordList) -> None:
    for pattern in (words.whole, words.beginnings, words.anywhere):
        assert not re.search(pattern, "a dog")


SCREENED = [
    pytest.param(language, word, screen, id=f"{file} {language} {word[:20]}")
    for file, name in (("boilerplate", "phrases"), ("secret", "names"))
    for language, lists in read_words(WORDS_FOLDER / f"{file}.toml").items()
    for word in lists[name]
    for screen in [word_list(file, "screen").words]
]


@pytest.mark.parametrize(("language", "word", "screen"), SCREENED)
def test_what_a_phrase_holds_is_among_the_words_of_the_quick_look(
    language: str, word: str, screen: tuple[str, ...]
) -> None:
    """A phrase without them would never be tried."""
    phrases = st.from_regex(word, fullmatch=True)
    assert find(phrases, lambda phrase: any(piece in phrase for piece in screen))


def test_a_mended_word_makes_another_curated_set(
    new_store, talk, plain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = new_store([talk("Which colour suits a tent?", "Green is common, and so is grey.")])
    before = load_or_compute(store, plain).key
    assert load_or_compute(store, plain).key == before
    for path in FILES:
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(word_lists, "WORDS_FOLDER", tmp_path)
    assert load_or_compute(store, plain).key == before
    words = tmp_path / FILES[0].name
    words.write_text(words.read_text("utf-8") + "# mended\n", "utf-8")
    assert load_or_compute(store, plain).key != before
