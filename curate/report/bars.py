"""Horizontal bars as SVG, each below its name and count."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from curate.report.svg import LINE_PX, percent, printable, svg_chart

BAR_PX = 38
"""Height of one bar with its line of text."""

SHORTEST_BAR = 0.3
"""Percent of the width: a count above zero is never invisible."""

LONGEST_NAME = 34
"""Characters of a name that fit beside a count on a phone."""


@dataclass(frozen=True)
class Bar:
    """A bar: its name, its length, where it begins, a note beside the count, its CSS class."""

    name: str
    count: int
    start: int = 0
    note: str = ""
    kind: str = "kept"


@dataclass(frozen=True)
class Mark:
    """A line across all bars."""

    name: str
    count: int


def bar_chart(label: str, bars: Sequence[Bar], whole: int, marks: Sequence[Mark] = ()) -> Markup:
    """One bar below the other, where `whole` is as wide as the chart; `marks` cross them."""
    scale = 100 / max(whole, 1)
    head = LINE_PX * len(marks)
    rows = [_mark_name(mark, LINE_PX * place, scale) for place, mark in enumerate(marks)]
    for place, bar in enumerate(bars):
        y = head + BAR_PX * place
        rows.append(_bar(bar, y, scale))
        rows += [_mark_line(mark, y, scale) for mark in marks]
    return svg_chart("list", label, head + BAR_PX * len(bars), rows)


def _bar(bar: Bar, y: int, scale: float) -> Markup:
    short = bar.name if len(bar.name) <= LONGEST_NAME else bar.name[: LONGEST_NAME - 1] + "…"
    count = f"{bar.count:,}" + (f" · {bar.note}" if bar.note else "")
    width = max(bar.count * scale, SHORTEST_BAR) if bar.count else 0
    return Markup(
        '<g role="listitem"><title>{}: {}</title><text x="0" y="{}">{}</text>'
        '<text class="count" x="100%" y="{}" text-anchor="end">{}</text>'
        '<rect class="track" x="0" y="{}" width="100%" height="10" rx="2"/>'
        '<rect class="{}" x="{}%" y="{}" width="{}%" height="10" rx="2"/></g>'
    ).format(
        printable(bar.name), printable(count), y + 14, printable(short),
        y + 14, printable(count), y + 20,
        bar.kind, percent(bar.start * scale), y + 20, percent(width),
    )  # fmt: skip


def _mark_name(mark: Mark, y: int, scale: float) -> Markup:
    """The name of a mark, above the bars; each on a line of its own, so that none overlap."""
    x, name = mark.count * scale, f"{mark.name} {mark.count:,}"
    anchor, text = ("end", f"{name} ▾") if x > 50 else ("start", f"▾ {name}")
    return Markup(
        '<g role="listitem"><title>{}</title>'
        '<text class="small" x="{}%" y="{}" text-anchor="{}">{}</text></g>'
    ).format(name, percent(x), y + 12, anchor, text)


def _mark_line(mark: Mark, y: int, scale: float) -> Markup:
    return Markup('<line class="mark" x1="{0}%" x2="{0}%" y1="{1}" y2="{2}"/>').format(
        percent(mark.count * scale), y + 19, y + 31
    )
