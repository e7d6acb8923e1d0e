"""Bars, a histogram and curves as inline SVG: text is text, colours are CSS variables.

Horizontal places are percentages and there is no viewBox, so a chart is as wide as its column and
its letters keep their size, on a phone as on paper.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from curate.report.histogram import Histogram

ROW = 38
"""Pixels of one bar with its line of text."""

PLOT = 130
"""Pixels of height in which histograms and curves are drawn."""

LINE = 16
"""Pixels of a line of small text."""

TOP, FOOT = 24, 22
"""Pixels above and below the plot, for words."""

TICKS = 5
"""Numbers under a histogram, about."""

VISIBLE = 0.3
"""Percent: what is there is never invisible."""

NAME = 34
"""Characters of a name that stand beside a count on a phone."""

UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 may not hold; data may."""


@dataclass(frozen=True)
class Bar:
    """A bar: its name, its length, where it begins, a word beside the count, its CSS class."""

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


@dataclass(frozen=True)
class Point:
    """A place on a curve."""

    x: float
    y: float


@dataclass(frozen=True)
class Estimate:
    """A share at a place, with the ends of its interval; all from 0 to 1."""

    x: float
    value: float
    low: float
    high: float


def bars(label: str, items: Sequence[Bar], whole: int, marks: Sequence[Mark] = ()) -> Markup:
    """Horizontal bars of `whole` at most, each under its name and count; `marks` cross them."""
    scale = 100 / max(whole, 1)
    head = LINE * len(marks)
    rows = [_name(mark, LINE * place, scale) for place, mark in enumerate(marks)]
    for place, item in enumerate(items):
        y = head + ROW * place
        rows.append(_bar(item, y, scale))
        rows += [_tick(mark, y, scale) for mark in marks]
    return _svg("list", label, head + ROW * len(items), rows)


def _bar(item: Bar, y: int, scale: float) -> Markup:
    name = item.name if len(item.name) <= NAME else item.name[: NAME - 1] + "…"
    said = f"{item.count:,}" + (f" · {item.note}" if item.note else "")
    return Markup(
        '<g role="listitem"><title>{}: {}</title><text x="0" y="{}">{}</text>'
        '<text class="count" x="100%" y="{}" text-anchor="end">{}</text>'
        '<rect class="track" x="0" y="{}" width="100%" height="10" rx="2"/>'
        '<rect class="{}" x="{}%" y="{}" width="{}%" height="10" rx="2"/></g>'
    ).format(
        clean(item.name), clean(said), y + 14, clean(name), y + 14, clean(said), y + 20,
        item.kind, _percent(item.start * scale), y + 20, _length(item.count * scale),
    )  # fmt: skip


def _name(mark: Mark, y: int, scale: float) -> Markup:
    """The name of a mark, above the bars; each on a line of its own, so that none overlap."""
    x, said = mark.count * scale, f"{mark.name} {mark.count:,}"
    anchor, text = ("end", f"{said} ▾") if x > 50 else ("start", f"▾ {said}")
    return Markup(
        '<g role="listitem"><title>{}</title>'
        '<text class="small" x="{}%" y="{}" text-anchor="{}">{}</text></g>'
    ).format(said, _percent(x), y + 12, anchor, text)


def _tick(mark: Mark, y: int, scale: float) -> Markup:
    return Markup('<line class="mark" x1="{0}%" x2="{0}%" y1="{1}" y2="{2}"/>').format(
        _percent(mark.count * scale), y + 19, y + 31
    )


def histogram(label: str, found: Histogram) -> Markup:
    """Stacked bars a bin, from left to right, with the threshold drawn in."""
    totals = found.totals
    highest, step = max(totals), 100 / len(totals)
    x = 100 * ((found.threshold or 0) - found.start) / (found.end - found.start)
    parts = [_axis(f"{highest:,} record{'s' * (highest != 1)} at most", right=x <= 50)]
    parts += [_bin(found, place, step, highest) for place in range(len(totals)) if totals[place]]
    if found.threshold is not None:
        parts.append(_threshold(found.name, found.threshold, x))
    parts += [
        _foot(plain(found.start + place * found.width), place * step) for place in _ticks(totals)
    ]
    return _svg("img", label, TOP + PLOT + FOOT, parts)


def _bin(found: Histogram, place: int, step: float, highest: int) -> Markup:
    begin = found.start + place * found.width
    whole = found.width == 1
    where = plain(begin) if whole else f"{plain(begin)} to {plain(begin + found.width)}"
    here = {kind: column[place] for kind, column in found.counts.items() if column[place]}
    said = ", ".join(f"{count:,} {kind}" for kind, count in here.items())
    rects, floor = list[Markup](), float(TOP + PLOT)
    for kind, count in here.items():
        height = PLOT * count / highest
        floor -= height
        rects.append(
            Markup('<rect class="{}" x="{}%" y="{}" width="{}%" height="{}"/>').format(
                kind, _percent((place + 0.06) * step), round(floor, 2), _percent(0.88 * step),
                round(height, 2),
            )
        )  # fmt: skip
    return Markup("<g><title>{}: {}</title>{}</g>").format(where, said, Markup("").join(rects))


