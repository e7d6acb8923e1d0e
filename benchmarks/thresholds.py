"""Precision and recall of each encoder by language and threshold, on pairs of three kinds.

    python -m benchmarks.thresholds --data DIR [--cache DIR] [--languages CODE ...]

Rated: `stsb-multilingual`, where people scored the pairs of eleven languages. Templated: pairs of
`benchmarks.templated_pairs`, where one part or only the wording changes. Intents: all pairs of
questions of `banking77`, and of `clinc150`; two intents are two questions, but one intent is not
always one question, so its precision is an upper estimate, and its recall means nothing.

Cosines are those of one encoder in languages that it knows (of n-grams in every language), without
the guard. In brackets stand 95 % intervals (Wilson). False is the share of different pairs above
the threshold. Precision depends on how many of the pairs are the same; false and recall do not.
"""

import argparse
import csv
import gzip
import itertools
import json
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
from scipy.stats import binomtest

from benchmarks.minimal_pairs import rated_pairs
from benchmarks.templated_pairs import PARTS, WORDING, templated_pairs
from pipeline.audit.calibration.pairs import THRESHOLDS
from pipeline.features.embed import Embedder, EmbeddingSettings
from pipeline.features.models import MINILM, NGRAMS, UNIVERSAL, models

RATED, TEMPLATED = "rated", "templated"

INTENTS = ("banking77", "clinc150")

ENCODERS = (MINILM, UNIVERSAL, NGRAMS)

ALL = "all"
"""All languages of an encoder together."""


class Labelled(NamedTuple):
    """Two texts of one language, and whether they ask for the same."""

    kind: str
    language: str
    changed: str
    """The one part in which they differ, or nothing."""
    same: bool
    one: str
    other: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, help="where vectors are kept for the next time")
    parser.add_argument("--languages", nargs="+", metavar="CODE", help="only these")
    parser.add_argument("--engine", choices=["torch", "onnx"], default="onnx")
    parser.add_argument(
        "--pairs", type=int, default=150, help="templated pairs a language and part"
    )
    parser.add_argument("--questions", type=int, default=5000, help="questions of each intent set")
    options = parser.parse_args()
    labelled = [*_rated(options.data), *_templated(options.pairs)]
    if options.languages:
        labelled = [pair for pair in labelled if pair.language in options.languages]
    with tempfile.TemporaryDirectory() as folder:
        found = pl.concat(
            measured(model, options, labelled, options.cache or Path(folder)) for model in ENCODERS
        )
    print_by_threshold(found)
    print_by_group(found)


def measured(
    model: str, options: argparse.Namespace, labelled: list[Labelled], cache: Path
) -> pl.DataFrame:
    """Counts by kind, language, changed part and threshold, of one encoder."""
    embedder = Embedder(EmbeddingSettings(model=model, engine=options.engine), cache)
    known = models()[model].languages
    pairs = [pair for pair in labelled if not known or pair.language in known]
    frames = [_counted(pairs, _cosines(embedder, pairs))]
    if not options.languages or "en" in options.languages:
        frames += [_intents(embedder, options, name) for name in INTENTS]
    return pl.concat(frames).with_columns(model=pl.lit(model))


def _rated(data: Path) -> Iterator[Labelled]:
    for pair, same in rated_pairs(data):
        yield Labelled(RATED, pair.language, "", same, pair.one, pair.other)


def _templated(count: int) -> Iterator[Labelled]:
    for pair in templated_pairs(count):
        same = pair.changed == WORDING
        yield Labelled(TEMPLATED, pair.language, pair.changed, same, pair.one, pair.other)


def _cosines(embedder: Embedder, pairs: list[Labelled]) -> np.ndarray:
    vectors = embedder.vectors([text for pair in pairs for text in (pair.one, pair.other)])
    return (vectors[::2].astype(np.float64) * vectors[1::2]).sum(axis=1)


_GROUP = ("kind", "language", "changed", "same")


def _counted(pairs: list[Labelled], cosines: np.ndarray) -> pl.DataFrame:
    """For each group and threshold the pairs, and those above it."""
    frame = pl.DataFrame(
        [(pair.kind, pair.language, pair.changed, pair.same) for pair in pairs],
        schema=dict(zip(_GROUP, (pl.String, pl.String, pl.String, pl.Boolean), strict=True)),
        orient="row",
    ).with_columns(cosine=pl.Series(cosines))
    return pl.concat(
        frame.group_by(_GROUP).agg(
            threshold=pl.lit(threshold),
            pairs=pl.len().cast(pl.Int64),
            above=(pl.col("cosine") > threshold).sum().cast(pl.Int64),
        )
        for threshold in THRESHOLDS
    )


