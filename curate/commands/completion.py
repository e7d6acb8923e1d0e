"""`curate completion`."""

import click
from click.shell_completion import get_completion_class

SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the script that completes curate's commands and options in SHELL.

    \b
    Example:
      curate completion bash >> ~/.bashrc
      curate completion zsh  >> ~/.zshrc
      curate completion fish > ~/.config/fish/completions/curate.fish
    """
    script = get_completion_class(shell)
    assert script is not None
    click.echo(script(ctx.find_root().command, {}, "curate", "_CURATE_COMPLETE").source())