def curve(label: str, points: Sequence[Point], unit: str) -> Markup:
    """A line from the first point to the last; the least and the greatest value are written."""
    xs, ys = [point.x for point in points], [point.y for point in points]
    left, right, low, high = min(xs), max(xs), min(ys), max(ys)
    wide, tall = right - left or 1.0, high - low or 1.0
    path = " ".join(
        f"{_percent(100 * (point.x - left) / wide)},{_percent(100 * (high - point.y) / tall)}"
        for point in points
    )
    line = Markup(
        '<svg x="0" y="{}" width="100%" height="{}" viewBox="0 0 100 100"'
        ' preserveAspectRatio="none"><polyline class="curve" points="{}"/></svg>'
        '<text class="small" x="100%" y="{}" text-anchor="end">lowest {}</text>'
    ).format(TOP, PLOT, path, TOP + PLOT - 6, plain(low))
    feet = [_foot(f"{unit} {plain(left)}", 0), _foot(f"{unit} {plain(right)}", 100)]
    return _svg("img", label, TOP + PLOT + FOOT, [_axis(f"highest {plain(high)}"), line, *feet])


def estimates(
    label: str, points: Sequence[Estimate], ground: Sequence[float], mark: float
) -> Markup:
    """A line through shares with their intervals as a band, and a `mark`.

    `ground` are the places of the ground line, from end to end; not all need have a point.
    """
    left, wide = ground[0], ground[-1] - ground[0]
    places = [100 * (point.x - left) / wide for point in points]
    upper = [_place(x, point.high) for x, point in zip(places, points, strict=True)]
    lower = [_place(x, point.low) for x, point in zip(places, points, strict=True)]
    middle = [_place(x, point.value) for x, point in zip(places, points, strict=True)]
    x = 100 * (mark - left) / wide
    parts = [
        _axis("100 %", right=x <= 50),
        Markup(
            '<svg x="0" y="{}" width="100%" height="{}" viewBox="0 0 100 100"'
            ' preserveAspectRatio="none"><polygon class="band" points="{}"/>'
            '<polyline class="curve" points="{}"/></svg>'
        ).format(TOP, PLOT, " ".join([*upper, *reversed(lower)]), " ".join(middle)),
        *[_dot(place, point) for place, point in zip(places, points, strict=True)],
    ]
    if 0 <= x <= 100:
        parts.append(_threshold("threshold", mark, x))
    parts += [_foot(f"{tick:.2f}", 100 * (tick - left) / wide) for tick in ground[::2]]
    return _svg("img", label, TOP + PLOT + FOOT, parts)


def _place(x: float, share: float) -> str:
    return f"{_percent(x)},{_percent(100 * (1 - share))}"


def _dot(x: float, point: Estimate) -> Markup:
    said = f"{point.x:g}: {point.value:.0%}, between {point.low:.0%} and {point.high:.0%}"
    return Markup('<g><title>{}</title><circle class="dot" cx="{}%" cy="{}" r="3.5"/></g>').format(
        said, _percent(x), round(TOP + PLOT * (1 - point.value), 2)
    )


def _threshold(name: str, value: float, x: float) -> Markup:
    """A line across the plot at `x` percent, with its name and value above."""
    return Markup(
        '<line class="mark" x1="{0}%" x2="{0}%" y1="14" y2="{1}"/>'
        '<text class="small strong" x="{0}%" dx="{2}" y="12" text-anchor="{3}">{4} {5}</text>'
    ).format(_percent(x), TOP + PLOT, *_beside(x, left=x > 50), name, plain(value))


def _axis(highest: str, right: bool = False) -> Markup:
    """Ground, ceiling, and what the ceiling means, on the side that is free."""
    return Markup(
        '<text class="small" x="{}" y="12" text-anchor="{}">{}</text>'
        '<line class="grid" x1="0" x2="100%" y1="{}" y2="{}"/>'
        '<line class="axis" x1="0" x2="100%" y1="{}" y2="{}"/>'
    ).format(
        "100%" if right else "0", "end" if right else "start", highest,
        TOP, TOP, TOP + PLOT, TOP + PLOT,
    )  # fmt: skip


def _ticks(bins: Sequence[int]) -> list[int]:
    """Edges of bins to write a number at: both ends, and a few between."""
    every = -(-len(bins) // TICKS)
    inner = [place for place in range(0, len(bins), every) if len(bins) - place > every / 2]
    return [*inner, len(bins)]


def _foot(text: str, x: float) -> Markup:
    """A number under the ground line, at `x` percent."""
    anchor = "start" if x < 1 else "end" if x > 99 else "middle"
    return Markup('<text class="small" x="{}%" y="{}" text-anchor="{}">{}</text>').format(
        _percent(x), TOP + PLOT + 16, anchor, text
    )


def _svg(role: str, label: str, height: int, parts: Sequence[Markup]) -> Markup:
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" role="{}" aria-label="{}" width="100%"'
        ' height="{}">{}</svg>'
    ).format(role, clean(label), height, Markup("").join(parts))


def _beside(x: float, left: bool) -> tuple[int, str]:
    """Offset and anchor of words beside a line: on the side where there is room."""
    return (-5, "end") if left and x > 25 else (5, "start")


def _length(percent: float) -> str:
    return _percent(max(percent, VISIBLE) if percent else 0)


def _percent(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")


def plain(value: float) -> str:
    """A number as people write it, to four digits."""
    return f"{value:,.0f}" if value == round(value) else f"{value:.4g}"


def clean(text: str) -> str:
    """Text without what XML may not hold."""
    return UNPRINTABLE.sub("�", text)
