"""`curate doctor`."""

import os
import platform
import shutil
import socket
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from curate import __version__
from curate.terminal.options import json_option, workspace_option
from curate.terminal.output import say, say_json

if TYPE_CHECKING:
    from packaging.requirements import Requirement

    from curate.settings import Settings

DISTRIBUTION = "curate-chat"

NOT_FOR_USE = ("all", "dev")
"""Extras that bring nothing of their own, or only what developers need."""

KEYS = ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "ARGILLA_API_URL", "ARGILLA_API_KEY", "HF_TOKEN")
"""Environment variables that some command reads. Only whether they are set is ever looked at."""

WAIT_S = 10
"""Longest wait for a program that says its version; a broken driver hangs for ever."""


@click.command()
@workspace_option
@json_option
def doctor(root: Path, as_json: bool) -> None:
    """Show versions, extras, GPU, disk, ports and which keys are set (never their values).

    \b
    Example:
      curate doctor
    """
    from curate.settings import FILE, Settings, load_settings

    settings = load_settings(root / FILE) if (root / FILE).is_file() else Settings()
    found = examine(root, settings)
    say_json(found) if as_json else _tell(found)


def examine(root: Path, settings: "Settings") -> dict[str, Any]:
    """Everything that this machine has or lacks, as one JSON object."""
    from pipeline.environments import cache_folder

    return {
        "curate": __version__,
        "python": f"{platform.python_version()} at {sys.executable}",
        "system": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "uv": _said("uv", "--version"),
        "extras": extras(),
        "gpu": _said(
            "nvidia-smi", "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader"
        ),
        "torch": _torch(),
        "embedding": _embedding(root, settings),
        "disk_free_gb": round(shutil.disk_usage(root.resolve()).free / 1e9, 1),
        "port": {"number": settings.review.port, "free": _is_free(settings.review.port)},
        "keys": {name: bool(os.environ.get(name, "").strip()) for name in KEYS},
        "cache": {"folder": str(cache_folder()), "mb": round(_size(cache_folder()) / 1e6)},
    }


def _embedding(root: Path, settings: "Settings") -> dict[str, Any]:
    """What compares questions, what is known of it, and what is wrong with it, if anything."""
    from pipeline.audit.calibration.thresholds import unfit
    from pipeline.features.models import models
    from pipeline.store.store import Store

    embedding, stage = settings.features.embedding, settings.recipe.near_duplicate
    known = models().get(embedding.model)
    told = known or embedding.languages is not None
    facts = (
        known.model_dump(include={"threshold", "measured", "licence", "source"}) if known else {}
    )
    return {
        "model": embedding.model,
        "engine": embedding.engine,
        "threshold": stage.threshold,
        "languages": sorted(embedding.known_languages) if told else None,
        "known": facts,
        "warning": unfit(Store(root), settings.curation),
    }


def extras() -> dict[str, dict[str, Any]]:
    """Each extra with its packages: the installed version, or None; and the line that brings it."""
    from importlib.metadata import requires

    from packaging.requirements import Requirement

    found: dict[str, dict[str, Any]] = {"base": {"packages": {}, "complete": True, "install": ""}}
    for text in requires(DISTRIBUTION) or ():
        need = Requirement(text)
        for extra in _wanted_by(need):
            entry = found.setdefault(extra, {"packages": {}, "complete": True, "install": ""})
            there = _installed(need.name)
            entry["packages"][need.name] = there
            if there is None or not need.specifier.contains(there, prereleases=True):
                name = DISTRIBUTION if extra == "base" else f"{DISTRIBUTION}[{extra}]"
                entry |= {"complete": False, "install": f'pip install "{name}"'}
    return found


def _wanted_by(need: "Requirement") -> list[str]:
    """The extras that want a package on this system; `base` for what everybody needs."""
    if need.marker is None or need.marker.evaluate({"extra": ""}):
        return ["base"]
    spoken = str(need.marker)
    names = spoken.replace("'", '"').split('extra == "')[1:]
    named = [name.split('"')[0] for name in names]
    return [n for n in named if n not in NOT_FOR_USE and need.marker.evaluate({"extra": n})]


def _installed(package: str) -> str | None:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _said(program: str, *arguments: str) -> str | None:
    """The first lines that a program prints; None where it is missing or broken."""
    path = shutil.which(program)
    if path is None:
        return None
    try:
        done = subprocess.run(
            [path, *arguments], capture_output=True, text=True, timeout=WAIT_S, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return " · ".join(done.stdout.strip().splitlines()) or None


def _torch() -> str | None:
    """What torch can compute on; None where it is not installed."""
    from schemas.errors import first_line

    if find_spec("torch") is None:
        return None
    try:
        import torch
    except Exception as error:  # a library that it links to is missing
        return f"cannot be imported: {first_line(error)}"
    if torch.cuda.is_available():
        return f"{torch.__version__}, CUDA {torch.version.cuda}: {torch.cuda.get_device_name()}"
    apple = torch.backends.mps.is_available()
    return f"{torch.__version__}, {'Apple GPU' if apple else 'CPU only'}"


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _size(folder: Path) -> int:
    """Bytes of all files of a folder; 0 where there is none."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _tell(found: dict[str, Any]) -> None:
    say(f"curate     {found['curate']}")
    say(f"python     {found['python']}")
    say(f"system     {found['system']}")
    say(f"uv         {found['uv'] or 'not found; pip does the same, slower'}")
    say(f"gpu        {found['gpu'] or 'no NVIDIA driver'}")
    say(f"torch      {found['torch'] or 'not installed'}")
    _tell_embedding(found["embedding"])
    say(f"disk       {found['disk_free_gb']:,.1f} GB free")
    port = found["port"]
    say(f"port       {port['number']} is {'free' if port['free'] else 'in use'} (review)")
    say(f"cache      {found['cache']['folder']}, {found['cache']['mb']:,} MB; safe to delete")
    say("keys       " + " · ".join(f"{k} {'set' if v else '—'}" for k, v in found["keys"].items()))
    say()
    for extra, entry in found["extras"].items():
        say(f"{'✓' if entry['complete'] else '✗'} {extra:<13}{_packages(entry['packages'])}")
        if entry["install"]:
            say(f"  {entry['install']}")


def _tell_embedding(embedding: dict[str, Any]) -> None:
    say(f"embedding  {embedding['model']}, threshold {embedding['threshold']}")
    languages = " ".join(embedding["languages"] or ()) or "all alike, by spelling"
    if embedding["languages"] is None:
        languages = "not known; set [embedding] languages"
    say(f"           languages: {languages}")
    if known := embedding["known"]:
        how = "measured" if known["measured"] else "not measured"
        say(f"           made for threshold {known['threshold']} ({how}); {known['licence']}")
        say(f"           {known['source']}")
    if embedding["warning"]:
        say(f"         ⚠ {embedding['warning']}")


def _packages(packages: dict[str, str | None]) -> str:
    return " · ".join(f"{name} {there or 'missing'}" for name, there in packages.items())
