"""A row stage is asked once, and again when it, its settings or the records are others."""

from pathlib import Path

import polars as pl
import pytest

from pipeline.curation.verdict_cache import cached_verdicts, features_key
from pipeline.features import describe
from pipeline.features.open_chat import with_open_chat
from pipeline.filters import word_lists
from pipeline.filters.short_reply import ShortReply


class Counting(ShortReply):
    """Counts how often it is asked."""

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        CALLS.append(len(records))
        return super().__call__(records)


CALLS: list[int] = []


@pytest.fixture
def frame(new_store, talk, plain) -> pl.DataFrame:
    CALLS.clear()
    talks = [talk("How do I return it?", "Ok."), talk("And where do I bring it?", "There.")]
    frame = with_open_chat(describe(new_store(talks).records(), plain.features))
    return frame.with_columns(reviewed=pl.lit(value=False))


def test_the_same_question_about_the_same_records_is_asked_once(frame, tmp_path: Path) -> None:
    said = [cached_verdicts(Counting(), frame, features_key(frame), tmp_path) for _ in range(3)]
    assert CALLS == [2]
    assert len(said[0]) == 2
    assert said[0].equals(said[1])
    assert said[0].equals(said[2])


def test_another_setting_other_records_or_another_feature_is_another_question(
    frame, tmp_path: Path
) -> None:
    assert len(cached_verdicts(Counting(), frame, features_key(frame), tmp_path)) == 2
    assert len(cached_verdicts(Counting(min_tokens=1), frame, features_key(frame), tmp_path)) == 0
    one = frame.head(1)
    assert len(cached_verdicts(Counting(), one, features_key(one), tmp_path)) == 1
    longer = frame.with_columns(reply_tokens=pl.lit(99, pl.Int64))
    assert len(cached_verdicts(Counting(), longer, features_key(longer), tmp_path)) == 0
    assert CALLS == [2, 2, 1, 2]


def test_a_cache_that_cannot_be_written_costs_no_verdict(frame, tmp_path: Path) -> None:
    (tmp_path / "verdicts").write_text("a file where a folder should be")
    assert len(cached_verdicts(Counting(), frame, features_key(frame), tmp_path)) == 2


def test_a_damaged_file_is_asked_again(frame, tmp_path: Path) -> None:
    cached_verdicts(Counting(), frame, features_key(frame), tmp_path)
    [file] = tmp_path.rglob("*.cached")
    whole = file.read_bytes()
    file.write_bytes(whole[:100] + b"x" + whole[101:])
    for _ in range(2):
        assert len(cached_verdicts(Counting(), frame, features_key(frame), tmp_path)) == 2
    assert CALLS == [2, 2]


def test_a_word_that_was_mended_is_looked_for_from_then_on(
    frame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(word_lists, "WORDS_FOLDER", tmp_path)
    for text in ("one", "one", "two"):
        (tmp_path / "words.toml").write_text(text)
        cached_verdicts(Counting(), frame, features_key(frame), tmp_path)
    assert CALLS == [2, 2]


def test_new_rows_that_change_what_a_file_is_are_asked_about(
    new_store, talk, plain, tmp_path: Path
) -> None:
    """The nineteen rows are the same in both runs; the twentieth makes their file open chat."""
    rows = [
        talk(f"Tent {number} leaks.", "Really?", source=f"talk.jsonl:{number}")
        for number in range(20)
    ]
    dropped = []
    for records in (rows[:19], rows):
        frame = with_open_chat(describe(new_store(records).records(), plain.features))
        old = frame.filter(pl.col("source") != "talk.jsonl:19")
        verdicts = cached_verdicts(ShortReply(), old, features_key(old), tmp_path)
        dropped.append(len(verdicts.filter(action="drop")))
    assert dropped == [0, 19]
