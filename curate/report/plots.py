"""Histograms and curves as SVG, with the threshold drawn in."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from curate.report.histogram import Histogram
from curate.report.svg import number_text, percent, svg_chart

PLOT_PX = 130
"""Height of the area in which histograms and curves are drawn."""

TOP_PX, FOOT_PX = 24, 22
"""Height of the lines of words above and below that area."""

_TICKS = 5
"""About how many numbers are written below a histogram."""


@dataclass(frozen=True)
class Point:
    """A point of a curve."""

    x: float
    y: float


@dataclass(frozen=True)
class Estimate:
    """An estimated share at a place, with the ends of its interval; all from 0 to 1."""

    x: float
    value: float
    low: float
    high: float


def histogram_chart(label: str, histogram: Histogram) -> Markup:
    """Stacked bars, one for each bin, with the threshold drawn in."""
    totals = histogram.totals
    highest, step = max(totals), 100 / len(totals)
    x = 100 * ((histogram.threshold or 0) - histogram.start) / (histogram.end - histogram.start)
    ceiling = f"up to {highest:,} record{'s' * (highest != 1)}"
    if histogram.beyond:
        ceiling += f"; {histogram.beyond:,} beyond, up to {number_text(histogram.largest)}"
    parts = [_frame(ceiling, right=x <= 50)]
    parts += [_bin(histogram, place, step, highest) for place, n in enumerate(totals) if n]
    if histogram.threshold is not None:
        parts.append(_threshold(histogram.name, histogram.threshold, x))
    parts += [
        _foot(number_text(histogram.start + place * histogram.width), place * step)
        for place in _ticks(len(totals))
    ]
    return svg_chart("img", label, TOP_PX + PLOT_PX + FOOT_PX, parts)


def _bin(histogram: Histogram, place: int, step: float, highest: int) -> Markup:
    """One bin: its series stand on each other; pointing at it shows its edges and counts."""
    start = histogram.start + place * histogram.width
    edges = number_text(start)
    if histogram.width != 1:  # a bin of width 1 holds one whole number
        edges += f" to {number_text(start + histogram.width)}"
    counts = {kind: bins[place] for kind, bins in histogram.counts.items() if bins[place]}
    title = ", ".join(f"{count:,} {kind}" for kind, count in counts.items())
    rects, floor = list[Markup](), float(TOP_PX + PLOT_PX)
    for kind, count in counts.items():
        height = PLOT_PX * count / highest
        floor -= height
        rects.append(
            Markup('<rect class="{}" x="{}%" y="{}" width="{}%" height="{}"/>').format(
                kind, percent((place + 0.06) * step), round(floor, 2), percent(0.88 * step),
                round(height, 2),
            )
        )  # fmt: skip
    return Markup("<g><title>{}: {}</title>{}</g>").format(edges, title, Markup("").join(rects))


def curve_chart(label: str, points: Sequence[Point], unit: str) -> Markup:
    """A line from the first point to the last; the lowest and the highest value are written."""
    xs, ys = [point.x for point in points], [point.y for point in points]
    left, right, low, high = min(xs), max(xs), min(ys), max(ys)
    width, height = right - left or 1.0, high - low or 1.0
    path = [_point((point.x - left) / width, 1 - (high - point.y) / height) for point in points]
    line = Markup(
        '<svg x="0" y="{}" width="100%" height="{}" viewBox="0 0 100 100"'
        ' preserveAspectRatio="none"><polyline class="curve" points="{}"/></svg>'
        '<text class="small" x="100%" y="{}" text-anchor="end">lowest {}</text>'
    ).format(TOP_PX, PLOT_PX, " ".join(path), TOP_PX + PLOT_PX - 6, number_text(low))
    feet = [_foot(f"{unit} {number_text(left)}", 0), _foot(f"{unit} {number_text(right)}", 100)]
    parts = [_frame(f"highest {number_text(high)}"), line, *feet]
    return svg_chart("img", label, TOP_PX + PLOT_PX + FOOT_PX, parts)


def estimate_chart(
    label: str, estimates: Sequence[Estimate], ticks: Sequence[float], threshold: float
) -> Markup:
    """A line through estimated shares, their intervals as a band, and the threshold.

    `ticks` are the places of the ground line, from end to end; not all need have an estimate.
    """
    left, width = ticks[0], ticks[-1] - ticks[0]
    places = [(estimate.x - left) / width for estimate in estimates]
    upper = [_point(x, estimate.high) for x, estimate in zip(places, estimates, strict=True)]
    lower = [_point(x, estimate.low) for x, estimate in zip(places, estimates, strict=True)]
    middle = [_point(x, estimate.value) for x, estimate in zip(places, estimates, strict=True)]
    x = 100 * (threshold - left) / width
    parts = [
        _frame("100 %", right=x <= 50),
        Markup(
            '<svg x="0" y="{}" width="100%" height="{}" viewBox="0 0 100 100"'
            ' preserveAspectRatio="none"><polygon class="band" points="{}"/>'
            '<polyline class="curve" points="{}"/></svg>'
        ).format(TOP_PX, PLOT_PX, " ".join([*upper, *reversed(lower)]), " ".join(middle)),
        *[_dot(100 * x, estimate) for x, estimate in zip(places, estimates, strict=True)],
    ]
    if 0 <= x <= 100:
        parts.append(_threshold("threshold", threshold, x))
    parts += [_foot(f"{tick:.2f}", 100 * (tick - left) / width) for tick in ticks[::2]]
    return svg_chart("img", label, TOP_PX + PLOT_PX + FOOT_PX, parts)


def _point(x: float, share: float) -> str:
    """A point of a line in a viewBox of 100 by 100; x from the left and share from the ground."""
    return f"{percent(100 * x)},{percent(100 * (1 - share))}"


def _dot(x: float, estimate: Estimate) -> Markup:
    title = (
        f"{estimate.x:g}: {estimate.value:.0%}, between {estimate.low:.0%} and {estimate.high:.0%}"
    )
    return Markup('<g><title>{}</title><circle class="dot" cx="{}%" cy="{}" r="3.5"/></g>').format(
        title, percent(x), round(TOP_PX + PLOT_PX * (1 - estimate.value), 2)
    )


def _threshold(name: str, value: float, x: float) -> Markup:
    """A line across the plot at `x` percent, with its name and value beside its upper end."""
    offset, anchor = (-5, "end") if x > 50 else (5, "start")
    return Markup(
        '<line class="mark" x1="{0}%" x2="{0}%" y1="14" y2="{1}"/>'
        '<text class="small strong" x="{0}%" dx="{2}" y="12" text-anchor="{3}">{4} {5}</text>'
    ).format(percent(x), TOP_PX + PLOT_PX, offset, anchor, name, number_text(value))


def _frame(highest: str, right: bool = False) -> Markup:
    """Ground line, ceiling, and what the ceiling means, on the side that is free."""
    return Markup(
        '<text class="small" x="{}" y="12" text-anchor="{}">{}</text>'
        '<line class="grid" x1="0" x2="100%" y1="{}" y2="{}"/>'
        '<line class="axis" x1="0" x2="100%" y1="{}" y2="{}"/>'
    ).format(
        "100%" if right else "0", "end" if right else "start", highest,
        TOP_PX, TOP_PX, TOP_PX + PLOT_PX, TOP_PX + PLOT_PX,
    )  # fmt: skip


def _ticks(bins: int) -> list[int]:
    """Edges of bins to write a number at: both ends, and a few between."""
    every = -(-bins // _TICKS)
    inner = [edge for edge in range(0, bins, every) if bins - edge > every / 2]
    return [*inner, bins]


def _foot(text: str, x: float) -> Markup:
    """A number below the ground line, at `x` percent."""
    anchor = "start" if x < 1 else "end" if x > 99 else "middle"
    return Markup('<text class="small" x="{}%" y="{}" text-anchor="{}">{}</text>').format(
        percent(x), TOP_PX + PLOT_PX + 16, anchor, text
    )
