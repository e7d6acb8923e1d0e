"""`curate train`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from curate.terminal.options import json_option, workspace_option
from curate.terminal.output import number, say, say_json
from curate.terminal.progress import showing

if TYPE_CHECKING:
    from train.manifest import RunManifest


@click.command()
@workspace_option
@json_option
@click.option("--name", help="Name of the run; the next number by default.")
def train(root: Path, as_json: bool, name: str | None) -> None:
    """Fine-tune the base model on the kept records; a run that was stopped is resumed.

    Before any weights are loaded, a preflight looks for problems that would spoil the model. Some
    records are held out: the model never trains on them, and the loss on them, before and after, is
    printed at the end.

    \b
    Example:
      curate train
    """
    from curate.commands.status import tell_personal_data
    from curate.workspace import Workspace

    workspace = Workspace.at(root)
    if not as_json:
        tell_personal_data(workspace, workspace.current())
    with showing("training") as progress:
        manifest = workspace.train(name, progress)
    if as_json:
        say_json(manifest.model_dump(mode="json"))
    else:
        tell_trained(manifest, workspace.store.runs_dir)


def tell_trained(manifest: "RunManifest", runs_dir: Path) -> None:
    """Print what the run was trained on, and its loss on the held-out records."""
    books, outcome = manifest.books, manifest.outcome
    left_out = "".join(
        f", {number(count)} {reason.replace('_', ' ')}" for reason, count in books.dropped.items()
    )
    say(
        f"Run {manifest.name}: trained on {number(books.trained)} of {number(books.kept)} records,"
        f" {number(books.held_out)} held out{left_out}"
    )
    if outcome.held_out:
        loss = outcome.held_out
        say(
            f"  loss on the held-out replies {loss.base:.3f} → {loss.adapter:.3f}, lower on"
            f" {number(loss.improved_rows)} of {number(loss.rows)} records,"
            f" after {number(outcome.steps)} steps"
        )
    say(f"  adapter: {runs_dir / manifest.name / 'adapter'}")
    say("next: curate export --to gguf")
