"""The page, made from facts and examples."""

import itertools
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from curate.report.bars import Bar, Mark, bar_chart
from curate.report.calibration import curves
from curate.report.examples import EXAMPLES_EACH, Examples, collect_examples
from curate.report.facts import Facts, gather_workspace
from curate.report.findings import findings
from curate.report.plots import Point, curve_chart, histogram_chart
from curate.report.svg import number_text
from curate.settings import Settings
from pipeline.curation.curated import Curated
from pipeline.files import write_atomically
from pipeline.store.store import Store
from review.argilla.form import CHOICE_LABELS, WRONG_LABELS
from schemas.reasons import Reason, Rejection

MOST_EXAMPLES = 200
"""Examples on one page; nobody reads more."""

MOST_BYTES = 1_000_000
"""Size of a page that opens at once and can be sent by mail."""

MOST_BARS = 20
"""Bars of a chart; the rarest labels are added up."""

_MANUALS = {member.value: member.manual for kind in (Rejection, Reason) for member in kind}

_ORIGIN_CLASSES = {"human": "kept", "corrected": "flagged", "synthetic": "synthetic"}
"""CSS class of each origin."""


def write_report(
    path: Path, store: Store, settings: Settings, curated: Curated, *, examples: bool = True
) -> Facts:
    """Write the page of a workspace to `path`; return what it states."""
    facts, texts = gather_workspace(store, settings, curated), Examples()
    if examples:
        texts = collect_examples(store, curated, settings.curation)
    write_page(path, facts, texts)
    return facts


def write_page(path: Path, facts: Facts, examples: Examples) -> int:
    """Write the page to `path`; return its size in bytes."""
    page = render_page(facts, examples)
    write_atomically(path, page)
    return len(page)


def render_page(facts: Facts, examples: Examples) -> bytes:
    """The page in UTF-8, with as many examples of each reason as the size allows."""
    folder = Path(__file__).parent
    jinja = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = jinja.get_template("page.html.j2")
    for each in (EXAMPLES_EACH, 3, 1, 0):
        text = template.render(**_drawn(facts), **_texts(facts, examples, each))
        page = text.encode("utf-8", "backslashreplace")
        if len(page) <= MOST_BYTES:
            break
    return page


def _drawn(facts: Facts) -> dict[str, Any]:
    """What the template needs besides texts."""
    review = facts.review
    return {
        "facts": facts,
        "books": facts.books,
        "findings": findings(facts),
        "funnel": _funnel(facts),
        "languages": _languages(facts),
        "domains": _labels("Kept records by domain", facts.books.domains),
        "origins": _origins(facts),
        "decisions": [(CHOICE_LABELS[c], n) for c, n in review.status.choices.items()]
        if review
        else [],
        "wrong": [(WRONG_LABELS.get(w, w), n) for w, n in review.wrong.items()] if review else [],
        "manuals": _MANUALS,
        "histogram": histogram_chart,
        "loss": _loss,
        "curves": curves,
        "words": words,
        "number_text": number_text,
        "file_name": lambda path: Path(path).name,
    }


def _texts(facts: Facts, examples: Examples, each: int) -> dict[str, Any]:
    """`each` examples of everything, `MOST_EXAMPLES` in all, in the order of the page."""
    room = iter(range(MOST_EXAMPLES))

    def some(examples: list[Any]) -> list[Any]:
        return [example for example, _ in zip(examples[:each], room, strict=False)]

    return {
        "rejected": {reason: some(examples.rejected.get(reason, [])) for reason in facts.rejected},
        "examples": {
            fact.reason: {
                action: some(of_action)
                for action, of_action in sorted(examples.reasons.get(fact.reason, {}).items())
            }
            for fact in facts.reasons
        },
        "above": some(examples.above),
        "below": some(examples.below),
    }


def words(name: str) -> str:
    """A name of the code as people read it: `short_reply` is "short reply"."""
    return name.replace("_", " ")


def _funnel(facts: Facts) -> str:
    """Each loss begins where the one before it ended; what is left at the end is kept."""
    books, left, items = facts.books, facts.books.read, [Bar("read", facts.books.read, kind="read")]
    losses = [("rejected", books.rejected, "rejected"), ("repeated", books.repeated, "repeated")]
    losses += [(words(reason), count, "dropped") for reason, count in books.dropped.items()]
    for name, count, kind in losses:
        if count:
            left -= count
            items.append(Bar(name, count, left, f"{count / books.read:.1%}", kind))
    share = f"{books.kept / books.read:.1%}" if books.read else ""
    items.append(Bar("kept", books.kept, note=share))
    return bar_chart("From rows read to records kept", items, books.read)


def _languages(facts: Facts) -> str:
    counts = {code: language.records for code, language in facts.coverage.items()}
    counts |= {code: n for code, n in facts.books.languages.items() if code not in counts}
    items = []
    for code, count in _most(counts).items():
        target = facts.coverage.get(code)
        note, kind = "", "kept" if target or facts.checked else "other"
        if target and target.missing:
            note = f"needs {target.missing:,} more" + (" · alarm ⚠" if target.alarm else "")
            kind = "dropped" if target.alarm else "flagged"
        items.append(Bar(code, count, note=note, kind=kind))
    if facts.checked:
        return bar_chart("Kept records by language", items, max(counts.values(), default=0))
    marks = [Mark("needed", facts.minimum), Mark("alarm", facts.alarm)]
    whole = max(*counts.values(), facts.minimum, facts.alarm)
    return bar_chart("Kept records by language", items, whole, marks)


def _origins(facts: Facts) -> str:
    origins = facts.books.origins
    items = [Bar(name, count, kind=_ORIGIN_CLASSES[name]) for name, count in origins.items()]
    return bar_chart("Kept records by origin", items, facts.books.kept)


def _labels(title: str, counts: dict[str, int]) -> str:
    items = [Bar(name, count) for name, count in _most(counts).items()]
    return bar_chart(title, items, max(counts.values(), default=0))


def _most(counts: dict[str, int]) -> dict[str, int]:
    """The first `MOST_BARS` counts, and the others as one."""
    most = dict(itertools.islice(counts.items(), MOST_BARS))
    rest = sum(counts.values()) - sum(most.values())
    if rest:
        most[f"{len(counts) - len(most):,} others"] = rest
    return most


def _loss(name: str, losses: tuple[tuple[int, float], ...]) -> str:
    return curve_chart(f"Training loss of run {name}", [Point(*p) for p in losses], "step")
