"""Shared parts: lines and sentences that many questions have in common, wherever they stand.

Where nine tenths of a prompt are the manual of a tool, its vector describes the manual, and
different tasks after one manual are near each other: 16 of 48 near-duplicates that were read were
such tasks. Sentences of a form, in whatever order, do the same: 210 of 250 clinical notes fell
though each had other findings. So what many share is template, and what is left of a question
without its shared parts is compared by itself too.
"""

from dataclasses import dataclass

import polars as pl

SHARED = 20
"""Different questions from which a common part is that of a template and no coincidence."""

END = r"[.!?:。！？：]\s+|[。！？：]|\s*\n\s*"
"""Where a line or a sentence ends."""

_MARK = "\x1f"
"""What separates parts for a moment; the unit separator of ASCII, which no text needs."""

_ENDS = " \n\r\t.!?:。！？："


@dataclass(frozen=True)
class SharedParts:
    """The parts that at least `SHARED` different questions of a set have in common.

    In lower case, with every number as 0.
    """

    parts: frozenset[str]

    def split(self, questions: pl.Series) -> pl.DataFrame:
        """The shared parts of questions, and what is left of them.

        Returns:
            `shared`, the different shared parts of each question, sorted and on a line each ("" for
            none), and `rest`, what is left in its order. A question of a single part has no shared
            ones. One of shared parts alone leaves nothing.
        """
        pieces = _pieces(questions)
        is_shared = pl.col("name").is_in(list(self.parts))
        named = pieces.with_columns(shared=is_shared).filter(pl.col("shared").any().over("row"))
        split = named.group_by("row").agg(
            shared=pl.col("name").filter("shared").unique().sort().str.join("\n"),
            rest=pl.col("piece").filter(~pl.col("shared")).str.join("").str.strip_chars(),
        )
        every = pl.DataFrame({"question": questions}).with_row_index("row")
        joined = every.join(split, on="row", how="left", maintain_order="left")
        return joined.select(
            pl.col("shared").fill_null(""), pl.coalesce("rest", "question").alias("rest")
        )


def find_shared_parts(questions: pl.Series) -> SharedParts:
    """Find the shared parts of a set of questions; their order and copies do not matter."""
    names = _pieces(questions.unique()).filter(pl.col("name") != "").unique(["row", "name"])
    counts = names.group_by("name").len()
    return SharedParts(frozenset(counts.filter(pl.col("len") >= SHARED)["name"]))


def _pieces(questions: pl.Series) -> pl.DataFrame:
    """The lines and sentences (`row, piece, name`) of the questions that have several.

    The name is what two spellings of a part have in common; numbers do not make another part.
    """
    marked = questions.str.replace_all(_MARK, " ").str.replace_all(END, f"${{0}}{_MARK}")
    pieces = pl.DataFrame({"piece": marked.str.split(_MARK)}).with_row_index("row")
    pieces = pieces.explode("piece").filter(pl.col("piece") != "")
    several = pieces.filter(pl.len().over("row") > 1)
    name = pl.col("piece").str.strip_chars(_ENDS).str.to_lowercase().str.replace_all(r"\d+", "0")
    return several.with_columns(name=name)
