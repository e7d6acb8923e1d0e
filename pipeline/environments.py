"""Separate Python environments for tools whose dependencies conflict with ours.

Each is made once in the user's cache folder and used by all workspaces. Its name contains a hash of
its requirements, so another version gets another folder. The marker `ready.json` is written last: a
folder without it is incomplete, and is made again.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from filelock import FileLock

from pipeline.files import write_json
from schemas.errors import UserError
from schemas.progress import Progress, quiet

NEWEST_PYTHON = (3, 13)
"""The newest Python for which the tools that need this have wheels (pydantic-core 2.23: 3.13)."""


def cache_folder() -> Path:
    """The cache that all workspaces share: `CURATE_CACHE`, or `~/.cache/curate`."""
    return Path(os.environ.get("CURATE_CACHE") or Path.home() / ".cache" / "curate")


def environment(name: str, requirements: tuple[str, ...], progress: Progress = quiet) -> Path:
    """Find or make the environment that holds `requirements`; return the path of its Python.

    Raises:
        UserError: no suitable Python was found, or the packages could not be installed.
    """
    base, version = _base_python(name)
    digest = hashlib.sha256("\n".join(sorted(requirements)).encode()).hexdigest()[:12]
    folder = cache_folder() / "environments" / f"{name}-py{version}-{digest}"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    ready = folder / "ready.json"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.parent / f".{folder.name}.lock"):
        # A system upgrade can take away the Python that the environment's own is a link to.
        if ready.exists() and python.exists():
            return python
        shutil.rmtree(folder, ignore_errors=True)
        log = folder.parent / f"{folder.name}.log"
        log.unlink(missing_ok=True)
        for command in _commands(base, folder, python, requirements):
            _run(command, name, log, progress)
        write_json(ready, {"python": version, "requirements": list(requirements)})
    return python


def _base_python(name: str) -> tuple[str, str]:
    """Return a Python that suits the tool, and its version: our own, or one on the PATH."""
    if sys.version_info[:2] <= NEWEST_PYTHON:
        return sys.executable, f"{sys.version_info[0]}.{sys.version_info[1]}"
    for minor in range(NEWEST_PYTHON[1], 10, -1):
        if python := shutil.which(f"python3.{minor}"):
            return python, f"3.{minor}"
    raise UserError(
        f"{name} needs Python 3.11 to 3.13, but only {sys.version.split()[0]} was found",
        "install Python 3.13 as well (`uv python install 3.13`); curate will find it",
    )


def _commands(
    base: str, folder: Path, python: Path, requirements: tuple[str, ...]
) -> tuple[list[str], list[str]]:
    """Return the commands that make and fill the folder. uv takes 7 s, venv and pip take 40."""
    if uv := shutil.which("uv"):
        make = [uv, "venv", "--python", base, str(folder)]
        return make, [uv, "pip", "install", "--python", str(python), *requirements]
    install = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    return [base, "-m", "venv", str(folder)], [*install, *requirements]


def _run(command: list[str], name: str, log: Path, progress: Progress) -> None:
    """Run one step, its output going to `log` and, line by line, to `progress`."""
    ours = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"}
    env = {key: value for key, value in os.environ.items() if key not in ours}
    last = ""
    with (
        log.open("a", encoding="utf-8") as file,
        subprocess.Popen(
            command,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
        ) as process,
    ):
        assert process.stdout is not None
        for count, line in enumerate(process.stdout, start=1):
            file.write(line)
            last = line.strip() or last
            progress(count, None, f"{name}: {last[:70]}")
    if process.returncode:
        raise UserError(
            f"the Python environment for {name} could not be made: {last}",
            f"check the connection to the package index and run this again (full log: {log})",
        )
