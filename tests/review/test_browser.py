"""A person signs in to the real page, mends a reply, and the better reply stands in `curated/`."""

import contextlib
import os
import shutil
from collections.abc import Iterator

import polars as pl
import pytest

from pipeline.curation.curated import load_or_compute
from pipeline.curation.recipe import Recipe
from pipeline.curation.run_stages import Curation
from pipeline.features import Features
from pipeline.features.tokens import RULES, TokenSettings
from pipeline.near_duplicates.stage import NearDuplicate
from review.argilla.client import connect_argilla
from review.argilla.pull import pull_responses
from review.argilla.push import push_sample
from schemas.decision import Choice
from schemas.record import Record, load_messages

pytestmark = pytest.mark.browser

PLAIN = Curation(
    features=Features(tokens=TokenSettings(tokenizer=RULES)),
    recipe=Recipe(near_duplicate=NearDuplicate(enabled=False)),
)
"""Curation without an encoder, which is not the point here."""


@pytest.fixture
def page(argilla) -> Iterator:
    """A page of a real browser that can reach nothing but the review server."""
    from playwright.sync_api import sync_playwright

    chromium = os.environ.get("CURATE_CHROMIUM") or shutil.which("chromium")
    assert chromium, "install Chromium, or name its executable in CURATE_CHROMIUM"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1440, "height": 1200})

        def only_ours(route) -> None:
            ours = route.request.url.startswith(argilla.url)
            route.continue_() if ours else route.abort()

        page.route("**/*", only_ours)
        yield page
        browser.close()


@pytest.fixture
def record() -> Record:
    turns = [
        {"role": "user", "content": "Is List<T> safe? </script><script>document.title=1</script>"},
        {"role": "assistant", "content": "No idea & bye."},
    ]
    return Record(messages=turns, source="chat.jsonl:1", domain="code")


def sign_in_and_open(page, argilla, workspace: str) -> None:
    page.goto(argilla.url)
    page.locator("input[type=text]").fill("ada")
    page.locator("input[type=password]").fill(argilla.passwords["ada"])
    page.keyboard.press("Enter")
    page.get_by_text(workspace, exact=True).first.wait_for()
    page.get_by_text("review-0001-").first.click()
    page.get_by_text("Keep: a good answer").wait_for()


def enter_until_completed(page) -> None:
    """Press Enter as people do: again, when the page was still moving the focus and lost it."""
    from playwright.sync_api import TimeoutError as TookTooLong

    done = page.get_by_text("The task is completed")
    for _ in range(10):
        page.keyboard.press("Enter")
        with contextlib.suppress(TookTooLong):
            done.wait_for(timeout=3000)
            return
    done.wait_for()


def test_a_reply_that_a_reviewer_mends_on_the_page_becomes_a_corrected_record(
    argilla, argilla_root, page, place, store, kept, record
) -> None:
    with store.open_batch("ingest") as batch:
        batch.add(record)
    with connect_argilla(argilla_root) as server:
        push_sample(store, kept([record]), place, server)
        sign_in_and_open(page, argilla, place.workspace)
        shown = page.locator("body").inner_text()
        assert "Is List<T> safe? </script><script>document.title=1</script>" in shown
        assert "domain code" in shown
        box = page.locator("[contenteditable=true]").first
        assert box.inner_text() == "No idea & bye."
        box.click()
        page.keyboard.press("Control+A")
        page.keyboard.type("Yes: List<T> keeps its <T>.")
        page.keyboard.press("Enter")
        page.keyboard.type("Use it & be happy.")
        page.keyboard.press("Escape")
        page.get_by_text("Fix: the answer below is better").click()
        page.get_by_role("button", name="Submit").click()
        page.get_by_text("The task is completed").wait_for()
        report = pull_responses(store, place, server)
    assert (report.new, report.corrected, report.questions) == ({Choice.fix: 1}, 1, ())
    [decision] = store.decisions()
    assert (decision.record_id, decision.reviewer) == (record.id, "ada")
    child = store.records().filter(id=decision.child_id).row(0, named=True)
    assert load_messages(child["messages"])[0] == record.messages[0]
    better = "Yes: List<T> keeps its <T>.\nUse it & be happy."
    assert load_messages(child["messages"])[-1].text == better
    assert (child["origin"], child["parents"]) == ("corrected", [record.id])
    assert store.batches()[-1].batch.endswith("-review")
    curated = load_or_compute(store, PLAIN)
    assert curated.books.dropped["replaced"] == 1
    assert record.id not in set(curated.kept["id"])
    kept_file = pl.read_parquet(store.curated_dir / "kept.parquet")
    [turns] = kept_file.filter(id=decision.child_id)["messages"].to_list()
    assert turns[-1] == {"role": "assistant", "content": better}


def test_the_keys_that_the_guidelines_name_are_enough(
    argilla, argilla_root, page, place, store, kept, record
) -> None:
    with store.open_batch("ingest") as batch:
        batch.add(record)
    with connect_argilla(argilla_root) as server:
        push_sample(store, kept([record]), place, server)
        sign_in_and_open(page, argilla, place.workspace)
        # The page moves the focus a moment after each key.
        page.wait_for_function("document.activeElement.id.startsWith('verdict')")
        page.keyboard.press("2")
        page.wait_for_function("document.activeElement.tagName != 'INPUT'")
        page.keyboard.press("Shift+Enter")
        page.wait_for_function("document.activeElement.isContentEditable")
        page.keyboard.press("Control+A")
        page.keyboard.press("Y")
        page.keyboard.press("Escape")
        page.wait_for_function("!document.activeElement.isContentEditable")
        enter_until_completed(page)
        report = pull_responses(store, place, server)
    assert (report.new, report.corrected) == ({Choice.fix: 1}, 1)
    child = store.records().filter(id=store.decisions()[0].child_id).row(0, named=True)
    assert load_messages(child["messages"])[-1].text == "Y"
