"""Slots that somebody meant to fill: `[Your Name]`, `{{reply}}`, `TODO`."""

import re

import polars as pl
from pydantic import Field

from pipeline.filters.screen import any_reply, measured, prose
from pipeline.filters.stage import Stage
from pipeline.filters.word_lists import whole_words, word_list
from schemas.reasons import Reason

_MAYBE_SLOT = r"\[|<|\{\{|TODO|orem ipsum|(?i:\(insert)|\p{Han}[Xx×]{2}|[Xx×]{2}\p{Han}"

_SLOT = re.compile(
    r"""
    \{\{ \s* [^{}\n]{1,60} \s* \}\}                                # {{reply}}
    # [Your Name], [您的姓名]; no index, no class of characters, no link
    | (?<![\w!]) \[ (?!A-Z|A-F) (?=[A-ZÀ-ÞΑ-ΩА-Я一-鿿぀-ヿ가-힯]|insert|your)
      [^\W\d_][\w '’/#&-]{1,50} \] (?!\()
    | \[ (?:Image|Picture|Photo|Flow\ ?chart|Diagram|Chart|Graph|Map|Video|Logo|Screenshot)
      \ (?:of|showing) \b [^\[\]\n]{3,120} \] (?!\()
    | < (?:insert|your|enter|add|write) \b [^<>\n]{0,60} >          # <insert answer>
    | (?<=\S\s) < no[ _-]?(?:input|output) > | < no[ _-]?(?:input|output) > (?=\s\S)
                                                                   # <noinput>, beside other text
    | !\[ [^\[\]\n]{0,120} \] (?: \( [^()\s]* \)? )?               # ![Image of a cat](cat.png)
    | \( insert \b [^()\n]{3,60} \)                                # (insert picture here)
    | (?<=[一-鿿]) [Xx×]{2,} | (?<![\w]) [Xx×]{2,} (?=[一-鿿])       # 亲爱的XXX
    """,
    re.VERBOSE,
)

_ONLY_A_BRACKET = re.compile(
    r"""^\s* (?: \[ [^\[\]<>\d,"'=/]{3,80} \] | < (?=\S+\s) [^\[\]<>\d,"'=/]{3,80} > ) [.\s]* $""",
    re.VERBOSE,
)
"""A reply that is only a bracket is a slot in any language; `<div>` alone is code."""

_TO_BE_WRITTEN = re.compile(r"^\s*TODO\b.{0,80}$|^.{0,40}\b[Ll]orem ipsum dolor\b", re.DOTALL)
"""TODO in capitals only: in lower case it is Spanish for "everything". Or filler text."""


_VARIABLE = re.compile(r"\{\{ ?[A-Za-z_][\w.]* ?\}\}")


class Placeholder(Stage):
    """Drop replies that are mostly slots to fill; flag slots in a longer reply.

    221 of 227 models write `[Your Name]` in an e-mail that a user asked for, so only a reply that
    is mostly slots is dropped.
    """

    limit = "share"
    measures = "share of the worst reply that is slots"

    share: float = Field(default=0.5, gt=0, le=1)
    """Share of a reply's letters inside slots from which the record is dropped."""

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; each value is what this stage `measures`."""
        with_slots = measured(records, any_reply(_MAYBE_SLOT), _worst_share)
        share = pl.col("measure")
        unfilled = measured(with_slots, any_reply(r"\{\{"), _count_variables)["id"].to_list()
        about_slots = f"(?i){word_list('placeholder', 'about_slots').whole}"
        asked_for = pl.col("question").str.contains(about_slots)
        mostly = ((share >= self.share) & ~asked_for) | pl.col("id").is_in(unfilled)
        return pl.concat(
            [
                self.drop(with_slots.filter(mostly), Reason.placeholder, share),
                self.flag(with_slots.filter(~mostly), Reason.slot_in_document, share),
            ]
        )


def _worst_share(question: str, replies: list[str]) -> float:
    return max(slot_share(reply, question) for reply in replies)


def _count_variables(question: str, replies: list[str]) -> int:
    """Variables of a template that were never filled; none where a document was asked for."""
    if whole_words("placeholder", "asks_for_document").search(question):
        return 0
    return sum(len(_VARIABLE.findall(prose(reply))) for reply in replies)


def slot_share(reply: str, question: str = "") -> float:
    """The share of a reply's non-blank characters in slots that are not in the question: 0 to 1."""
    text = prose(reply)
    if _ONLY_A_BRACKET.match(text) or _TO_BE_WRITTEN.match(text):
        return 1.0
    inside = sum(len("".join(slot.split())) for slot in _SLOT.findall(text) if slot not in question)
    total = len("".join(text.split()))
    return inside / total if total else 0.0
