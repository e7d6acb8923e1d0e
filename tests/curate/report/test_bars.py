import xml.etree.ElementTree as ET

from curate.report.bars import SHORTEST_BAR, Bar, Mark, bar_chart

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "a<b>&\"'\x00\x1b</svg><script>"


def rects(svg: str, kind: str) -> list[ET.Element]:
    return [r for r in ET.fromstring(svg).iter(f"{SVG}rect") if r.get("class") == kind]


def percent(element: ET.Element, key: str) -> float:
    return float(element.attrib[key].removesuffix("%"))


def test_bars_are_as_long_as_their_counts() -> None:
    svg = bar_chart("x", [Bar("a", 50), Bar("b", 200), Bar("c", 0)], 200)
    assert [percent(r, "width") for r in rects(svg, "kept")] == [25, 100, 0]


def test_a_bar_begins_where_it_is_told_and_is_never_invisible() -> None:
    svg = bar_chart("x", [Bar("a", 1, start=500_000)], 1_000_000)
    [rect] = rects(svg, "kept")
    assert percent(rect, "x") == 50
    assert percent(rect, "width") == SHORTEST_BAR


def test_marks_stand_at_their_counts_over_every_bar() -> None:
    svg = bar_chart("x", [Bar("a", 10), Bar("b", 20)], 200, [Mark("alarm", 150)])
    lines = list(ET.fromstring(svg).iter(f"{SVG}line"))
    assert [percent(line, "x1") for line in lines] == [75, 75]


def test_charts_of_hostile_names_are_valid_xml() -> None:
    svg = bar_chart(HOSTILE, [Bar(HOSTILE, 3, note=HOSTILE)], 3)
    assert not list(ET.fromstring(svg).iter(f"{SVG}script"))


def test_every_bar_has_a_title_with_its_number() -> None:
    svg = bar_chart("x", [Bar("a", 1200)], 1200)
    [group] = ET.fromstring(svg).iter(f"{SVG}g")
    assert group.findtext(f"{SVG}title") == "a: 1,200"