def _intents(embedder: Embedder, options: argparse.Namespace, name: str) -> pl.DataFrame:
    """The same of all pairs of a sample of questions."""
    questions = sorted(set(_questions(options.data, name)))
    questions = random.Random(0).sample(questions, min(options.questions, len(questions)))
    vectors = embedder.vectors([text for text, _ in questions])
    rows, columns = np.triu_indices(len(questions), 1)
    intents = np.array([intent for _, intent in questions])
    same = intents[rows] == intents[columns]
    cosines = (vectors @ vectors.T)[rows, columns]
    lines = []
    for alike in (True, False):
        chosen = cosines[same == alike]
        for threshold in THRESHOLDS:
            above = int((chosen > threshold).sum())
            lines.append((name, "en", "", alike, threshold, len(chosen), above))
    return pl.DataFrame(lines, schema=[*_GROUP, "threshold", "pairs", "above"], orient="row")


def _questions(data: Path, name: str) -> Iterator[tuple[str, str]]:
    """Questions with their intents; those without one are left out."""
    if name == "banking77":
        with (data / name / "train.csv").open(newline="", encoding="utf-8") as file:
            yield from ((row["text"], row["category"]) for row in csv.DictReader(file))
    else:
        sets = json.loads(gzip.decompress((data / name / "data_full.json.gz").read_bytes()))
        for part in ("train", "val", "test"):
            yield from ((text, intent) for text, intent in sets[part])


def print_by_threshold(found: pl.DataFrame) -> None:
    """A table of every kind and encoder: languages, and all together, by threshold."""
    for [kind, model], rows in found.group_by("kind", "model", maintain_order=True):
        print(f"\n{kind}, {model}\n")
        print("| language | same, different | threshold | precision | recall | false |")
        print("|---|---|---|---|---|---|")
        languages = sorted(rows["language"].unique())
        for language in languages + ([ALL] if len(languages) > 1 else []):
            for threshold in THRESHOLDS:
                print(_line(rows.filter(threshold=threshold), language))


def _line(rows: pl.DataFrame, language: str) -> str:
    few = rows if language == ALL else rows.filter(language=language)
    same, same_above = _totals(few, True)
    different, false = _totals(few, False)
    threshold = few["threshold"][0]
    return (
        f"| {language} | {same:,}, {different:,} | {threshold:.2f} |"
        f" {_share(same_above, same_above + false)} | {_share(same_above, same)} |"
        f" {_share(false, different)} |"
    )


def _totals(rows: pl.DataFrame, same: bool) -> tuple[int, int]:
    few = rows.filter(same=same)
    return int(few["pairs"].sum()), int(few["above"].sum())


def _share(count: int, whole: int) -> str:
    """A percentage with its 95 % interval."""
    if not whole:
        return ""
    low, high = binomtest(count, whole).proportion_ci(method="wilson")
    return f"{100 * count / whole:.1f} ({100 * low:.1f} to {100 * high:.1f})"


def print_by_group(found: pl.DataFrame) -> None:
    """Rated pairs, and templated ones by what changed, of three groups of languages."""
    names = (*PARTS, WORDING)
    heads = ("encoder", "languages", "threshold", "precision", "recall", "all changed", *names)
    print("\nprecision and recall of rated pairs; shares of templated pairs above, by the change\n")
    print("| " + " | ".join(heads) + " |\n" + "|---" * len(heads) + "|")
    minilm, universal = models()[MINILM].languages, models()[UNIVERSAL].languages
    groups = {
        "English": {"en"},
        "others of MiniLM": minilm - {"en"},
        "others of the universal encoder": universal - minilm,
    }
    for (name, codes), model in itertools.product(groups.items(), ENCODERS):
        few = found.filter(pl.col("language").is_in(codes), model=model)
        for threshold in THRESHOLDS if len(few) else ():
            cells = _cells(few.filter(threshold=threshold))
            print(f"| {model} | {name} | {threshold:.2f} | " + " | ".join(cells) + " |")


def _cells(rows: pl.DataFrame) -> list[str]:
    rated, templated = (rows.filter(kind=kind) for kind in (RATED, TEMPLATED))
    (same, right), (_, wrong) = _totals(rated, True), _totals(rated, False)
    different, false = _totals(templated, False)
    changes = [templated.filter(changed=name) for name in (*PARTS, WORDING)]
    return [
        _share(right, right + wrong),
        _share(right, same),
        _share(false, different),
        *(_share(part["above"].sum(), part["pairs"].sum()) for part in changes),
    ]


if __name__ == "__main__":
    main()
