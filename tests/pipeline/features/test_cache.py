"""A record is measured once, and a cache that cannot be kept is no failure."""

from pathlib import Path

import polars as pl
import pytest

from pipeline.features.cache import FeatureCache
from schemas.progress import quiet

FACTS = pl.DataFrame({"id": ["a", "b"]})
SCHEMA = {"id": pl.String(), "size": pl.Int64()}


class Measure:
    """Measures every record as 1, and remembers which ones."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, facts: pl.DataFrame) -> pl.DataFrame:
        self.asked.extend(facts["id"])
        return facts.with_columns(size=pl.lit(1, pl.Int64))


@pytest.fixture
def measure() -> Measure:
    return Measure()


def measured(folder: Path, facts: pl.DataFrame, measure: Measure) -> int:
    return len(FeatureCache(folder, SCHEMA).measured(facts, measure, quiet))


def test_only_what_was_never_measured_is_measured(tmp_path: Path, measure: Measure) -> None:
    assert measured(tmp_path, FACTS.head(1), measure) == 1
    assert measured(tmp_path, FACTS, measure) == 2
    assert measured(tmp_path, FACTS, measure) == 2
    assert measure.asked == ["a", "b"]


def test_another_folder_measures_again(tmp_path: Path, measure: Measure) -> None:
    measured(tmp_path / "one", FACTS, measure)
    measured(tmp_path / "two", FACTS, measure)
    assert measure.asked == ["a", "b", "a", "b"]


def test_a_cache_that_cannot_be_written_costs_no_measurement(
    tmp_path: Path, measure: Measure
) -> None:
    (tmp_path / "features").write_text("a file where a folder should be")
    assert measured(tmp_path, FACTS, measure) == 2


def test_a_damaged_file_is_measured_again(tmp_path: Path, measure: Measure) -> None:
    measured(tmp_path, FACTS, measure)
    [file] = tmp_path.rglob("*.cached")
    whole = file.read_bytes()
    file.write_bytes(whole[:100] + b"x" + whole[101:])
    assert measured(tmp_path, FACTS, measure) == 2
    assert measured(tmp_path, FACTS, measure) == 2
    assert measure.asked == ["a", "b", "a", "b"]
