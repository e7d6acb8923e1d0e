"""Which records repeat what a model is to be measured with."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from pipeline.features.embed import Embedder
from pipeline.features.fold import fold
from pipeline.features.language import identify
from pipeline.features.texts import texts
from pipeline.ingest import read_file
from pipeline.judge import Curation
from pipeline.near_duplicates.join import across
from pipeline.near_duplicates.preamble import preambles
from pipeline.near_duplicates.questions import questions_of, with_questions
from pipeline.readers import find_files
from schemas.errors import UserError
from schemas.progress import Progress, quiet
from schemas.record import Record, load_messages

QUESTION_SCHEMA: dict[str, type[pl.DataType]] = {"line": pl.String, "question": pl.String}

LEAK_SCHEMA: dict[str, type[pl.DataType]] = {
    "id": pl.String,
    "line": pl.String,
    "cosine": pl.Float64,
    "question": pl.String,
    "guarded": pl.Boolean,
}

BARE = ("question", "prompt", "text", "messages")
"""Columns in which a question stands that has no answer beside it."""


def read_questions(path: Path) -> pl.DataFrame:
    """The questions of a file or folder (`QUESTION_SCHEMA`), `line` being `file:line`.

    Conversations in any format, questions without an answer in a column of `BARE`, or a `.txt` of
    one question a line.

    Raises:
        UserError: it cannot be read, or holds no question.
    """
    rows = [row for file in find_files([path]) for row in _questions(file)]
    found = pl.DataFrame(rows, schema=QUESTION_SCHEMA, orient="row")
    found = found.filter(pl.col("question").str.strip_chars() != "")
    if not len(found):
        raise UserError(
            f"{path} holds no question",
            f"give conversations, or questions in a column {', '.join(BARE[:3])}",
        )
    return found


def leaks(
    kept: pl.DataFrame,
    questions: pl.DataFrame,
    curation: Curation,
    embedder: Embedder,
    threshold: float,
    progress: Progress = quiet,
) -> pl.DataFrame:
    """Find the kept records whose question is a near-duplicate of one of `questions`.

    Tools do not matter here, other than among records: a question is known with or without them.

    Args:
        kept: `Curated.kept`.
        questions: `line` and `question`.
        curation: says which languages the embedding model knows.
        embedder: makes the vectors.
        threshold: cosine above which two questions are the same.
        progress: told how much is embedded.

    Returns:
        One row a record (`LEAK_SCHEMA`), with the nearest question, the nearest first. A record
        with `guarded` differs from each question that it is near in a number, a unit, a negation
        or an opposite: it is no leak, but may have been made from one.
    """
    both = _asked(kept, questions, curation, embedder, progress)
    near = [_exact(kept, questions)]
    for group in both.partition_by("encoder"):
        near.append(_near(group, threshold))
    found = pl.concat(near).sort("guarded", "cosine", "place", descending=[False, True, False])
    found = found.unique("id", keep="first", maintain_order=True)
    found = found.join(questions.with_row_index("place"), on="place", how="left")
    return found.select(LEAK_SCHEMA.keys()).sort(
        "guarded", "cosine", "id", descending=[False, True, False]
    )


NEAR_SCHEMA: dict[str, type[pl.DataType]] = {
    "id": pl.String,
    "place": pl.UInt32,
    "cosine": pl.Float64,
    "guarded": pl.Boolean,
}


def _asked(
    kept: pl.DataFrame,
    questions: pl.DataFrame,
    curation: Curation,
    embedder: Embedder,
    progress: Progress,
) -> pl.DataFrame:
    """Kept questions, then those of the file (`id` is their place), with what is compared."""
    spoken = identify(questions["question"].to_list(), curation.features.language)
    files = questions.with_row_index("id").select(
        pl.col("id").cast(pl.String),
        "question",
        question_language=pl.Series(spoken, dtype=pl.String),
        tool_set=pl.lit(""),
        of_file=pl.lit(value=True),
    )
    ours = kept.select(*files.columns[:4], of_file=pl.lit(value=False))
    both = pl.concat([ours, files])
    shared = preambles(both["question"])
    return with_questions(both, curation.features, embedder, shared, progress)


def _near(group: pl.DataFrame, threshold: float) -> pl.DataFrame:
    """Of each kept record of one encoder the nearest question, guarded or not (`NEAR_SCHEMA`)."""
    group = group.sort("of_file", maintain_order=True)
    said = questions_of(group)
    first = int((~group["of_file"]).sum())
    ids, places = group["id"][:first], group["id"][first:].cast(pl.UInt32)
    best = pl.DataFrame(schema=NEAR_SCHEMA)
    for rows, columns, cosine in across(said.vectors[:first], said.vectors[first:], threshold):
        apart = said.different(rows, columns + first, threshold)
        rows, columns, cosine = rows[~apart], columns[~apart], cosine[~apart]
        tile = pl.DataFrame(
            {
                "id": ids.gather(rows),
                "place": places.gather(columns),
                "cosine": np.minimum(cosine, 1),  # of vectors in float32, it may be 1 + 4e-8
                "guarded": said.guarded(rows, columns + first),
            },
            schema=NEAR_SCHEMA,
        )
        both = pl.concat([best, tile]).sort("cosine", "place", descending=[True, False])
        best = both.unique(["id", "guarded"], keep="first", maintain_order=True)
    return best


def _exact(kept: pl.DataFrame, questions: pl.DataFrame) -> pl.DataFrame:
    """Records that repeat a question but for its spelling, as a whole or in one of their turns."""
    place = {fold(question): place for place, question in enumerate(questions["question"])}
    found = [
        (id, next(place[turn] for turn in turns if turn in place), 1.0, False)
        for id, turns in zip(kept["id"], map(_turns, kept["messages"]), strict=True)
        if not turns.isdisjoint(place)
    ]
    return pl.DataFrame(found, schema=NEAR_SCHEMA, orient="row")


def _turns(messages_json: str) -> set[str]:
    users = [m.text for m in load_messages(messages_json) if m.role == "user"]
    return {fold(text) for text in [*users, "\n".join(users)]}


def _questions(file: Path) -> Iterator[tuple[str, str]]:
    """The questions of a file with their place."""
    if file.suffix == ".txt" and not _is_json(file):
        lines = file.read_text("utf-8-sig", errors="replace").splitlines()
        yield from ((f"{file.name}:{number}", line) for number, line in enumerate(lines, 1))
        return
    for row in read_file(file):
        if isinstance(row, Record):
            yield row.source, texts(row.messages_json)["question"]
        else:
            yield row.source, _bare(row.text)


def _is_json(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")


def _bare(text: str) -> str:
    """The question of a row that is no conversation, given as JSON; empty if there is none."""
    try:
        row = json.loads(text)
    except ValueError:
        return ""
    if not isinstance(row, dict):
        return ""
    columns = {str(name).strip().lower(): value for name, value in row.items()}
    return next((said for name in BARE if (said := _said(columns.get(name)))), "")


def _said(value: Any) -> str:
    """A text, or what the user says in a list of turns."""
    if isinstance(value, str):
        return value.strip()
    turns = [turn for turn in value if isinstance(turn, dict)] if isinstance(value, list) else []
    users = [turn.get("content") for turn in turns if turn.get("role") == "user"]
    return "\n".join(text.strip() for text in users if isinstance(text, str))
