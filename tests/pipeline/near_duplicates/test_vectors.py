"""Each question gets a vector of an encoder that knows it, in the place where it stood."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from pipeline.features import Features
from pipeline.features.embed import Embedder, EmbeddingSettings
from pipeline.features.ngrams import ngrams
from pipeline.near_duplicates.flat_index import nearest_rows
from pipeline.near_duplicates.vectors import MODEL, NGRAMS, comparable, vectors_of, with_vectors

QUESTIONS = {
    "Where is my parcel?": "en",
    "我的包裹在哪里？": "zh",
    "What sound does this make? 好": "en",
    "Wo ist mein Paket?": "de",
    "พัสดุของฉันอยู่ที่ไหน": "en",
    "xkcd 927": "und",
}
"""A question and its language, as it was found; one of them wrongly."""


def frame(questions: dict[str, str]) -> pl.DataFrame:
    return pl.DataFrame(
        {"question": [*questions], "question_language": [*questions.values()]},
        schema={"question": pl.String, "question_language": pl.String},
    ).with_columns(id=pl.col("question").str.reverse(), tool_set=pl.lit(""))


def test_an_encoder_judges_only_what_it_knows(tmp_path: Path) -> None:
    features = Features()
    embedder = Embedder(features.embedding, tmp_path)
    found = with_vectors(frame(QUESTIONS), features, embedder)
    assert found["encoder"].to_list() == [MODEL, NGRAMS, NGRAMS, NGRAMS, NGRAMS, NGRAMS]
    assert found["question"].to_list() == [*QUESTIONS]
    for text, encoder, vector in found.select("question", "encoder", "vector").iter_rows():
        [true] = embedder.vectors([text]) if encoder == MODEL else ngrams([text])
        assert np.array_equal(np.array(vector, np.float32), true)


def test_vectors_come_back_as_they_were_made(tmp_path: Path) -> None:
    features = Features()
    embedder = Embedder(features.embedding, tmp_path)
    groups = comparable(with_vectors(frame(QUESTIONS), features, embedder))
    assert [vectors_of(group).shape for group in groups] == [(1, 384), (5, 512)]
    english = embedder.vectors(["Where is my parcel?"])
    assert np.array_equal(vectors_of(groups[0]), english)


@pytest.mark.parametrize("languages", [None, (), ("en",)])
def test_no_records_and_one_kind_only_are_no_exceptions(
    tmp_path: Path, languages: tuple[str, ...] | None
) -> None:
    features = Features(embedding=EmbeddingSettings(languages=languages))
    embedder = Embedder(features.embedding, tmp_path)
    empty = with_vectors(frame({}), features, embedder)
    assert (len(empty), empty.schema["vector"]) == (0, pl.List(pl.Float32))
    single = with_vectors(frame({"Where is my parcel?": "en"}), features, embedder)
    assert single["encoder"].to_list() == [NGRAMS if languages == () else MODEL]


@pytest.mark.parametrize("languages", [None, ("en",)])
def test_ngrams_as_the_model_need_nothing_else_and_are_one_encoder(
    languages: tuple[str, ...] | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("a model was asked")

    monkeypatch.setattr("pipeline.features.embed._encoder", never)
    features = Features(embedding=EmbeddingSettings(model="ngrams", languages=languages))
    embedder = Embedder(features.embedding, tmp_path)
    found = with_vectors(frame(QUESTIONS), features, embedder)
    assert set(found["encoder"]) == {NGRAMS}
    assert np.array_equal(embedder.vectors([*QUESTIONS]), vectors_of(found))


def test_the_nearest_row_is_found_with_its_cosine() -> None:
    def on_circle(*degrees: float) -> np.ndarray:
        angle = np.radians(degrees)
        return np.stack([np.cos(angle), np.sin(angle)], axis=1).astype(np.float32)

    found, cosine = nearest_rows(on_circle(50, 5), on_circle(0, 20, 60))
    assert found.tolist() == [2, 0]
    angles = np.array([0, 20, 60])[found] - np.array([50, 5])
    assert np.allclose(cosine, np.cos(np.radians(angles)), atol=1e-6)
    assert cosine.dtype == np.float64
