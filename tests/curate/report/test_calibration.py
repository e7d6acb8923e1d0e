"""The page shows what each threshold does, where people labelled enough pairs."""

import re
import xml.etree.ElementTree as ET

import pytest

from curate.report.calibration import calibrated, curves
from curate.report.examples import Examples
from curate.report.facts import Facts
from curate.report.page import render_page
from curate.report.plots import PLOT_PX, TOP_PX, Estimate, estimate_chart
from pipeline.audit.calibration.labels import append_labels, make_label
from pipeline.audit.calibration.pairs import near_pairs
from pipeline.audit.calibration.thresholds import ENOUGH, Calibration
from pipeline.curation.curated import load_or_compute
from pipeline.curation.recipe import Recipe
from pipeline.curation.run_stages import Curation
from pipeline.features import Features
from pipeline.features.embed import EmbeddingSettings
from pipeline.features.tokens import RULES, TokenSettings
from pipeline.store.store import Store

SVG = "{http://www.w3.org/2000/svg}"
THINGS = ("tent", "kayak", "canoe", "lantern", "stove", "jacket", "compass", "rope")
CURATION = Curation(
    features=Features(
        tokens=TokenSettings(tokenizer=RULES), embedding=EmbeddingSettings(model="ngrams")
    ),
    recipe=Recipe(),
)


@pytest.fixture
def labelled(store: Store, record) -> Store:
    """The hostile workspace, with 28 near pairs and as many labels as are needed."""
    with store.open_batch("ingest") as batch:
        for thing in THINGS:
            asked = f"How do I return the {thing} that I bought in your shop?"
            batch.add(record(asked, f"Open the drawer, and put the {thing} into it, please."))
    pairs = near_pairs(store, load_or_compute(store, CURATION), CURATION).sample
    chosen = pairs.filter(~pairs["guarded"]).head(ENOUGH).to_dicts()
    append_labels(
        store, [make_label((p["one"], p["other"]), True, "ada", "ngrams") for p in chosen]
    )
    return store


@pytest.fixture
def found(labelled: Store) -> Calibration:
    result = calibrated(labelled, load_or_compute(labelled, CURATION), CURATION)
    assert result is not None
    return result


def test_too_few_labels_draw_nothing(store: Store) -> None:
    assert calibrated(store, load_or_compute(store, CURATION), CURATION) is None


def test_a_point_stands_at_its_share_and_the_band_around_it() -> None:
    points = [Estimate(0.8, 0.5, 0.25, 0.75), Estimate(0.9, 1.0, 0.8, 1.0)]
    svg = ET.fromstring(estimate_chart("x", points, [0.8, 0.85, 0.9], 0.85))
    dots = [(dot.get("cx"), float(dot.attrib["cy"])) for dot in svg.iter(f"{SVG}circle")]
    assert dots == [("0%", TOP_PX + PLOT_PX / 2), ("100%", TOP_PX)]
    [band] = svg.iter(f"{SVG}polygon")
    assert band.get("points") == "0,25 100,0 100,20 0,75"
    [mark] = [line for line in svg.iter(f"{SVG}line") if line.get("class") == "mark"]
    assert mark.get("x1") == "50%"


def test_a_threshold_outside_of_the_curve_is_not_drawn() -> None:
    points = [Estimate(0.8, 0.5, 0.25, 0.75), Estimate(0.9, 1.0, 0.8, 1.0)]
    assert 'class="mark"' not in estimate_chart("x", points, [0.8, 0.9], 0.7)


def test_both_curves_are_drawn_with_the_present_threshold(found: Calibration) -> None:
    drawn = curves(found)
    assert list(drawn) == ["Precision", "Recall"]
    assert all("threshold 0.92" in svg for svg in drawn.values())
    known = [row for row in found.rows if row.precision.value is not None]
    assert drawn["Precision"].count("<circle") == len(known) < len(found.rows)
    assert drawn["Recall"].count("<circle") == len(found.rows)


def test_the_page_holds_the_curve_and_its_numbers(
    facts: Facts, examples: Examples, found: Calibration
) -> None:
    assert 'id="calibration"' not in render_page(facts, examples).decode()
    page = render_page(facts.model_copy(update={"calibration": found}), examples).decode()
    article = page.split('id="calibration"')[1].split("</article>")[0]
    assert f"for {ENOUGH} pairs" in article
    assert len(re.findall("<tr>", article)) == 1 + len(found.rows)
    assert "No threshold surely has" in article or "The lowest that surely" in article
