"""How much there is of what is needed."""

import polars as pl
import pytest

from pipeline.curation.coverage import coverage
from pipeline.features.language import LanguageSettings


@pytest.mark.parametrize(
    ("records", "missing", "alarm"), [(0, 4, True), (2, 2, True), (3, 1, False), (5, 0, False)]
)
def test_a_language_is_measured_against_its_target_and_its_alarm(
    records: int, missing: int, alarm: bool
) -> None:
    kept = pl.DataFrame({"language": ["de"] * records + ["fr"], "domain": ["x"] * (records + 1)})
    found = coverage(kept, LanguageSettings(targets=("de",), minimum=4, alarm=3))
    assert list(found) == ["de"]
    assert (found["de"].records, found["de"].missing, found["de"].alarm) == (
        records, missing, alarm,
    )  # fmt: skip


def test_domains_are_counted_within_their_language() -> None:
    kept = pl.DataFrame({"language": ["de", "de", "en"], "domain": ["x", "y", "x"]})
    found = coverage(kept, LanguageSettings(targets=("de", "en")))
    assert found["de"].domains == {"x": 1, "y": 1}
    assert found["en"].domains == {"x": 1}
