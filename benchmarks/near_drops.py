"""Near-duplicates that curate drops from public questions, drawn at random, to be read.

    python -m benchmarks.near_drops --data ../shared/data [--each 20] [--flags] [--seed 0]

Of each set: questions, dropped, flagged by the guard, and `--each` of the drops (or with `--flags`
of the flags) with their survivor, cosine and differing words in brackets. Sets that are no chats
are read by their column of questions.
"""

import argparse
import random
import tempfile
from pathlib import Path

import polars as pl

from curate.report.twins import bracketed, excerpts
from pipeline.features import Features, describe
from pipeline.features.embed import Embedder
from pipeline.features.language import identify
from pipeline.ingest import ingest_files
from pipeline.near_duplicates.questions import with_questions
from pipeline.near_duplicates.stage import NearDuplicate
from pipeline.store.store import Store

COLUMNS = {
    "banking77/train.csv": ("text",),
    "bitext-support/Bitext_Sample_Customer_Service_Training_Dataset.csv": ("utterance",),
    "stsb-multilingual/train.csv.gz": ("sentence1", "sentence2"),
}
CHATS = ("gpteacher-toolformer/toolformer-dedupe-only-dataset.json.gz", "gsm8k/train.jsonl.gz")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--each", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--flags", action="store_true", help="show what the guard stopped")
    parser.add_argument("--cache", type=Path, help="a folder that keeps embeddings")
    given = parser.parse_args()
    features = Features()
    with tempfile.TemporaryDirectory() as folder:
        embedder = Embedder(features.embedding, given.cache or Path(folder) / "cache")
        for name in (*COLUMNS, *CHATS):
            path = given.data / name
            texts = of_columns(path, features) if name in COLUMNS else of_chats(path, features)
            frame = with_questions(texts, features, embedder)
            show(name, frame, given.each, given.seed, given.flags)


def show(name: str, frame: pl.DataFrame, each: int, seed: int, flags: bool) -> None:
    """Print one set's counts and some of its pairs."""
    verdicts = NearDuplicate()(frame)
    drops, guarded = verdicts.filter(action="drop"), verdicts.filter(reason="guarded_pair")
    counts = f"{len(drops):,} dropped, {len(guarded):,} guarded"
    print(f"\n## {name}: {len(frame):,} questions, {counts}\n")
    rows = (guarded if flags else drops).sort("id").to_dicts()
    texts = dict(frame.select("id", "question").iter_rows())
    for row in random.Random(seed).sample(rows, min(each, len(rows))):
        both = excerpts([texts[row["id"]], texts[row["other_id"]]])
        fallen, survivor = map(bracketed, both)
        print(f"- {row['value']:.3f} {row['reason']}\n    {fallen!r}\n    {survivor!r}")


def of_columns(path: Path, features: Features) -> pl.DataFrame:
    """The distinct texts of a table's columns as questions."""
    table = pl.read_csv(path, infer_schema=False)
    language = pl.col("language") if "language" in table.columns else pl.lit("en")
    name = f"{path.parent.name}/{path.name}"
    texts = pl.concat(
        [table.select(question=column, question_language=language) for column in COLUMNS[name]]
    )
    texts = texts.unique(maintain_order=True).with_row_index("id")
    if "language" not in table.columns:
        spoken = identify(texts["question"].to_list(), features.language)
        texts = texts.with_columns(question_language=pl.Series(spoken))
    return texts.with_columns(
        pl.col("id").cast(pl.String).str.zfill(6),
        tool_set=pl.lit(""),
        system_key=pl.lit(""),
        origin=pl.lit("human"),
        reviewed=pl.lit(value=False),
        replies=pl.lit([""], dtype=pl.List(pl.String)),
    )


def of_chats(path: Path, features: Features) -> pl.DataFrame:
    """The records of a file, as the stage sees them."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        ingest_files(store, [path])
        frame = describe(store.records(), features)
    return frame.unique("repeat_key", keep="any").with_columns(reviewed=pl.lit(value=False))


if __name__ == "__main__":
    main()
