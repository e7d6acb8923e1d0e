"""Which records repeat a question that a model will be evaluated with."""

from typing import NamedTuple

import numpy as np
import polars as pl

from pipeline.audit.evaluation_questions import Benchmark
from pipeline.curation.curated import Curated
from pipeline.curation.masking import unmasked
from pipeline.curation.run_stages import Curation
from pipeline.features.embed import Embedder
from pipeline.features.fold import fold
from pipeline.features.language import identify
from pipeline.near_duplicates.corpus import corpus_of
from pipeline.near_duplicates.join import exact_pairs
from pipeline.near_duplicates.questions import questions_of, with_questions
from pipeline.store.store import Store
from schemas.errors import UserError
from schemas.progress import Progress, quiet
from schemas.record import load_messages

LEAK_SCHEMA: dict[str, type[pl.DataType]] = {
    "id": pl.String,
    "line": pl.String,
    "cosine": pl.Float64,
    "question": pl.String,
    "guarded": pl.Boolean,
}


def leaks(
    kept: pl.DataFrame,
    questions: pl.DataFrame,
    curation: Curation,
    embedder: Embedder,
    threshold: float,
    progress: Progress = quiet,
) -> pl.DataFrame:
    """Find the kept records whose question is a near-duplicate of one of `questions`.

    Unlike among records, tools do not matter here: a question leaks with or without them.

    Args:
        kept: `Curated.kept`, as it was given (`masking.unmasked`), since masking changes questions.
        questions: `Benchmark.questions`.
        curation: says which languages the embedding model knows.
        embedder: makes the vectors.
        threshold: cosine above which two questions count as the same.
        progress: told how much is embedded.

    Returns:
        One row a record (`LEAK_SCHEMA`) with its nearest question; the nearest records come first,
        those that are `guarded` last. A guarded record differs from each question that it is near
        in a number, a unit, a negation or an opposite: it is no leak, but may have been made from
        one of them.
    """
    both = _with_benchmark(kept, questions, curation, embedder, progress)
    parts = [_exact_repeats(kept, questions)]
    parts += [_nearest_questions(group, threshold) for group in both.partition_by("encoder")]
    pairs = pl.concat(parts).sort("guarded", "cosine", "place", descending=[False, True, False])
    nearest = pairs.unique("id", keep="first", maintain_order=True)
    nearest = nearest.join(questions.with_row_index("place"), on="place", how="left")
    return nearest.select(LEAK_SCHEMA.keys()).sort(
        "guarded", "cosine", "id", descending=[False, True, False]
    )


NEAR_SCHEMA: dict[str, type[pl.DataType]] = {
    "id": pl.String,
    "place": pl.UInt32,
    "cosine": pl.Float64,
    "guarded": pl.Boolean,
}


def _with_benchmark(
    kept: pl.DataFrame,
    questions: pl.DataFrame,
    curation: Curation,
    embedder: Embedder,
    progress: Progress,
) -> pl.DataFrame:
    """Kept questions, then those of the benchmark (`id` is their place), with what is compared."""
    spoken = identify(questions["question"].to_list(), curation.features.language)
    benchmark = questions.with_row_index("id").select(
        pl.col("id").cast(pl.String),
        "question",
        question_language=pl.Series(spoken, dtype=pl.String),
        tool_set=pl.lit(""),
        of_benchmark=pl.lit(value=True),
    )
    ours = kept.select(*benchmark.columns[:4], of_benchmark=pl.lit(value=False))
    both = pl.concat([ours, benchmark])
    corpus = corpus_of(both)
    return with_questions(both, curation.features, embedder, corpus, progress)


def _nearest_questions(group: pl.DataFrame, threshold: float) -> pl.DataFrame:
    """For each kept record of one encoder the nearest guarded question and the nearest other one.

    The columns are those of `NEAR_SCHEMA`.
    """
    group = group.sort("of_benchmark", maintain_order=True)
    compared = questions_of(group)
    first = int((~group["of_benchmark"]).sum())
    ours, theirs = compared.vectors[:first], compared.vectors[first:]
    ids, places = group["id"][:first], group["id"][first:].cast(pl.UInt32)
    best = pl.DataFrame(schema=NEAR_SCHEMA)
    for rows, columns, cosine in exact_pairs(ours, theirs, threshold):
        alike = ~compared.different(rows, columns + first, threshold)
        rows, columns, cosine = rows[alike], columns[alike], cosine[alike]
        tile = pl.DataFrame(
            {
                "id": ids.gather(rows),
                "place": places.gather(columns),
                "cosine": np.minimum(cosine, 1),  # rounding may take it to 1 + 4e-8
                "guarded": compared.guarded(rows, columns + first),
            },
            schema=NEAR_SCHEMA,
        )
        both = pl.concat([best, tile]).sort("cosine", "place", descending=[True, False])
        best = both.unique(["id", "guarded"], keep="first", maintain_order=True)
    return best


def _exact_repeats(kept: pl.DataFrame, questions: pl.DataFrame) -> pl.DataFrame:
    """Records that repeat a question but for case and spacing, in one turn or all together."""
    place = {fold(question): place for place, question in enumerate(questions["question"])}
    repeats = [
        (id, next(place[turn] for turn in turns if turn in place), 1.0, False)
        for id, turns in zip(kept["id"], map(_turns, kept["messages"]), strict=True)
        if not turns.isdisjoint(place)
    ]
    return pl.DataFrame(repeats, schema=NEAR_SCHEMA, orient="row")


def _turns(messages_json: str) -> set[str]:
    users = [m.text for m in load_messages(messages_json) if m.role == "user"]
    return {fold(text) for text in [*users, "\n".join(users)]}


class Leakage(NamedTuple):
    """What a benchmark finds among the kept records."""

    kept: int
    """Records that were compared."""
    threshold: float
    leaks: pl.DataFrame
    """Records that repeat a question: `id, line, cosine, question, kept_question`."""
    guarded: pl.DataFrame
    """Records as near, held apart by a number, a unit, a negation or an opposite."""
    benchmark: Benchmark
    """The questions, and the rows of the file in which none was found."""


def find_leaks(
    store: Store,
    curated: Curated,
    benchmark: Benchmark,
    curation: Curation,
    threshold: float,
    progress: Progress = quiet,
) -> Leakage:
    """Find the kept records that repeat a question of a benchmark; arguments as `leaks`.

    Raises:
        UserError: nothing is kept.
    """
    kept = curated.kept
    if not len(kept):
        raise UserError(
            "nothing is kept in this workspace, so there is nothing to check",
            "`curate ingest FILE` reads chats, and `curate status` says what became of them",
        )
    embedder = Embedder(curation.features.embedding, store.cache_dir)
    given = unmasked(kept, store.records())
    near = leaks(given, benchmark.questions, curation, embedder, threshold, progress)
    shown = kept.select("id", kept_question="question")  # masked, as it is kept
    near = near.join(shown, on="id", how="left", maintain_order="left")
    leaked, guarded = near.filter(~pl.col("guarded")), near.filter("guarded")
    return Leakage(len(kept), threshold, leaked.drop("guarded"), guarded.drop("guarded"), benchmark)
