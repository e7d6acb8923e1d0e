"""A cheap look at many records, and a careful one at the few that remain.

Regular expressions in Polars read 100,000 replies in tenths of a second but have no look-around;
Python can measure what a reply means but is slow. So a stage that reads texts screens them first.
"""

import re
from collections.abc import Callable, Sequence

import polars as pl

_NOT_PROSE = re.compile(
    r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|`[^`\n]*`|https?://\S+|\$\$.*?\$\$|\\\[.*?\\\]", re.DOTALL
)
"""Code, addresses and formulas: brackets and tags belong there."""


def prose(text: str) -> str:
    """The text without code, addresses and formulas."""
    return _NOT_PROSE.sub(" ", text)


def any_reply(pattern: str) -> pl.Expr:
    """Whether any reply of a record contains the pattern."""
    return pl.col("replies").list.eval(pl.element().str.contains(pattern)).list.any()


def measured(
    records: pl.DataFrame, suspicious: pl.Expr, measure: Callable[[str, list[str]], float]
) -> pl.DataFrame:
    """The suspicious records in which `measure` finds something.

    Args:
        records: A frame of `pipeline.features.describe`.
        suspicious: The cheap look.
        measure: The careful one. It is given the question and the replies, and returns a number:
            how much it found, or 0.

    Returns:
        The records above 0, with that number in the column `measure`.
    """
    few = records.filter(suspicious)
    texts = zip(few["question"], few["replies"], strict=True)
    numbers = [float(measure(question, list(replies))) for question, replies in texts]
    return with_measure(few, numbers)


def with_measure(records: pl.DataFrame, numbers: Sequence[float]) -> pl.DataFrame:
    """The records whose number is above 0, with the number in the column `measure`."""
    measures = pl.Series(numbers, dtype=pl.Float64)
    return records.with_columns(measure=measures).filter(pl.col("measure") > 0)
