"""`curate doctor`."""

import os
import platform
import re
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

_DISTRIBUTION = "curate-chat"

_NOT_FOR_USE = ("all", "dev")
"""Extras that add no feature of their own, or only what developers need."""

KEY_VARIABLES = (
    "OPENAI_API_KEY",
    "ANTHROPIC_API_KEY",
    "ARGILLA_API_URL",
    "ARGILLA_API_KEY",
    "HF_TOKEN",
)
"""Environment variables that some command reads. `doctor` only looks whether they are set."""

_WAIT_S = 10
"""Longest wait for another program to print its version; a broken driver can hang for ever."""


@click.command()
@workspace_option
@json_option
def doctor(root: Path, as_json: bool) -> None:
    """Show versions, installed extras, GPU, disk, ports, and which keys are set (not their values).

    \b
    Example:
      curate doctor
    """
    from curate.settings import FILE, Settings, load_settings

    settings = load_settings(root / FILE) if (root / FILE).is_file() else Settings()
    facts = examine(root, settings)
    say_json(facts) if as_json else _tell(facts)


def examine(root: Path, settings: "Settings") -> dict[str, Any]:
    """What this machine has and lacks, as one JSON object."""
    from pipeline.environments import cache_folder

    return {
        "curate": __version__,
        "python": f"{platform.python_version()} at {sys.executable}",
        "system": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "uv": _output_of("uv", "--version"),
        "extras": extras(),
        "gpu": _output_of(
            "nvidia-smi", "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader"
        ),
        "torch": _torch(),
        "embedding": _embedding(root, settings),
        "disk_free_gb": round(shutil.disk_usage(root.resolve()).free / 1e9, 1),
        "port": {"number": settings.review.port, "free": _is_free(settings.review.port)},
        "keys": {name: bool(os.environ.get(name, "").strip()) for name in KEY_VARIABLES},
        "cache": {"folder": str(cache_folder()), "mb": round(_size(cache_folder()) / 1e6)},
    }


def _embedding(root: Path, settings: "Settings") -> dict[str, Any]:
    """The embedding model, what is known about it, and a warning if its threshold does not fit."""
    from pipeline.audit.calibration.thresholds import unfit
    from pipeline.features.models import models
    from pipeline.store.store import Store

    embedding, stage = settings.features.embedding, settings.recipe.near_duplicate
    known = models().get(embedding.model)
    has_languages = known or embedding.languages is not None
    facts = (
        known.model_dump(include={"threshold", "measured", "licence", "source"}) if known else {}
    )
    return {
        "model": embedding.model,
        "engine": embedding.engine,
        "threshold": stage.threshold,
        "languages": sorted(embedding.known_languages) if has_languages else None,
        "known": facts,
        "warning": unfit(Store(root), settings.curation),
    }


def extras() -> dict[str, dict[str, Any]]:
    """Each extra with the installed version of its packages, and the command that completes it."""
    from importlib.metadata import requires

    from packaging.requirements import Requirement

    entries = {"base": _entry()}
    for text in requires(_DISTRIBUTION) or ():
        requirement = Requirement(text)
        version = _installed_version(requirement.name)
        fits = version is not None and requirement.specifier.contains(version, prereleases=True)
        for extra in _extras_with(requirement):
            entry = entries.setdefault(extra, _entry())
            entry["packages"][requirement.name] = version
            if not fits:
                name = _DISTRIBUTION if extra == "base" else f"{_DISTRIBUTION}[{extra}]"
                entry |= {"complete": False, "install": f'pip install "{name}"'}
    return entries


def _entry() -> dict[str, Any]:
    return {"packages": {}, "complete": True, "install": ""}


def _extras_with(requirement: "Requirement") -> list[str]:
    """The extras that need a package on this system; `base` for what everybody needs."""
    marker = requirement.marker
    if marker is None or marker.evaluate({"extra": ""}):
        return ["base"]
    named = re.findall(r"""extra == ["']([^"']+)["']""", str(marker))
    return [name for name in named if name not in _NOT_FOR_USE and marker.evaluate({"extra": name})]


def _installed_version(package: str) -> str | None:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _output_of(program: str, *arguments: str) -> str | None:
    """The lines that a program prints; None where it is missing or broken."""
    path = shutil.which(program)
    if path is None:
        return None
    try:
        process = subprocess.run(
            [path, *arguments], capture_output=True, text=True, timeout=_WAIT_S, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return " · ".join(process.stdout.strip().splitlines()) or None


def _torch() -> str | None:
    """The version of torch and what it computes on; None where it is not installed."""
    from schemas.errors import first_line

    if find_spec("torch") is None:
        return None
    try:
        import torch
    except Exception as error:  # such as a missing shared library
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


def _tell(facts: dict[str, Any]) -> None:
    say(f"curate     {facts['curate']}")
    say(f"python     {facts['python']}")
    say(f"system     {facts['system']}")
    say(f"uv         {facts['uv'] or 'not found (pip does the same, slower)'}")
    say(f"gpu        {facts['gpu'] or 'no NVIDIA driver'}")
    say(f"torch      {facts['torch'] or 'not installed'}")
    _tell_embedding(facts["embedding"])
    say(f"disk       {facts['disk_free_gb']:,.1f} GB free")
    port = facts["port"]
    say(f"port       {port['number']} is {'free' if port['free'] else 'in use'} (review)")
    say(f"cache      {facts['cache']['folder']}, {facts['cache']['mb']:,} MB (safe to delete)")
    say("keys       " + " · ".join(f"{k} {'set' if v else '—'}" for k, v in facts["keys"].items()))
    say()
    for extra, entry in facts["extras"].items():
        say(f"{'✓' if entry['complete'] else '✗'} {extra:<13}{_packages(entry['packages'])}")
        if entry["install"]:
            say(f"  {entry['install']}")


def _tell_embedding(embedding: dict[str, Any]) -> None:
    say(f"embedding  {embedding['model']}, threshold {embedding['threshold']}")
    languages = " ".join(embedding["languages"] or ()) or "any, compared by spelling"
    if embedding["languages"] is None:
        languages = "unknown; set [embedding] languages"
    say(f"           languages: {languages}")
    if known := embedding["known"]:
        how = "measured" if known["measured"] else "not measured"
        say(f"           needs threshold {known['threshold']} ({how}); {known['licence']}")
        say(f"           {known['source']}")
    if embedding["warning"]:
        say(f"         ⚠ {embedding['warning']}")


def _packages(packages: dict[str, str | None]) -> str:
    return " · ".join(f"{name} {version or 'missing'}" for name, version in packages.items())
