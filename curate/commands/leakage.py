"""`curate leakage`."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from curate.terminal.options import FILE_PATH, Number, json_option, workspace_option
from curate.terminal.output import console, many, number, say, say_json
from curate.terminal.progress import showing

if TYPE_CHECKING:
    import polars as pl

    from pipeline.audit.evaluation_questions import Benchmark
    from pipeline.audit.leakage import Leakage

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
    type=FILE_PATH,
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
    from curate.workspace import Workspace
    from pipeline.audit.evaluation_questions import read_benchmark
    from schemas.errors import UserError

    workspace = Workspace.at(root)
    if output and output.exists():
        raise UserError(f"{output} exists already", "name another file with --write")
    benchmark = read_benchmark(file)
    with showing("comparing") as progress:
        found = workspace.leakage(benchmark, threshold, progress)
    if output:
        write_ids(output, found)
    if as_json:
        say_json(_as_object(found))
    else:
        _tell(found, "standard input" if str(file) == "-" else file.name)
        if output:
            _tell_next(output, len(found.leaks))
    if check:
        _check(found, file)


def write_ids(output: Path, found: "Leakage") -> None:
    """Write the ids of the leaks, a JSON object a line."""
    from pipeline.files import write_atomically

    lines = [json.dumps({"id": id}) + "\n" for id in found.leaks["id"]]
    write_atomically(output, "".join(lines).encode())


def _as_object(found: "Leakage") -> dict[str, Any]:
    return {
        "questions": len(found.benchmark.questions),
        "unread": len(found.benchmark.unread),
        "broken": len(found.benchmark.broken),
        "kept": found.kept,
        "threshold": found.threshold,
        "leaks": found.leaks.to_dicts(),
        "guarded": found.guarded.to_dicts(),
    }


def _tell(found: "Leakage", source: str) -> None:
    say(
        f"{number(len(found.leaks))} of {number(found.kept)} kept records are near-duplicates"
        f" (cosine above {found.threshold:g}) of {many(len(found.benchmark.questions), 'question')}"
        f" in {source}.{_unread(found.benchmark)}"
    )
    _tell_records("Leaks", found.leaks)
    _tell_records("As near, but they differ in a number, a negation or an opposite", found.guarded)


def _unread(benchmark: "Benchmark") -> str:
    """What was not compared, if anything; a silent zero would be taken for a clean set."""
    text = ""
    if rows := benchmark.unread:
        text = f" No question was found in {many(len(rows), 'row')}, the first {rows[0]}."
    if broken := benchmark.broken:
        text += f" {many(len(broken), 'row')} could not be read, the first {broken[0]}."
    return text


def _check(found: "Leakage", file: Path) -> None:
    """Raise `Finding` when there is a leak, or a row that was not compared."""
    from pipeline.audit.evaluation_questions import MEND
    from schemas.errors import Finding

    broken, unread = found.benchmark.broken, found.benchmark.unread
    if len(found.leaks):
        verb = "repeats a question" if len(found.leaks) == 1 else "repeat questions"
        raise Finding(
            f"{many(len(found.leaks), 'kept record')} {verb} of {file.name}",
            "leave them out of training, or measure with other questions",
        )
    if broken:
        raise Finding(
            f"{many(len(broken), 'row')} could not be read or compared, the first {broken[0]}",
            "mend the file, or get it again",
        )
    if unread:
        raise Finding(
            f"no question was found in {many(len(unread), 'row')}, the first {unread[0]}", MEND
        )


def _tell_next(output: Path, leaked: int) -> None:
    """What to do with the ids that were written."""
    say()
    say(f"Wrote {many(leaked, 'id')} to {output}.")
    if leaked:
        say("next: curate explain ID   shows the file and line of a leak; take it out there,")
        say("      `curate undo` the batch and ingest again, or measure with other questions")


def _tell_records(title: str, records: "pl.DataFrame") -> None:
    """The nearest records, each with the question that it repeats."""
    from curate.report.twins import shown
    from curate.terminal.asking import marked

    if not len(records):
        return
    say()
    say(f"{title} ({number(len(records))})", style="bold")
    for row in records.head(SHOWN).iter_rows(named=True):
        record, question = shown([row["kept_question"], row["question"]])
        say()
        say(f"  {row['id'][:12]}  cosine {row['cosine']:.3f}  {row['line']}")
        console().print("    record    ", marked(record), sep="")
        console().print("    question  ", marked(question), sep="")
    if len(records) > SHOWN:
        say()
        say(f"  and {number(len(records) - SHOWN)} more: see --json")
