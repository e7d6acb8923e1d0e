"""Facts and examples become the page."""

import itertools
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from curate.report import calibration, charts
from curate.report.charts import Bar, Mark, Point
from curate.report.examples import EACH, Examples
from curate.report.facts import Facts
from curate.report.findings import findings
from pipeline.features.tokens import ENOUGH_CHARACTERS
from pipeline.files import write_atomically
from review.argilla.form import CHOICE_LABELS, WRONG_LABELS
from schemas.reasons import Reason, Rejection

MOST_EXAMPLES = 200
"""On a page; more are not read."""

MOST_BYTES = 1_000_000
"""A page that opens at once and goes by mail."""

MOST_BARS = 20
"""Labels of a chart; the rare ones are added up."""

MANUALS = {member.value: member.manual for kind in (Rejection, Reason) for member in kind}

KINDS = {"human": "kept", "corrected": "flagged", "synthetic": "synthetic"}
"""CSS class of each origin."""


def write_page(path: Path, facts: Facts, examples: Examples) -> int:
    """Write the page to `path`; return its size in bytes."""
    page = render(facts, examples)
    write_atomically(path, page)
    return len(page)


def render(facts: Facts, examples: Examples) -> bytes:
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
    for each in (EACH, 3, 1, 0):
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
        "manuals": MANUALS,
        "counted": ENOUGH_CHARACTERS,
        "histogram": charts.histogram,
        "loss": _loss,
        "curves": calibration.curves,
        "words": words,
        "plain": charts.plain,
        "file_name": lambda path: Path(path).name,
    }


def _texts(facts: Facts, examples: Examples, each: int) -> dict[str, Any]:
    """`each` examples of everything, `MOST_EXAMPLES` in all, in the order of the page."""
    room = iter(range(MOST_EXAMPLES))

    def some(found: list[Any]) -> list[Any]:
        return [one for one, _ in zip(found[:each], room, strict=False)]

    return {
        "rejected": {reason: some(examples.rejected.get(reason, [])) for reason in facts.rejected},
        "examples": {
            fact.reason: {
                done: some(found)
                for done, found in sorted(examples.reasons.get(fact.reason, {}).items())
            }
            for fact in facts.reasons
        },
        "above": some(examples.above),
        "below": some(examples.below),
    }


def words(name: str) -> str:
    """A name of ours as people read it."""
    return name.replace("_", " ")


def _funnel(facts: Facts) -> str:
    """Each loss begins where the one before it ended; what is left is kept."""
    books, left, items = facts.books, facts.books.read, [Bar("read", facts.books.read, kind="read")]
    losses = [("rejected", books.rejected, "rejected"), ("repeated", books.repeated, "repeated")]
    losses += [(words(reason), count, "dropped") for reason, count in books.dropped.items()]
    for name, count, kind in losses:
        if count:
            left -= count
            items.append(Bar(name, count, left, f"{count / books.read:.1%}", kind))
    share = f"{books.kept / books.read:.1%}" if books.read else ""
    items.append(Bar("kept", books.kept, note=share))
    return charts.bars("From rows read to records kept", items, books.read)


def _languages(facts: Facts) -> str:
    counts = {code: found.records for code, found in facts.coverage.items()}
    counts |= {code: n for code, n in facts.books.languages.items() if code not in counts}
    items = []
    for code, count in _most(counts).items():
        found = facts.coverage.get(code)
        note, kind = "", "kept" if found or facts.checked else "other"
        if found and found.missing:
            note = f"needs {found.missing:,}" + (" · alarm ⚠" if found.alarm else "")
            kind = "dropped" if found.alarm else "flagged"
        items.append(Bar(code, count, note=note, kind=kind))
    if facts.checked:
        return charts.bars("Kept records by language", items, max(counts.values(), default=0))
    marks = [Mark("needed", facts.minimum), Mark("alarm", facts.alarm)]
    whole = max(*counts.values(), facts.minimum, facts.alarm)
    return charts.bars("Kept records by language", items, whole, marks)


def _origins(facts: Facts) -> str:
    origins = facts.books.origins
    items = [Bar(name, count, kind=KINDS[name]) for name, count in origins.items()]
    return charts.bars("Kept records by origin", items, facts.books.kept)


def _labels(title: str, counts: dict[str, int]) -> str:
    items = [Bar(name, count) for name, count in _most(counts).items()]
    return charts.bars(title, items, max(counts.values(), default=0))


def _most(counts: dict[str, int]) -> dict[str, int]:
    """The first `MOST_BARS`, and the others as one."""
    shown = dict(itertools.islice(counts.items(), MOST_BARS))
    rest = sum(counts.values()) - sum(shown.values())
    if rest:
        shown[f"{len(counts) - len(shown):,} others"] = rest
    return shown


def _loss(name: str, losses: tuple[tuple[int, float], ...]) -> str:
    return charts.curve(f"Training loss of run {name}", [Point(*p) for p in losses], "step")
