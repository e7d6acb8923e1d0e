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

_PRINTED = 20
"""Records of each kind that are printed; `--write` and `--json` give all of them."""


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
    help="Exit with 1 if there is a leak, or a row that is broken or has no question.",
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
    """Find kept records that are near-duplicates of the evaluation questions in FILE.

    A model that was trained on the questions it is measured with looks better than it is. FILE
    contains conversations in any format, questions in a column such as `question`, `prompt`,
    `instruction`, `problem` or `turns`, a JSON list of texts, or (.txt) one question per line; `-`
    is standard input.

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
        result = workspace.leakage(benchmark, threshold, progress)
    if output:
        write_ids(output, result)
    if as_json:
        say_json(_leakage_as_object(result))
    else:
        _tell(result, "standard input" if str(file) == "-" else file.name)
        if output:
            _tell_next(output, len(result.leaks))
    if check:
        _check(result, file)


def write_ids(output: Path, result: "Leakage") -> None:
    """Write the ids of the leaks, a JSON object a line."""
    from pipeline.files import write_atomically

    lines = [json.dumps({"id": id}) + "\n" for id in result.leaks["id"]]
    write_atomically(output, "".join(lines).encode())


def _leakage_as_object(result: "Leakage") -> dict[str, Any]:
    return {
        "questions": len(result.benchmark.questions),
        "unread": len(result.benchmark.unread),
        "broken": len(result.benchmark.broken),
        "kept": result.kept,
        "threshold": result.threshold,
        "leaks": result.leaks.to_dicts(),
        "guarded": result.guarded.to_dicts(),
    }


def _tell(result: "Leakage", source: str) -> None:
    say(
        f"{number(len(result.leaks))} of {number(result.kept)} kept records are near-duplicates"
        f" (cosine above {result.threshold:g}) of"
        f" {many(len(result.benchmark.questions), 'question')} in {source}."
        f"{_unread(result.benchmark)}"
    )
    _tell_records("Leaks", result.leaks)
    _tell_records(
        "As similar, but different in a number, a unit, a negation or an opposite", result.guarded
    )


def _unread(benchmark: "Benchmark") -> str:
    """What was not compared, if anything; otherwise no leaks would look like a clean set."""
    text = ""
    if rows := benchmark.unread:
        text = f" No question was found in {many(len(rows), 'row')}, the first {rows[0]}."
    if broken := benchmark.broken:
        text += f" {many(len(broken), 'row')} could not be read, the first {broken[0]}."
    return text


def _check(result: "Leakage", file: Path) -> None:
    """Raise `Finding` if there is a leak, or a row that was not compared."""
    from pipeline.audit.evaluation_questions import MEND
    from schemas.errors import Finding

    broken, unread = result.benchmark.broken, result.benchmark.unread
    if len(result.leaks):
        verb = "repeats a question" if len(result.leaks) == 1 else "repeat questions"
        raise Finding(
            f"{many(len(result.leaks), 'kept record')} {verb} of {file.name}",
            "leave them out of training, or measure with other questions",
        )
    if broken:
        raise Finding(
            f"{many(len(broken), 'row')} could not be read or compared, the first {broken[0]}",
            "correct the file, or download it again",
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
        say("next: `curate explain ID` shows the file and line of a leak. Delete it there,")
        say("      `curate undo` the batch and ingest the file again, or use other questions.")


def _tell_records(title: str, records: "pl.DataFrame") -> None:
    """The nearest records, each with the question that it repeats."""
    from curate.report.twins import excerpts
    from curate.terminal.asking import one_line

    if not len(records):
        return
    say()
    say(f"{title} ({number(len(records))})", style="bold")
    for row in records.head(_PRINTED).iter_rows(named=True):
        record, question = excerpts([row["kept_question"], row["question"]])
        say()
        say(f"  {row['id'][:12]}  cosine {row['cosine']:.3f}  {row['line']}")
        console().print("    record    ", one_line(record), sep="")
        console().print("    question  ", one_line(question), sep="")
    if len(records) > _PRINTED:
        say()
        say(f"  and {number(len(records) - _PRINTED)} more: see --json")
