import itertools
import re
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest

from curate.checking import CURATION
from curate.report import page as module
from curate.report.examples import Examples, collect_examples
from curate.report.facts import Facts, ReviewFacts, RunFacts, gather_facts
from curate.report.page import MOST_BYTES, MOST_EXAMPLES, render_page
from pipeline.curation.books import settle
from pipeline.curation.curated import Curated, load_or_compute
from pipeline.store.store import Store
from review.argilla.form import CHOICE_LABELS, WRONG_LABELS
from review.status import ReviewStatus
from schemas.decision import Choice
from schemas.frames import VERDICT_SCHEMA
from schemas.reasons import Reason
from train.manifest import TrainingBooks
from train.outcome import HeldOutLoss

VOID = {"meta", "br", "hr", "img", "input", "link"}
LOADS = {"src", "srcset", "action", "data", "poster", "background", "xlink:href"}


class Elements(HTMLParser):
    """Every tag with its attributes, and whether all are closed in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag) -> None:
        assert self.open.pop() == tag

    def of(self, tag: str) -> list[dict[str, str]]:
        return [attrs for name, attrs in self.tags if name == tag]


def test_the_page_forbids_itself_to_load_or_run_anything(page: str) -> None:
    [csp] = [m for m in Elements(page).of("meta") if "http-equiv" in m]
    assert csp["http-equiv"] == "Content-Security-Policy"
    assert csp["content"] == "default-src 'none'; style-src 'unsafe-inline'"


def test_nothing_refers_to_the_outside(page: str) -> None:
    elements = Elements(page)
    assert not {tag for tag, _ in elements.tags} & {"script", "img", "link", "iframe", "object"}
    assert not [a for _, attrs in elements.tags for a in attrs if a in LOADS or a[:2] == "on"]
    anchors = elements.of("a")
    ids = {attrs["id"] for _, attrs in elements.tags if "id" in attrs}
    assert anchors
    assert {a["href"] for a in anchors} <= {f"#{id}" for id in ids}
    style = page[page.index("<style>") : page.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style


def test_hostile_data_is_shown_and_not_obeyed(page: str, evil: str) -> None:
    assert evil not in page
    assert "&lt;/style&gt;&lt;/script&gt;&lt;script&gt;" in page
    assert page.count("<style>") == page.count("</style>") == 1
    assert "<title>the &lt;desk&gt; · curate report</title>" in page


def test_every_reason_of_the_books_stands_in_the_page(page: str, facts: Facts) -> None:
    ids = {attrs.get("id") for _, attrs in Elements(page).tags}
    assert {*facts.books.dropped, *facts.books.flagged} <= ids
    for reason, count in facts.books.dropped.items():
        assert f"{reason.replace('_', ' ')}: {count}" in page
    for reason in facts.rejected:
        assert reason.replace("_", " ") in page


def test_the_books_stand_in_the_page_as_a_sentence(page: str, facts: Facts) -> None:
    books = facts.books
    assert (
        f"{books.read} rows were read. {books.rejected} could not be read as a conversation" in page
    )
    assert f"<strong>{books.kept} are kept</strong>" in page


def test_without_examples_no_text_of_any_record_is_shown(
    store: Store, curated: Curated, facts: Facts
) -> None:
    bare = render_page(facts, Examples()).decode()
    texts = store.records()["messages"].to_list()
    assert texts
    for word in (
        "old mill",
        "new inn",
        "box number",
        "lamp 3",
        "Insert response here]&",
        "owned",
    ):
        assert word not in bare
    assert "<details" in bare  # the settings
    assert set(facts.books.dropped) <= {a.get("id") for _, a in Elements(bare).tags}


def test_headings_come_in_order_and_tables_have_scopes(page: str) -> None:
    elements = Elements(page)
    levels = [int(tag[1]) for tag, _ in elements.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert elements.of("th")
    assert all("scope" in attrs for attrs in elements.of("th"))
    assert elements.of("html") == [{"lang": "en"}]
    assert all(attrs.get("aria-label") for attrs in elements.of("svg") if "role" in attrs)


def test_texts_of_data_find_their_own_direction(page: str) -> None:
    said = [a for a in Elements(page).of("p") if a.get("class", "").startswith("said")]
    assert said
    assert all(attrs.get("dir") == "auto" for attrs in said)


def test_the_page_of_an_empty_workspace_says_what_to_do(empty) -> None:
    page = render_page(empty(), Examples()).decode()
    Elements(page)
    assert "Nothing has been read yet" in page
    assert "curate ingest FILE…" in page


def test_twenty_thousand_verdicts_are_less_than_a_megabyte(tmp_path: Path, record) -> None:
    store, reasons = Store(tmp_path), list(Reason)
    hostile = "<\"&'>" * 200
    with store.open_batch("ingest") as batch:
        for number in range(1000):
            batch.add(record(f"{number} 问{hostile}", f"{hostile} 答 {number}"))
    frame = load_or_compute(store, CURATION).kept
    ids = store.records()["id"].to_list()
    verdicts = pl.DataFrame(
        [
            (id, "made_up", "flag", reasons[n % len(reasons)], float(n + place), ids[-place])
            for place, id in enumerate(ids)
            for n in range(20)
        ],
        schema=VERDICT_SCHEMA,
        orient="row",
    )
    assert len(verdicts) == 20_000
    curated = Curated(frame, verdicts, settle(store.batches(), 1000, frame, verdicts), "key")
    facts = gather_facts("much", store, curated, CURATION)
    examples = collect_examples(store, curated, CURATION)
    page = render_page(facts, examples)
    assert len(page) < MOST_BYTES
    shown = Elements(page.decode()).of("li")
    assert 20 <= sum(a.get("class") == "example" for a in shown) <= MOST_EXAMPLES


# -- colours -------------------------------------------------------------------------------------


def palette(scheme: str) -> dict[str, str]:
    css = (Path(module.__file__).parent / "page.css").read_text("utf-8")
    roots = re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    place = {"light": 0, "dark": 1, "print": 2}[scheme]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", roots[place]))


def contrast(one: str, other: str) -> float:
    """The ratio that WCAG 2 defines."""

    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
def test_every_text_has_a_contrast_of_four_and_a_half(scheme: str) -> None:
    colours = palette(scheme)
    grounds = ["paper", "card"]
    pairs = [(text, g) for text in ("ink", "soft", "link", "kept") for g in grounds]
    pairs += [("dropped", "card"), ("flagged", "card"), ("ink", "mark"), ("ink", "good-back")]
    for level, back in (("dropped", "red-back"), ("flagged", "amber-back")):
        pairs += [(level, back), ("ink", back), ("link", back)]
    low = {p: round(contrast(*(colours[c] for c in p)), 2) for p in pairs}
    assert {pair: ratio for pair, ratio in low.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
def test_every_bar_has_a_contrast_of_three(scheme: str) -> None:
    colours = palette(scheme)
    kinds = ("kept", "dropped", "flagged", "synthetic", "rejected", "other")
    low = {
        (kind, back): contrast(colours[kind], colours[back])
        for kind in kinds
        for back in ("paper", "card")
    }
    assert {pair: ratio for pair, ratio in low.items() if ratio < 3} == {}


def test_review_and_training_are_told_in_full(facts: Facts, evil: str) -> None:
    status = ReviewStatus(
        frame=1, size=100, sample=20, decided=20,
        choices={Choice.keep: 17, Choice.fix: 3}, reviewers={evil: 20},
    )  # fmt: skip
    run = RunFacts(
        name="0007", base_model=evil, method="qlora", finished=True,
        losses=((1, 4.0), (2, 3.5)),
        books=TrainingBooks(kept=20, trained=15, held_out=3, dropped={"too_long": 2}),
        held_out=HeldOutLoss(rows=3, tokens=99, base=4.16, adapter=3.84, improved_rows=3),
    )  # fmt: skip
    update = {"review": ReviewFacts(status=status, wrong={"style": 3}), "runs": (run,)}
    page = render_page(facts.model_copy(update=update), Examples()).decode()
    Elements(page)
    assert "decided 20 of 20 records" in page
    assert CHOICE_LABELS[Choice.fix] in page
    assert WRONG_LABELS["style"] in page
    assert "20 records = 15 trained on + 3 held out + 2 too long" in page
    assert "4.160" in page
    assert "3.840" in page
    assert "Training loss of run 0007" in page
    assert evil not in page


def test_the_cost_of_synthesis_is_told_with_what_was_not_accepted(facts: Facts) -> None:
    synth = facts.synth | {
        "jobs": 1, "slots": 10, "accepted": 4, "spare": 1, "micro_dollars": 1_840_000,
        "rejected": {"near_duplicate": 3}, "failed": {"timeout": 2},
    }  # fmt: skip
    page = render_page(facts.model_copy(update={"synth": synth}), Examples()).decode()
    assert "<strong>$1.84</strong>" in page
    assert "4 were accepted, at $0.4600 each, and 1 are left over" in page
    assert "no answer: timeout" in page


def test_rare_labels_are_added_up(facts: Facts) -> None:
    domains = {f"domain {n}": 1 for n in range(100)}
    books = facts.books.model_copy(update={"domains": domains})
    page = render_page(facts.model_copy(update={"books": books}), Examples()).decode()
    assert "80 others: 80" in page
    assert "domain 99" not in page
