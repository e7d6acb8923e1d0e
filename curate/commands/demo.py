"""`curate demo`."""

from pathlib import Path

import click


@click.command()
@click.argument(
    "directory", metavar="[DIR]", default="demo-workspace", type=click.Path(path_type=Path)
)
def demo(directory: Path) -> None:
    """Run all of curate on a small bundled example, offline, on a CPU.

    The reviewers are simulated, and the model is a small one (SmolLM2-135M): it shows the way, not
    the quality.

    \b
    Example:
      curate demo
    """
    from curate.example.tour import tour

    tour(directory)
