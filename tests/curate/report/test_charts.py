import xml.etree.ElementTree as ET

import polars as pl
import pytest

from curate.report import charts
from curate.report.charts import Bar, Mark, Point
from curate.report.histogram import histogram

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "a<b>&\"'\x00\x1b</svg><script>"


def rects(svg: str, kind: str) -> list[ET.Element]:
    return [r for r in ET.fromstring(svg).iter(f"{SVG}rect") if r.get("class") == kind]


def percent(element: ET.Element, key: str) -> float:
    return float(element.attrib[key].removesuffix("%"))


def test_bars_are_as_long_as_their_counts() -> None:
    svg = charts.bars("x", [Bar("a", 50), Bar("b", 200), Bar("c", 0)], 200)
    assert [percent(r, "width") for r in rects(svg, "kept")] == [25, 100, 0]


def test_a_bar_begins_where_it_is_told_and_is_never_invisible() -> None:
    svg = charts.bars("x", [Bar("a", 1, start=500_000)], 1_000_000)
    [rect] = rects(svg, "kept")
    assert percent(rect, "x") == 50
    assert percent(rect, "width") == charts.VISIBLE


def test_marks_stand_at_their_counts_over_every_bar() -> None:
    svg = charts.bars("x", [Bar("a", 10), Bar("b", 20)], 200, [Mark("alarm", 150)])
    lines = list(ET.fromstring(svg).iter(f"{SVG}line"))
    assert [percent(line, "x1") for line in lines] == [75, 75]


def test_histogram_bars_are_as_high_as_their_counts_and_stack() -> None:
    found = histogram({"dropped": pl.Series([1, 1, 2]), "flagged": pl.Series([1, 1])}, 10)
    assert found is not None
    svg = charts.histogram("x", found)
    heights = [float(r.attrib["height"]) for r in rects(svg, "dropped")]
    assert heights == [charts.PLOT / 2, charts.PLOT / 4]
    [flagged] = rects(svg, "flagged")
    below = rects(svg, "dropped")[0]
    foot = float(flagged.attrib["y"]) + float(flagged.attrib["height"])
    assert foot == pytest.approx(float(below.attrib["y"]))


def test_no_histogram_bar_straddles_the_threshold() -> None:
    values = pl.Series([0.5, 0.91, 0.9199, 0.921, 0.95, 0.999])
    found = histogram({"dropped": values}, 0.92, "threshold")
    assert found is not None
    svg = charts.histogram("x", found)
    [line] = [e for e in ET.fromstring(svg).iter(f"{SVG}line") if e.get("class") == "mark"]
    edge = percent(line, "x1")
    for rect in rects(svg, "dropped"):
        left, width = percent(rect, "x"), percent(rect, "width")
        assert left >= edge or left + width <= edge
    assert "threshold 0.92" in svg


def test_every_bar_has_a_title_with_its_number() -> None:
    found = histogram({"dropped": pl.Series([3, 3, 1200])}, None)
    assert found is not None
    for svg in (charts.bars("x", [Bar("a", 1200)], 1200), charts.histogram("x", found)):
        groups = list(ET.fromstring(svg).iter(f"{SVG}g"))
        assert groups
        assert all(group.find(f"{SVG}title") is not None for group in groups)
    assert "a: 1,200" in charts.bars("x", [Bar("a", 1200)], 1200)


def test_a_curve_goes_from_corner_to_corner() -> None:
    svg = charts.curve("x", [Point(1, 4.0), Point(2, 3.0), Point(3, 2.0)], "step")
    [line] = ET.fromstring(svg).iter(f"{SVG}polyline")
    assert line.attrib["points"] == "0,0 50,50 100,100"
    assert "highest 4" in svg
    assert "lowest 2" in svg


def test_a_curve_of_one_point_is_drawn() -> None:
    assert ET.fromstring(charts.curve("x", [Point(1, 4.0)], "step")) is not None


def test_charts_of_hostile_names_are_valid_xml() -> None:
    svg = charts.bars(HOSTILE, [Bar(HOSTILE, 3, note=HOSTILE)], 3)
    assert not list(ET.fromstring(svg).iter(f"{SVG}script"))
