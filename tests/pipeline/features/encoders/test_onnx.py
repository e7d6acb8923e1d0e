"""ONNX Runtime gives torch's vectors, from files that are made once."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from pipeline.features.embed import Embedder, EmbeddingSettings
from pipeline.features.encoders import onnx, sentence_transformers
from schemas.errors import UserError

TEXTS = [
    "",
    "Where is my parcel?",
    "Wie kann ich die Größe meiner Bestellung ändern?",
    "退款需要几天时间？",
    "How many days does a refund take? 😀",
    "How do I return a tent that is too small for four? " * 40,
    "unforgettable" * 300,
]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache in which the model is exported."""
    folder = tmp_path_factory.mktemp("cache")
    Embedder(EmbeddingSettings(engine="onnx"), folder).vectors(["first"])
    return folder


def test_both_engines_give_the_same_vectors_and_the_same_unknown(cache: Path) -> None:
    torch, fast = (
        Embedder(EmbeddingSettings(engine=engine), cache).encoded(TEXTS)
        for engine in ("torch", "onnx")
    )
    assert np.abs(torch.vectors - fast.vectors).max() < 1e-5
    assert torch.unknown.tolist() == fast.unknown.tolist()
    assert 0 < fast.unknown[3] < 1
    assert fast.unknown[1] == 0


def test_an_engine_has_its_own_vectors(cache: Path) -> None:
    Embedder(EmbeddingSettings(), cache).vectors(["one"])
    Embedder(EmbeddingSettings(engine="onnx"), cache).vectors(["one"])
    assert len(list((cache / "vectors").glob("*.vectors"))) == 2


def test_a_model_is_exported_once_and_then_torch_is_not_asked(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("torch was asked")

    monkeypatch.setattr(sentence_transformers, "sentence_transformer", never)
    found = Embedder(EmbeddingSettings(engine="onnx"), cache).vectors(["never seen before"])
    assert found.shape == (1, 384)
    assert [path.suffix for path in (cache / "onnx").iterdir()] == [""]


def test_an_export_that_differs_from_its_model_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onnx, "_TOLERANCE", 1e-12)
    settings = EmbeddingSettings(engine="onnx")
    with pytest.raises(UserError, match="differs from the model by") as caught:
        Embedder(settings, tmp_path).vectors(["one"])
    assert 'engine = "torch"' in caught.value.remedy
    assert list((tmp_path / "onnx").iterdir()) == []


def test_vectors_come_in_the_order_of_the_texts_whatever_their_length(cache: Path) -> None:
    texts = [f"word {n} " * (n * 7 % 23 + 1) for n in range(40)]
    [folder] = (cache / "onnx").iterdir()
    together = onnx.encode(texts, "", "", "", folder).vectors
    alone = [onnx.encode([text], "", "", "", folder).vectors[0] for text in texts]
    assert np.abs(np.array(alone) - together).max() < 1e-5


def test_an_export_of_which_half_was_deleted_is_made_again(cache: Path, tmp_path: Path) -> None:
    [exported] = (cache / "onnx").iterdir()
    folder = tmp_path / "onnx" / exported.name
    folder.mkdir(parents=True)
    (folder / onnx.TOKENIZER_FILE).write_bytes((exported / onnx.TOKENIZER_FILE).read_bytes())
    found = Embedder(EmbeddingSettings(engine="onnx"), tmp_path).vectors(["one"])
    assert np.array_equal(found, Embedder(EmbeddingSettings(engine="onnx"), cache).vectors(["one"]))


def test_of_two_first_exports_at_once_the_second_uses_those_of_the_first(
    cache: Path, tmp_path: Path
) -> None:
    [exported] = (cache / "onnx").iterdir()
    folder = tmp_path / "onnx" / exported.name
    for draft in (tmp_path / "one", tmp_path / "other"):
        shutil.copytree(exported, draft)
    onnx._move_into(tmp_path / "one", folder)
    first = {file.name: file.stat().st_ino for file in folder.iterdir()}
    onnx._move_into(tmp_path / "other", folder)
    assert {file.name: file.stat().st_ino for file in folder.iterdir()} == first
    assert set(first) == {onnx.MODEL_FILE, onnx.TOKENIZER_FILE}
    assert onnx.encode(["one"], "", "", "", folder).vectors.shape == (1, 384)


def test_an_export_has_a_draft_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drafts = []

    def stop(name: str, revision: str, draft: Path) -> None:
        drafts.append(draft)
        if len(drafts) == 1:
            onnx._export(name, revision, tmp_path / "onnx" / "key")
        raise UserError("stopped")

    monkeypatch.setattr(onnx, "_write_export", stop)
    with pytest.raises(UserError, match="stopped"):
        onnx._export("", "", tmp_path / "onnx" / "key")
    assert len({*drafts}) == 2
    assert list((tmp_path / "onnx").iterdir()) == []


def test_a_damaged_export_is_named_and_how_to_mend_it(cache: Path, tmp_path: Path) -> None:
    [exported] = (cache / "onnx").iterdir()
    folder = shutil.copytree(exported, tmp_path / "onnx" / exported.name)
    (folder / onnx.MODEL_FILE).write_bytes((folder / onnx.MODEL_FILE).read_bytes()[:1000])
    with pytest.raises(UserError, match="is damaged") as raised:
        Embedder(EmbeddingSettings(engine="onnx"), tmp_path).vectors(["one"])
    assert exported.name in raised.value.message
