"""`curate export`."""

from pathlib import Path

import click

from curate.runs import chosen_run, held_out_records
from curate.terminal.options import json_option, workspace_option
from curate.terminal.output import number, say, say_json
from curate.terminal.progress import showing
from curate.workspace import Workspace
from pipeline.curation.curated import records_of
from pipeline.files import write_atomically
from train.export.gguf import ExportReport, export_gguf


@click.command()
@click.option(
    "--to",
    type=click.Choice(["gguf", "jsonl"]),
    default="gguf",
    show_default=True,
    help="gguf: the model to serve; jsonl: the kept records for any other trainer.",
)
@click.option("--run", "name", help="Name of the run; the newest finished one by default.")
@click.option(
    "-o", "out", type=click.Path(path_type=Path, dir_okay=False), help="With jsonl: the file."
)
@workspace_option
@json_option
def export(to: str, name: str | None, out: Path | None, root: Path, as_json: bool) -> None:
    """Write the tuned model to serve, proved against the adapter; or the data for another trainer.

    The adapter is merged into the 16-bit base, converted to GGUF, and asked the same held-out
    questions: prompts must be the same tokens, greedy answers too, but for near-ties.

    \b
    Example:
      curate export --to gguf
      curate export --to jsonl -o train.jsonl
    """
    workspace = Workspace.at(root)
    if to == "jsonl":
        _export_records(workspace, out or root / "curated" / "kept.jsonl", as_json)
        return
    run = chosen_run(workspace, name)
    with showing("exporting") as progress:
        prompts = held_out_records(workspace, run)
        report = export_gguf(run.path, workspace.settings.export, prompts, progress)
    if as_json:
        say_json(report.model_dump(mode="json"))
    else:
        tell_exported(report, run.path)


def _export_records(workspace: Workspace, out: Path, as_json: bool) -> None:
    """The kept records in OpenAI's chat form, a JSON object a line, in order of id."""
    records = records_of(workspace.curated().kept)
    write_atomically(out, b"".join(record.openai_json() + b"\n" for record in records))
    if as_json:
        say_json({"file": str(out), "records": len(records)})
    else:
        say(f"Wrote {number(len(records))} kept records in OpenAI's chat form to {out}")


def tell_exported(report: ExportReport, run: Path) -> None:
    """Print what was written and what was proved of it."""
    say(f"Wrote {run / 'exports' / 'gguf' / report.file} ({report.bytes / 1e6:,.0f} MB)")
    ties = f", {report.near_ties} near-ties" if report.near_ties else ""
    say(
        f"  says what the adapter says: {number(report.compared_tokens)} greedy tokens of"
        f" {len(report.proof.probes)} prompts agree{ties};"
        f" log-probabilities within {report.largest_difference:.3f}"
    )
    say("Next: curate chat")
