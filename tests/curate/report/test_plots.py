import xml.etree.ElementTree as ET

import polars as pl
import pytest

from curate.report.histogram import bin_values
from curate.report.plots import PLOT_PX, Point, curve_chart, histogram_chart

SVG = "{http://www.w3.org/2000/svg}"


def rects(svg: str, kind: str) -> list[ET.Element]:
    return [r for r in ET.fromstring(svg).iter(f"{SVG}rect") if r.get("class") == kind]


def percent(element: ET.Element, key: str) -> float:
    return float(element.attrib[key].removesuffix("%"))


def test_histogram_bars_are_as_high_as_their_counts_and_stack() -> None:
    histogram = bin_values({"dropped": pl.Series([1, 1, 2]), "flagged": pl.Series([1, 1])}, 10)
    assert histogram is not None
    svg = histogram_chart("x", histogram)
    heights = [float(r.attrib["height"]) for r in rects(svg, "dropped")]
    assert heights == [PLOT_PX / 2, PLOT_PX / 4]
    [flagged] = rects(svg, "flagged")
    below = rects(svg, "dropped")[0]
    foot = float(flagged.attrib["y"]) + float(flagged.attrib["height"])
    assert foot == pytest.approx(float(below.attrib["y"]))


def test_no_histogram_bar_straddles_the_threshold() -> None:
    values = pl.Series([0.5, 0.91, 0.9199, 0.921, 0.95, 0.999])
    histogram = bin_values({"dropped": values}, 0.92, "threshold")
    assert histogram is not None
    svg = histogram_chart("x", histogram)
    [line] = [e for e in ET.fromstring(svg).iter(f"{SVG}line") if e.get("class") == "mark"]
    edge = percent(line, "x1")
    for rect in rects(svg, "dropped"):
        left, width = percent(rect, "x"), percent(rect, "width")
        assert left >= edge or left + width <= edge
    assert "threshold 0.92" in svg


def test_a_curve_goes_from_corner_to_corner() -> None:
    svg = curve_chart("x", [Point(1, 4.0), Point(2, 3.0), Point(3, 2.0)], "step")
    [line] = ET.fromstring(svg).iter(f"{SVG}polyline")
    assert line.attrib["points"] == "0,0 50,50 100,100"
    assert "highest 4" in svg
    assert "lowest 2" in svg


def test_a_curve_of_one_point_is_drawn() -> None:
    assert ET.fromstring(curve_chart("x", [Point(1, 4.0)], "step")) is not None


def test_every_bin_has_a_title_with_its_numbers() -> None:
    histogram = bin_values({"dropped": pl.Series([3, 3, 1200])}, None)
    assert histogram is not None
    groups = list(ET.fromstring(histogram_chart("x", histogram)).iter(f"{SVG}g"))
    assert groups
    assert all(group.findtext(f"{SVG}title", "").endswith("dropped") for group in groups)
