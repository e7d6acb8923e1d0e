"""`curate export`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from curate.terminal.options import FILE_PATH, json_option, workspace_option
from curate.terminal.output import number, say, say_json
from curate.terminal.progress import showing

if TYPE_CHECKING:
    from train.export.gguf import ExportReport


@click.command()
@click.option(
    "--to",
    type=click.Choice(["gguf", "jsonl"]),
    default="gguf",
    show_default=True,
    help="gguf: the model to serve; jsonl: the kept records for any other trainer.",
)
@click.option("--run", "name", help="Name of the run; the newest finished one by default.")
@click.option("-o", "out", metavar="FILE", type=FILE_PATH, help="With jsonl: the file.")
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
    from curate.runs import chosen_run
    from curate.workspace import Workspace

    workspace = Workspace.at(root)
    if to == "jsonl":
        file = out or root / "curated" / "kept.jsonl"
        records = workspace.curated().to_jsonl(file)
        if as_json:
            say_json({"file": str(file), "records": records})
        else:
            say(f"Wrote {number(records)} kept records in OpenAI's chat form to {file}")
        return
    with showing("exporting") as progress:
        report = workspace.export_gguf(name, progress)
    if as_json:
        say_json(report.model_dump(mode="json"))
    else:
        tell_exported(report, chosen_run(workspace.store, name).path)


def tell_exported(report: "ExportReport", run: Path) -> None:
    """Print what was written and what was proved of it."""
    say(f"Wrote {run / 'exports' / 'gguf' / report.file} ({report.bytes / 1e6:,.0f} MB)")
    ties = f", {report.near_ties} near-ties" if report.near_ties else ""
    say(
        f"  says what the adapter says: {number(report.compared_tokens)} greedy tokens of"
        f" {len(report.proof.probes)} prompts agree{ties};"
        f" log-probabilities within {report.largest_difference:.3f}"
    )
    say("Next: curate chat")
