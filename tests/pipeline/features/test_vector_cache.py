"""One file that grows: nothing is embedded twice, and no damage becomes a vector."""

import multiprocessing
from pathlib import Path

import numpy as np
import pytest

from pipeline.features import vector_cache as module
from pipeline.features.vector_cache import HEADER, Encoded, VectorCache

COLUMNS = 6
RECORD = 16 + 4 + 4 * COLUMNS + 4


class Counting:
    """An encoder that remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, texts: list[str]) -> Encoded:
        self.asked += texts
        rows = [np.random.default_rng(list(text.encode())).normal(size=COLUMNS) for text in texts]
        vectors = np.array([row / np.linalg.norm(row) for row in rows], np.float32)
        return Encoded(vectors, np.array([len(text) % 2 / 2 for text in texts], np.float32))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "model.vectors"


def opened(file: Path) -> tuple[VectorCache, Counting]:
    encode = Counting()
    return VectorCache(lambda: file, encode), encode


def agrees(cache: VectorCache, texts: list[str]) -> bool:
    """Does the cache give what the encoder gives?"""
    found, true = cache.encoded(texts), Counting()(texts)
    return np.array_equal(found.vectors, true.vectors) and np.array_equal(
        found.unknown, true.unknown
    )


def test_a_text_is_embedded_once_and_comes_back_to_the_last_bit(file: Path) -> None:
    first, encode = opened(file)
    assert agrees(first, ["one", "three", "one", "seven", ""])
    assert encode.asked == ["", "one", "seven", "three"]
    again, encode = opened(file)
    assert agrees(again, ["seven", "one"])
    assert agrees(first, ["", "seven"])
    assert encode.asked == []


def test_a_thousand_new_texts_among_a_hundred_thousand_are_a_thousand(file: Path) -> None:
    old = [f"question {number}" for number in range(100_000)]
    new = [f"another {number}" for number in range(1_000)]

    def quick(texts: list[str]) -> Encoded:
        return Encoded(np.ones((len(texts), 1), np.float32), np.zeros(len(texts), np.float32))

    VectorCache(lambda: file, quick).encoded(old)
    asked: list[str] = []

    def counting(texts: list[str]) -> Encoded:
        asked.extend(texts)
        return quick(texts)

    found = VectorCache(lambda: file, counting).encoded(old[::2] + new + old[1::2])
    assert sorted(asked) == sorted(new)
    assert found.vectors.shape == (101_000, 1)


def test_no_texts_open_nothing(tmp_path: Path) -> None:
    def never() -> Path:
        raise AssertionError("asked for the file")

    assert VectorCache(never, Counting()).encoded([]).vectors.shape == (0, 0)


def test_it_is_written_by_chunks_shortest_texts_first(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHUNK", 2)
    told: list[tuple[int, int | None, int]] = []

    def progress(done: int, total: int | None = None, note: str = "") -> None:
        told.append((done, total, file.stat().st_size if file.exists() else 0))

    cache, encode = opened(file)
    cache.encoded(["ccc", "a", "bb"], progress)
    assert told == [(0, 3, 0), (2, 3, HEADER.size + 2 * RECORD)]
    assert encode.asked == ["a", "bb", "ccc"]


@pytest.mark.parametrize("left", [1, 15, RECORD - 1])
def test_a_record_torn_by_a_kill_is_embedded_again_and_written_over(file: Path, left: int) -> None:
    opened(file)[0].encoded(["a", "bb"])
    whole = file.read_bytes()
    file.write_bytes(whole[: HEADER.size + RECORD + left])
    cache, encode = opened(file)
    assert agrees(cache, ["a", "bb"])
    assert encode.asked == ["bb"]
    assert file.read_bytes() == whole


@pytest.mark.parametrize("damage", [bytes(RECORD), b"\x01" * RECORD])
def test_a_record_that_does_not_add_up_is_not_there(file: Path, damage: bytes) -> None:
    opened(file)[0].encoded(["a", "bb", "ccc"])
    held = bytearray(file.read_bytes())
    held[HEADER.size + RECORD : HEADER.size + 2 * RECORD] = damage
    file.write_bytes(held)
    cache, encode = opened(file)
    assert agrees(cache, ["a", "bb", "ccc"])
    assert encode.asked == ["bb"]


@pytest.mark.parametrize("found", [b"", b"x", b"PAR1" * 100, HEADER.pack(b"curate vectors 1", 999)])
def test_a_file_that_is_not_ours_is_begun_anew(file: Path, found: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(found)
    assert agrees(opened(file)[0], ["a", "bb"])
    cache, encode = opened(file)
    assert agrees(cache, ["bb", "a"])
    assert encode.asked == []


def test_it_may_be_deleted_at_any_time(file: Path) -> None:
    cache, encode = opened(file)
    held = cache.encoded(["a", "bb"]).vectors
    before = held.copy()
    file.unlink()
    assert agrees(cache, ["a", "bb"])
    assert agrees(cache, ["a", "ccc"])
    assert np.array_equal(held, before)
    again, encode = opened(file)
    assert agrees(again, ["a", "ccc"])
    assert encode.asked == []


def test_what_another_adds_is_found_after_the_next_append(file: Path) -> None:
    one, encode = opened(file)
    one.encoded(["a"])
    opened(file)[0].encoded(["bb", "ccc"])
    one.encoded(["dddd"])
    assert agrees(one, ["a", "bb", "ccc", "dddd"])
    assert encode.asked == ["a", "dddd"]


def fill(file: Path, start: int) -> None:
    cache = VectorCache(lambda: file, Counting())
    for number in range(start, start + 60, 3):
        cache.encoded([f"text {n}" for n in range(number, number + 3)])


def test_two_processes_that_write_at_once_lose_and_break_nothing(file: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=fill, args=(file, start)) for start in (0, 30)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(120)
    assert [writer.exitcode for writer in writers] == [0, 0]
    cache, encode = opened(file)
    assert agrees(cache, [f"text {number}" for number in range(90)])
    assert encode.asked == []
