"""Draw docs/funnel.svg: what `curate status` prints of the bundled example.

.venv/bin/python scripts/funnel_picture.py
"""

import io
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import DEFAULT_TERMINAL_THEME
from rich.text import Text

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "curate" / "example"
CURATE = Path(sys.executable).with_name("curate")
WIDTH = 124


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        languages = [word for code in ("en", "de", "es", "zh") for word in ("--language", code)]
        run("init", folder, *languages)
        run("ingest", "-C", folder, str(EXAMPLE / "chats.jsonl"), str(EXAMPLE / "more.csv"))
        said = run("status", "-C", folder)
    console = Console(record=True, width=WIDTH, file=io.StringIO())
    for line in ["$ curate status", *said.rstrip().splitlines()]:
        console.print(Text(line), overflow="crop", no_wrap=True)
    picture = console.export_svg(title="curate", theme=DEFAULT_TERMINAL_THEME)
    # The picture must load nothing: the reader's own fixed-width font is good enough.
    picture = re.sub(r"@font-face \{.*?\}", "", picture, flags=re.DOTALL)
    (ROOT / "docs" / "funnel.svg").write_text(picture, "utf-8")


def run(*arguments: str) -> str:
    done = subprocess.run([str(CURATE), *arguments], capture_output=True, text=True, check=True)
    return done.stdout


if __name__ == "__main__":
    main()
