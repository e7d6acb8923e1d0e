"""Cheap looks at many records, and careful ones at the few that remain.

Regular expressions of Polars see 100,000 replies in tenths of a second but know no look-around;
Python knows what a reply means but is slow. So every stage that reads screens first.
"""

import re
from collections.abc import Callable

import polars as pl

CODE = re.compile(
    r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|`[^`\n]*`|https?://\S+|\$\$.*?\$\$|\\\[.*?\\\]", re.DOTALL
)
"""Code, addresses and formulas: brackets and tags in them are what they are."""


def prose(text: str) -> str:
    """The text without code, addresses and formulas."""
    return CODE.sub(" ", text)


def any_reply(pattern: str) -> pl.Expr:
    """Whether one of a record's replies contains the pattern."""
    return pl.col("replies").list.eval(pl.element().str.contains(pattern)).list.any()


def measured(
    records: pl.DataFrame, suspicious: pl.Expr, measure: Callable[[str, list[str]], float]
) -> pl.DataFrame:
    """The suspicious records of which `measure` finds something.

    Args:
        records: A frame of `pipeline.features.describe`.
        suspicious: The cheap screen.
        measure: Given the question and the replies, what was found as a number, or 0.

    Returns:
        These records with the column `found`, the number.
    """
    few = records.filter(suspicious)
    pairs = zip(few["question"], few["replies"], strict=True)
    found = [float(measure(question, list(replies))) for question, replies in pairs]
    return few.with_columns(found=pl.Series(found, dtype=pl.Float64)).filter(pl.col("found") > 0)
