"""What all charts share: inline SVG in which text is text and colours are CSS variables.

Horizontal positions are percentages and there is no viewBox, so a chart is as wide as its column
and its letters keep their size, on a phone as on paper.
"""

import re
from collections.abc import Sequence

from markupsafe import Markup

LINE_PX = 16
"""Height of a line of small text."""

_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 forbids; data may contain them."""


def svg_chart(role: str, label: str, height: int, parts: Sequence[Markup]) -> Markup:
    """A chart of `height` pixels; `label` is what a screen reader says of it."""
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" role="{}" aria-label="{}" width="100%"'
        ' height="{}">{}</svg>'
    ).format(role, printable(label), height, Markup("").join(parts))


def percent(value: float) -> str:
    """A percentage to three decimals, without the sign."""
    return f"{value:.3f}".rstrip("0").rstrip(".")


def number_text(value: float) -> str:
    """A number as people write it, to four digits."""
    return f"{value:,.0f}" if value == round(value) else f"{value:.4g}"


def printable(text: str) -> str:
    """The text, with U+FFFD for every character that XML forbids."""
    return _UNPRINTABLE.sub("�", text)
