"""What the numbers mean: the findings on top of the page, each with a place and a command."""

from collections.abc import Iterator
from typing import Literal

from curate.report.facts import Facts, RunFacts
from schemas.base import Model
from schemas.decision import Choice
from schemas.reasons import Reason
from schemas.record import Origin

MUCH = 0.10
"""Share of records from which one reason deserves a look. A house rule."""

MOSTLY = 0.50
"""Share of synthetic records above which a model mostly learns from a model. A house rule."""

BAD = 0.05
"""Share of bad records in the sample that is worth a word: the usual limit of a certificate."""


class Remark(Model):
    """One finding."""

    level: Literal["red", "amber"]
    text: str
    place: str
    """Where on the page to look: the id of a section."""
    command: str = ""
    """What to run."""

    @property
    def mark(self) -> str:
        """Its level as one sign, so that colour is never the only one."""
        return "✗" if self.level == "red" else "!"


def findings(facts: Facts) -> tuple[Remark, ...]:
    """Everything worth saying, the gravest first."""
    found = [*_reading(facts), *_filtering(facts)]
    if not facts.checked:
        found += [*_languages(facts), *_review(facts), *_training(facts)]
    return tuple(sorted(found, key=lambda remark: remark.level != "red"))


def _reading(facts: Facts) -> Iterator[Remark]:
    books = facts.books
    for why in facts.unreadable.values():
        yield Remark(level="red", text=f"A file could not be read: {why}.", place="books")
    if not books.read:
        yield Remark(
            level="red", text="Nothing has been read yet.", place="books",
            command="curate ingest FILE…",
        )  # fmt: skip
        return
    if not books.kept:
        yield Remark(level="red", text="Nothing is kept.", place="reasons")
    if books.rejected:
        much = books.rejected > MUCH * books.read
        yield Remark(
            level="red" if much else "amber",
            text=f"{_share(books.rejected, books.read, 'row')} could not become a record.",
            place="rejected",
        )
    if books.repeated > MUCH * books.read:
        text = f"{_share(books.repeated, books.read, 'row')} say what another row says already."
        yield Remark(level="amber", text=text, place="books")


def _filtering(facts: Facts) -> Iterator[Remark]:
    books = facts.books
    for reason, count in books.dropped.items():
        if count > MUCH * books.records:
            text = f"{_share(count, books.records, 'record')} fell to one reason: {_words(reason)}."
            yield Remark(level="amber", text=text, place=reason, command=_manual(reason))
    for reason, count in books.flagged.items():
        grave = reason in (Reason.label_conflict, Reason.near_rejected)
        if grave or count > MUCH * books.kept:
            text = f"{_words(reason).capitalize()} on {_share(count, books.kept, 'kept record')}."
            yield Remark(level="amber", text=text, place=reason, command=_manual(reason))
    synthetic = books.origins.get(Origin.synthetic, 0)
    if synthetic > MOSTLY * books.kept:
        text = f"{_share(synthetic, books.kept, 'kept record')} were written by a model."
        yield Remark(level="amber", text=text, place="origins")


def _languages(facts: Facts) -> Iterator[Remark]:
    if not facts.books.records:
        return
    for code, language in facts.coverage.items():
        if language.missing:
            below = f"below the alarm at {facts.alarm}" if language.alarm else "below the target"
            yield Remark(
                level="red" if language.alarm else "amber",
                text=f"{code} has {language.records:,} records, {below}: {language.missing:,} more"
                f" make {facts.minimum:,}.",
                place="languages",
                command=f"curate synth --domain support --language {code} --n {language.missing}",
            )


def _review(facts: Facts) -> Iterator[Remark]:
    if not facts.books.kept:
        return
    if facts.review is None:
        yield Remark(
            level="amber", text="Nobody has looked at the data yet.", place="review",
            command="curate review serve",
        )  # fmt: skip
        return
    status = facts.review.status
    if status.decided < status.sample:
        text = f"{status.sample - status.decided:,} of {status.sample:,} drawn records wait"
        yield Remark(
            level="amber", text=f"{text} for a reviewer.", place="review",
            command="curate review pull",
        )  # fmt: skip
    bad = status.choices.get(Choice.reject, 0) + status.choices.get(Choice.fix, 0)
    if bad > BAD * status.decided:
        text = f"{_share(bad, status.decided, 'reviewed record')} were rejected or mended."
        yield Remark(level="amber", text=text, place="review")


def _training(facts: Facts) -> Iterator[Remark]:
    if facts.runs:
        yield from _run(facts.runs[-1])


def _run(run: RunFacts) -> Iterator[Remark]:
    def say(level: Literal["red", "amber"], text: str) -> Remark:
        said = f"Run {run.name} {text}"
        return Remark(level=level, text=said, place="training", command="curate train")

    if not run.finished:
        yield say("amber", "is not finished; the command goes on with it.")
        return
    if run.held_out and run.held_out.adapter >= run.held_out.base:
        yield say("red", "did not learn: the loss on held-out replies is no lower than before.")
    if not run.current:
        yield say("amber", "was trained on another curated set than the present one.")


def _share(count: int, whole: int, noun: str) -> str:
    return f"{count:,} of {whole:,} {noun}{'s' * (whole != 1)} ({count / whole:.1%})"


def _words(reason: str) -> str:
    return reason.replace("_", " ")


def _manual(reason: str) -> str:
    return f"curate explain --reason {reason}"
