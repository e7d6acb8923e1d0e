"""The command line. Importing it loads only click; each command imports the rest when it runs."""

import errno
import importlib
import logging
import os
import sys
from pathlib import Path

import click

from curate import __version__

COMMANDS = {
    "init": "Make a workspace with a commented curate.toml.",
    "ingest": "Read files of conversations into the workspace, then filter them.",
    "status": "Where every row went, what each language still needs, what to do next.",
    "filter": "Filter the records and show what changed.",
    "explain": "The history of one record, or what a reason means.",
    "report": "Write one HTML page with findings, counts, charts and examples.",
    "check": "Show what is in a file and what is wrong with it; no workspace.",
    "undo": "Undo a batch: an ingest, a synthesis or a review.",
    "calibrate": "Find the near-duplicate threshold from pairs you label.",
    "audit": "How often the filters are right, by records you judge blind.",
    "leakage": "Find kept records that repeat evaluation questions.",
    "synth": "Generate conversations with a strong model, within a budget.",
    "review": "Let people review a random sample in Argilla.",
    "train": "Fine-tune the base model on the kept records.",
    "export": "Write the tuned model as GGUF and check it; or the kept records.",
    "chat": "Talk to the tuned model.",
    "doctor": "Show versions, extras, GPU, disk, ports, and which keys are set.",
    "demo": "Run all of curate on a small bundled example, offline.",
    "completion": "Print the script that completes commands in your shell.",
}
"""Name and one line of help; kept here so that `--help` imports no command."""


class LazyGroup(click.Group):
    """A group that imports a command when it is used, and not before."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order in which people need them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import the command's file."""
        if name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(f"curate.commands.{name}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table of commands, from the lines above."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="curate")
@click.option(
    "-C",
    "directory",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="The workspace; also accepted after the command.",
)
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def curate(directory: Path | None, debug: bool) -> None:
    """From raw conversations to a chat model of your own, with every row accounted for.

    \b
    Example:
      curate init my-bot && cd my-bot
      curate ingest ../chats.jsonl
      curate status
    """
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    logging.basicConfig(level=logging.ERROR)


def main() -> None:
    """Run the command line and turn every error into an exit code: 0, 1, 2, 130."""
    try:
        code = curate.main(standalone_mode=False, prog_name="curate")
    except click.ClickException as error:
        error.show()
        code = 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted; run the same command again to continue", err=True)
        code = 130
    except Exception as error:
        code = _fail(error)
    sys.exit(code if isinstance(code, int) else 0)


def _fail(error: Exception) -> int:
    """Say what went wrong in one sentence; the traceback only with --debug."""
    from curate.terminal.output import say_error
    from schemas.errors import CurateError, UserError, first_line

    if "--debug" in sys.argv:
        import traceback

        traceback.print_exception(error)
    # Polars wraps the system's error in one of its own.
    if getattr(error, "errno", None) == errno.ENOSPC or "os error 28" in str(error):
        error = UserError(
            "the disk is full; finished steps are saved, the unfinished one was rolled back",
            "free some space, then run the same command again",
        )
    elif isinstance(error, OSError):
        error = UserError(
            f"{error.strerror or error}: {error.filename or 'the workspace'}",
            "check permissions and free space, then run the same command again",
        )
    if not isinstance(error, CurateError):
        error = CurateError(
            f"this is an error in curate: {type(error).__name__}: {first_line(error)}",
            "run it again with `curate --debug …` and report the output",
        )
    say_error(error)
    return error.exit_code
