"""`curate init`."""

from pathlib import Path

import click

from curate.terminal.output import say


@click.command()
@click.argument("directory", metavar="[DIR]", default=".", type=click.Path(path_type=Path))
@click.option(
    "--language",
    "languages",
    multiple=True,
    metavar="CODE",
    help="A language that your model should speak, such as en. May be repeated.",
)
def init(directory: Path, languages: tuple[str, ...]) -> None:
    """Make a workspace: a folder with a commented curate.toml.

    \b
    Example:
      curate init my-bot --language en --language de
    """
    from curate.new_workspace import choose_encoder, make_workspace
    from curate.settings import FILE

    languages = languages or ("en",)
    make_workspace(directory, languages)
    say(f"Made {directory / FILE}.")
    if why := choose_encoder(languages).why:
        say(why)
    say("Next:")
    if directory != Path():
        say(f"  cd {directory}")
    say("  curate ingest FILE…      read your conversations: JSON Lines, JSON, CSV and more")
    say("  curate status            see what is there, what is missing, what to do next")
