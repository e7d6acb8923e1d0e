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
    help="gguf: the model, to be served; jsonl: the kept records, for another trainer.",
)
@click.option("--run", "name", help="Name of the run; by default the newest that is finished.")
@click.option("-o", "out", metavar="FILE", type=FILE_PATH, help="With --to jsonl: where to write.")
@workspace_option
@json_option
def export(to: str, name: str | None, out: Path | None, root: Path, as_json: bool) -> None:
    """Write the tuned model as GGUF and check it; or the kept records for another trainer.

    The adapter is merged into the 16-bit base model and converted to GGUF. Then both are asked the
    same held-out questions: prompts must become the same tokens, and greedy answers must agree,
    except where two tokens are almost equally likely (near-ties).

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
    """Print what was written and how it was checked."""
    say(f"Wrote {run / 'exports' / 'gguf' / report.file} ({report.bytes / 1e6:,.0f} MB)")
    ties = f", {report.near_ties} near-ties" if report.near_ties else ""
    say(
        f"  answers as the adapter does: {number(report.compared_tokens)} greedy tokens of"
        f" {len(report.proof.probes)} prompts agree{ties};"
        f" log-probabilities within {report.largest_difference:.3f}"
    )
    say("next: curate chat")
