"""The front door. Importing it costs click and the standard library; a command brings the rest."""

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
    "ingest": "Read files of conversations, validate and filter them.",
    "status": "The books, the languages against their targets, and what to do next.",
    "filter": "Compute what is kept again; says what changed.",
    "explain": "One record's life so far.",
    "report": "One page with the books, findings, charts and examples.",
    "check": "What is in a file and what is wrong with it; no workspace.",
    "undo": "Take a batch back.",
    "calibrate": "Find the near-duplicate threshold by pairs that you label.",
    "leakage": "Which kept records are near-duplicates of evaluation questions.",
    "synth": "Generate accepted records of a domain with a strong model.",
    "review": "Let people review a random sample in Argilla.",
    "train": "Fine-tune the base model on the curated records.",
    "export": "Write the tuned model to serve, proved against the adapter.",
    "chat": "Talk to the tuned model.",
    "doctor": "Versions, extras, GPU, disk, ports, and which keys are set.",
    "demo": "All of it on a small bundled example, offline.",
    "completion": "Print the script that completes commands in your shell.",
}
"""Name and one line of help; kept here so that `--help` imports no command."""


class Lazy(click.Group):
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


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="curate")
@click.option(
    "-C",
    "directory",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="The workspace; may also stand behind the command.",
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
        click.echo("interrupted; run the same command again to go on", err=True)
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
            "the disk is full: what was finished stands, the rest is as if never begun",
            "free some space, then run the same command again",
        )
    elif isinstance(error, OSError):
        error = UserError(
            f"{error.strerror or error}: {error.filename or 'the workspace'}",
            "check rights and free space, then run the same command again",
        )
    if not isinstance(error, CurateError):
        error = CurateError(
            f"curate itself is wrong: {type(error).__name__}: {first_line(error)}",
            "run it again with `curate --debug …` and report what it prints",
        )
    say_error(error)
    return error.exit_code
