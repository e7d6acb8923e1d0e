"""Draw docs/report.png: the first screen of the report of the bundled example.

.venv/bin/python scripts/report_picture.py [CHROMIUM]
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

import curate

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "curate" / "example"
LANGUAGES = ("en", "de", "es", "zh")
SIZE = {"width": 1100, "height": 1000}


def main() -> None:
    chromium = sys.argv[1] if len(sys.argv) > 1 else "/usr/bin/chromium"
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        workspace = curate.init(Path(folder) / "my-bot", languages=LANGUAGES)
        workspace.ingest(EXAMPLE / "chats.jsonl", EXAMPLE / "more.csv")
        page = workspace.report()
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        tab = browser.new_page(viewport=SIZE)
        tab.goto(page.as_uri())
        tab.screenshot(path=ROOT / "docs" / "report.png", clip={"x": 0, "y": 0, **SIZE})
        browser.close()


if __name__ == "__main__":
    main()
