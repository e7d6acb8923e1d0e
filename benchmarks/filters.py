"""What the filters find in real data, to be read; the tables of docs/filters.md come from here.

    python -m benchmarks.filters --data DIR                     # counts, and what is kept
    python -m benchmarks.filters --data DIR --reason echo -n 10 # ten findings to read
    python -m benchmarks.filters --private                      # secrets and personal data, own set

DIR holds a folder for each set. A sample is the same each time: the smallest hashes of the ids.
"""

import argparse
import hashlib
import tempfile
import time
from pathlib import Path

import polars as pl

from benchmarks.private_texts import precision_and_recall
from pipeline.curation.recipe import Recipe
from pipeline.features import Features, describe
from pipeline.features.open_chat import asks_back, is_brief, with_open_chat
from pipeline.filters.stage import Stage
from pipeline.ingest import ingest_files
from pipeline.store.store import Store
from schemas.errors import UserError
from schemas.reasons import Reason

APART = {Reason.exact_repeat.value, Reason.near_duplicate.value, Reason.short_reply.value}
"""Reasons that say nothing of a reply's quality, or that are counted on their own."""

JUDGED = {
    "alpaca-judged": "alpaca_judge_kept.json",
    "dolly-judge-kept": "dolly_judge_kept.json.gz",
    "llmbar": "",
}
"""Sets of which judges or people said what is good, and the file that holds only that.

All rows of llmbar are preferences; the record is the reply that people chose.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="a folder with a folder for each set")
    parser.add_argument("--reason", choices=[reason.value for reason in Reason])
    parser.add_argument("--action", choices=["drop", "flag"])
    parser.add_argument("-n", type=int, default=10, help="findings to print")
    parser.add_argument("--private", action="store_true", help="the set of our own writing")
    options = parser.parse_args()
    if options.private:
        print_private()
    if options.data:
        frame = read(options.data)
        verdicts = judge(frame)
        found = verdicts.join(frame, on="id").sort("set", "id")
        if options.reason:
            print_sample(found, options.reason, options.action, options.n)
        else:
            print_counts(found, len(frame))
            print_kept(frame, found)
            print_chat(frame)


def read(data: Path) -> pl.DataFrame:
    """Every conversation of every set that can be read, with all features and `set`."""
    sets = []
    for folder in sorted(path for path in data.iterdir() if path.is_dir()):
        with tempfile.TemporaryDirectory() as workspace:
            store = Store(Path(workspace))
            try:
                ingest_files(store, [folder])
            except UserError:
                continue
            records = store.records()
            if len(records):
                described = with_open_chat(describe(records, Features()))
                name = pl.col("source").str.replace("^.*/", "")
                sets.append(described.with_columns(source=name, set=pl.lit(folder.name)))
    return pl.concat(sets).with_columns(reviewed=pl.lit(value=False)).unique("id", keep="first")


def judge(frame: pl.DataFrame) -> pl.DataFrame:
    """The verdicts of all row and key stages; prints what each took."""
    stages: list[Stage] = [*Recipe().stages("row"), *Recipe().stages("key")]
    verdicts, total = [], 0.0
    for stage in stages:
        start = time.process_time()
        verdicts.append(stage(frame))
        seconds = time.process_time() - start
        total += seconds if stage.scope == "row" else 0.0
        print(f"{stage.name():<24}{len(frame) / max(seconds, 1e-9):>14,.0f} rows a core-second")
    print(f"{'all row stages':<24}{len(frame) / total:>14,.0f} rows a core-second")
    return pl.concat(verdicts)


def print_counts(found: pl.DataFrame, rows: int) -> None:
    """How many rows of each set each reason found."""
    print(f"\n{rows:,} records\n\n| reason | action | rows | sets |\n|---|---|---|---|")
    for (reason, action), group in sorted(found.group_by("reason", "action")):
        counts = group.group_by("set").len().sort(["len", "set"], descending=[True, False])
        where = ", ".join(f"{name} {count:,}" for name, count in counts.iter_rows())
        print(f"| {reason} | {action} | {group['id'].n_unique():,} | {where} |")


def print_kept(frame: pl.DataFrame, found: pl.DataFrame) -> None:
    """Of what judges or people kept, the share that falls, by kind."""
    drops = found.filter(pl.col("action") == "drop")
    print("\n| set | kind | rows they kept | dropped by filters | with short_reply | reasons |")
    print("|---|---|---|---|---|---|")
    for name, file in JUDGED.items():
        good = frame.filter((pl.col("set") == name) & pl.col("source").str.starts_with(file))
        kinds = good.with_columns(kind=pl.coalesce("domain_given", _kind()))
        for (kind,), rows in [(("all",), kinds), *sorted(kinds.group_by("kind"))]:
            fallen = drops.filter(pl.col("id").is_in(rows["id"].implode()))
            strict = fallen.filter(~pl.col("reason").is_in(list(APART)))
            short = fallen.filter(pl.col("reason") == Reason.short_reply.value)
            both = pl.concat([strict, short])
            reasons = both["reason"].value_counts(sort=True).iter_rows()
            shares = (f"{_share(part, rows)} %" for part in (strict, both))
            said = ", ".join(f"{reason} {count}" for reason, count in reasons)
            print(f"| {name} | {kind} | {len(rows):,} | {' | '.join(shares)} | {said} |")


def print_chat(frame: pl.DataFrame) -> None:
    """The shares by which open chat is known, of each file in which a quarter is brief."""
    file = pl.col("source").str.replace(r":[^:]*$", "").alias("file")
    shares = frame.group_by("set", file).agg(
        pl.len(), is_brief().mean().alias("brief"), asks_back().mean().alias("asks"),
        pl.col("open_chat").any(),
    )  # fmt: skip
    print(f"\n{len(shares)} files\n\n| set | file | records | brief | asks back | open chat |")
    print("|---|---|---|---|---|---|")
    for row in shares.filter(pl.col("brief") > 0.25).sort("brief", descending=True).iter_rows():
        name, file_name, rows, brief, asks, chat = row
        kind = "yes" if chat else "no"
        print(f"| {name} | {file_name} | {rows:,} | {brief:.2f} | {asks:.2f} | {kind} |")


def _kind() -> pl.Expr:
    """Where no category was given: the file, or for Alpaca whether there was an input."""
    file = pl.col("source").str.extract(r"^([^:.]+)")
    has_input = pl.when(pl.col("question").str.contains("\n\n")).then(pl.lit("with input"))
    alone = has_input.otherwise(pl.lit("without input"))
    return pl.when(pl.col("set") == "alpaca-judged").then(alone).otherwise(file)


def _share(part: pl.DataFrame, whole: pl.DataFrame) -> str:
    return f"{100 * part['id'].n_unique() / max(len(whole), 1):.1f}"


def print_sample(found: pl.DataFrame, reason: str, action: str | None, count: int) -> None:
    """Findings to read, the same each time."""
    of_reason = found.filter(pl.col("reason") == reason)
    of_reason = of_reason.filter(pl.col("action") == action) if action else of_reason
    hashes = [hashlib.sha256(f"{reason} {id}".encode()).hexdigest() for id in of_reason["id"]]
    ordered = of_reason.with_columns(hash=pl.Series(hashes, dtype=pl.String)).sort("hash")
    print(f"\n{reason}: {len(ordered)} findings, {min(count, len(ordered))} to read")
    for row in ordered.head(count).iter_rows(named=True):
        print(f"\n--- {row['set']} {row['source']} {row['action']} {row['value']}")
        print(f"Q: {_ends(row['question'], 400)}")
        print("A: " + "\nA: ".join(_ends(reply, 600) for reply in row["replies"]))


def _ends(text: str, most: int) -> str:
    """The beginning and the end of a text."""
    return text if len(text) <= most else f"{text[: most // 2]} […] {text[-most // 2 :]}"


def print_private() -> None:
    """Precision and recall of secrets and personal data, span by span."""
    print("| kind | in the set | found | right | precision | recall |\n|---|---|---|---|---|---|")
    for kind, score in precision_and_recall().items():
        there, found, right = score
        precision, recall = right / max(found, 1), right / max(there, 1)
        print(f"| {kind} | {there} | {found} | {right} | {precision:.3f} | {recall:.3f} |")


if __name__ == "__main__":
    main()
