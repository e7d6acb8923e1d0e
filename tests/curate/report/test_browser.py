"""The page in a real browser, without a network."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser


@pytest.fixture
def chromium() -> Iterator:
    from playwright.sync_api import sync_playwright

    path = os.environ.get("CURATE_CHROMIUM") or shutil.which("chromium")
    assert path, "install Chromium, or name its executable in CURATE_CHROMIUM"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def address(page: str, tmp_path: Path) -> str:
    file = tmp_path / "report.html"
    file.write_text(page, "utf-8")
    return file.as_uri()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1200])
def test_it_opens_offline_without_an_error_and_without_scrolling_sideways(
    chromium, address: str, scheme: str, width: int
) -> None:
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True
    )
    sheet, said, asked = context.new_page(), list[str](), list[str]()
    sheet.on("console", lambda message: said.append(message.text))
    sheet.on("pageerror", lambda error: said.append(str(error)))
    sheet.on("request", lambda request: asked.append(request.url))
    sheet.goto(address)
    sheet.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    assert said == []
    assert asked == [address]
    assert sheet.title() == "the <desk> · curate report"
    assert sheet.evaluate("document.documentElement.scrollWidth") == width
    ground = sheet.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == {"light": "rgb(251, 250, 247)", "dark": "rgb(20, 24, 27)"}[scheme]
    assert sheet.locator("svg text").first.evaluate("e => e.getBBox().width") > 0


def test_the_keyboard_reaches_links_and_examples(chromium, address: str) -> None:
    sheet = chromium.new_page()
    sheet.goto(address)
    sheet.keyboard.press("Tab")
    assert sheet.evaluate("document.activeElement.textContent") == "Skip to the content"
    sheet.locator("summary").first.focus()
    sheet.keyboard.press("Enter")
    assert sheet.locator("details").first.evaluate("d => d.open")


def test_paper_is_white_even_in_the_dark(chromium, address: str) -> None:
    sheet = chromium.new_page(color_scheme="dark")
    sheet.goto(address)
    sheet.emulate_media(media="print", color_scheme="dark")
    assert sheet.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert len(sheet.pdf()) > 10_000
