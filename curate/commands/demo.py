"""`curate demo`."""

from pathlib import Path

import click


@click.command()
@click.argument(
    "directory", metavar="[DIR]", default="demo-workspace", type=click.Path(path_type=Path)
)
def demo(directory: Path) -> None:
    """Run all of curate on a small bundled example, offline, on a CPU.

    The reviewers are simulated, and the model is very small (SmolLM2-135M), so this shows how
    curate works and not how good a model can become.

    \b
    Example:
      curate demo
    """
    from curate.example.tour import tour

    tour(directory)
