"""`curate leakage`."""

import json
from pathlib import Path
from typing import Any

import click
import polars as pl

from curate.report.twins import shown
from curate.terminal.asking import marked
from curate.terminal.options import Number, json_option, workspace_option
from curate.terminal.output import console, number, say, say_json
from curate.terminal.progress import showing
from curate.workspace import Workspace
from pipeline.audit.evaluation_questions import MEND, Benchmark, read_benchmark
from pipeline.audit.leakage import leaks
from pipeline.curation.masking import unmasked
from pipeline.features.embed import Embedder
from pipeline.files import write_atomically
from schemas.errors import Finding, UserError

SHOWN = 20
"""Records that are printed of each kind; `--write` and `--json` give all."""


@click.command()
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--threshold",
    type=Number(0, 1, min_open=True),
    help="Cosine above which two questions are the same; [near_duplicate] threshold by default.",
)
@click.option(
    "--write",
    "output",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the ids of the leaks as JSON Lines.",
)
@click.option(
    "--check",
    is_flag=True,
    help="Exit 1 when there is a leak, or a row that is broken or without a question.",
)
@workspace_option
@json_option
def leakage(
    file: Path,
    threshold: float | None,
    output: Path | None,
    check: bool,
    root: Path,
    as_json: bool,
) -> None:
    """Say which kept records are near-duplicates of the evaluation questions in FILE.

    FILE is conversations in any format, questions in a column such as `question`, `prompt`,
    `instruction`, `problem` or `turns`, a JSON list of texts, or a .txt of one question a line; `-`
    is standard input. Training on a question that you measure with makes the number lie.

    \b
    Example:
      curate leakage benchmark.jsonl
      curate leakage benchmark.jsonl --check --write leaked.jsonl
    """
    workspace = Workspace.at(root)
    if output and output.exists():
        raise UserError(f"{output} is there already", "name another file with --write")
    benchmark = read_benchmark(file)
    limit = threshold or workspace.settings.curation.recipe.near_duplicate.threshold
    kept, found = _found(workspace, benchmark.questions, limit)
    leaked, guarded = found.filter(~pl.col("guarded")), found.filter("guarded")
    if output:
        lines = [json.dumps({"id": id}) + "\n" for id in leaked["id"]]
        write_atomically(output, "".join(lines).encode())
    if as_json:
        say_json(
            {
                "questions": len(benchmark.questions),
                "unread": len(benchmark.unread),
                "broken": len(benchmark.broken),
                "kept": kept,
                "threshold": limit,
                "leaks": _rows(leaked),
                "guarded": _rows(guarded),
            }
        )
    else:
        asked = len(benchmark.questions)
        source = "standard input" if str(file) == "-" else file.name
        say(
            f"{number(len(leaked))} of {number(kept)} kept records are near-duplicates"
            f" (cosine above {limit:g}) of {number(asked)} question{'s' * (asked != 1)} of"
            f" {source}.{_unread(benchmark)}"
        )
        _tell("Leaks", leaked)
        _tell("Near, but held apart by the guard: they differ in a number or an opposite", guarded)
        if output:
            _tell_next(output, len(leaked))
    if check:
        _check(leaked, benchmark, file)


def _found(
    workspace: Workspace, questions: pl.DataFrame, threshold: float
) -> tuple[int, pl.DataFrame]:
    """How many records are kept, and the near ones with `kept_question`, masked as it is kept."""
    curation = workspace.settings.curation
    embedder = Embedder(curation.features.embedding, workspace.store.cache_dir)
    with showing("comparing") as progress:
        kept = workspace.curated(progress).kept
        if not len(kept):
            raise UserError(
                "nothing is kept in this workspace, so that there is nothing to check",
                "`curate ingest FILE` reads chats, and `curate status` says what became of them",
            )
        given = unmasked(kept, workspace.store.records())
        found = leaks(given, questions, curation, embedder, threshold, progress)
    asked = kept.select("id", kept_question="question")
    return len(kept), found.join(asked, on="id", how="left", maintain_order="left")


def _unread(benchmark: Benchmark) -> str:
    """What was not compared, if anything; a silent zero would be taken for a clean set."""
    rows, broken, said = benchmark.unread, benchmark.broken, ""
    if rows:
        said = f" In {number(len(rows))} of its rows no question was found, the first {rows[0]}."
    if broken:
        said += f" Broken, and not compared: {number(len(broken))} of its rows, first {broken[0]}."
    return said


def _check(leaked: pl.DataFrame, benchmark: Benchmark, file: Path) -> None:
    """Raise `Finding` when there is a leak, or a row that was not compared."""
    if len(leaked):
        raise Finding(
            f"{number(len(leaked))} kept records repeat questions of {file.name}",
            "leave them out of training, or measure with other questions",
        )
    if benchmark.broken:
        raise Finding(
            f"{benchmark.broken[0]}, and is not compared"
            f" ({number(len(benchmark.broken))} such rows)",
            "mend the file, or get it anew",
        )
    if benchmark.unread:
        raise Finding(
            f"{benchmark.unread[0]} holds no question that was found,"
            f" and is not compared ({number(len(benchmark.unread))} such rows)",
            MEND,
        )


def _tell_next(output: Path, leaked: int) -> None:
    """What to do with the ids that were written."""
    say()
    say(f"Wrote {number(leaked)} id{'s' * (leaked != 1)} to {output}.")
    if leaked:
        say("next: curate explain ID   says in which file and line a leak stands; take it out")
        say(
            "      there, `curate undo` the batch and ingest again, or measure with other questions"
        )


def _rows(found: pl.DataFrame) -> list[dict[str, Any]]:
    return found.drop("guarded").to_dicts()


def _tell(title: str, found: pl.DataFrame) -> None:
    """The nearest records, each with the question that it repeats."""
    if not len(found):
        return
    say()
    say(f"{title} ({number(len(found))})", style="bold")
    for row in found.head(SHOWN).iter_rows(named=True):
        record, question = shown([row["kept_question"], row["question"]])
        say()
        say(f"  {row['id'][:12]}  cosine {row['cosine']:.3f}  {row['line']}")
        console().print("    record    ", marked(record), sep="")
        console().print("    question  ", marked(question), sep="")
    if len(found) > SHOWN:
        say()
        say(f"  and {number(len(found) - SHOWN)} more: see --json")
