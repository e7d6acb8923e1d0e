"""Replies that somebody meant to write later."""

import re

import polars as pl
from pydantic import Field

from pipeline.stage import Stage
from schemas.reasons import Reason

CODE = re.compile(r"```.*?```|`[^`\n]*`|https?://\S+|\$\$.*?\$\$", re.DOTALL)
"""Brackets in code, addresses and formulas are what they are."""

SLOT = re.compile(
    r"""
    \{\{ \s* [^{}\n]{1,60} \s* \}\}                                # {{reply}}
    | \[ (?=[A-Z]|insert|your) [A-Za-z][A-Za-z0-9 '/_#-]{1,50} \] (?!\()   # [Your Name], no link
    | < (?:insert|your|enter|add|write) \b [^<>\n]{0,60} >          # <insert answer>
    """,
    re.VERBOSE,
)

WHOLE_SLOT = re.compile(
    r"""^\s* (?: \[ [^\[\]<>\d,"'=/]{3,80} \] | < (?=\S+\s) [^\[\]<>\d,"'=/]{3,80} > ) [.\s]* $""",
    re.VERBOSE,
)
"""A reply that is nothing but a bracket is a slot in any language; `<div>` alone is code."""

UNWRITTEN = re.compile(r"^\s*TODO\b.{0,80}$|^.{0,40}\b[Ll]orem ipsum dolor\b", re.DOTALL)
"""TODO in capitals only: in lower case it is Spanish for "everything"."""


class Placeholder(Stage):
    """Drop replies that are a slot to fill; flag slots in a document that was asked for.

    221 of 227 models write `[Your Name]` in an e-mail that somebody asked for, so only a reply
    that is mostly slots falls.
    """

    share: float = Field(default=0.5, gt=0, le=1)
    """Share of a reply's letters inside slots, from which it is dropped."""

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; the value is the share of the worst reply that is slots."""
        shares = [max(map(slot_share, row), default=0.0) for row in records["replies"]]
        found = records.with_columns(slots=pl.Series(shares, dtype=pl.Float64))
        mostly = pl.col("slots") >= self.share
        return pl.concat(
            [
                self.drop(found.filter(mostly), Reason.placeholder, pl.col("slots")),
                self.flag(
                    found.filter(~mostly & (pl.col("slots") > 0)),
                    Reason.slot_in_document,
                    pl.col("slots"),
                ),
            ]
        )


def slot_share(reply: str) -> float:
    """The share of a reply's non-blank characters that stand inside slots: 0.0 to 1.0."""
    prose = CODE.sub(" ", reply)
    if WHOLE_SLOT.match(prose) or UNWRITTEN.match(prose):
        return 1.0
    inside = sum(len("".join(slot.split())) for slot in SLOT.findall(prose))
    total = len("".join(prose.split()))
    return inside / total if total else 0.0
