"""What the numbers mean: the findings at the top of the page, with a link and a command each."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from curate.report.facts import Facts, RunFacts
from schemas.base import Model
from schemas.books import Books
from schemas.decision import Choice
from schemas.reasons import Reason
from schemas.record import Origin

_MUCH = 0.10
"""A share of records above which a reason deserves a look. Our own choice."""

_MOSTLY = 0.50
"""Share of synthetic records above which a model mostly learns from another model."""

_NAMED_COLUMNS = 5
"""Columns that a finding names."""

_MANY_BAD = 0.05
"""Share of bad records in the review sample above which there is a finding. Our own choice."""


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
        """The level as a sign, so that it shows without colour."""
        return "✗" if self.level == "red" else "!"


def findings(facts: Facts) -> tuple[Remark, ...]:
    """All findings, the most serious first."""
    remarks = [*_reading(facts), *_filtering(facts)]
    if not facts.checked:
        remarks += [*_languages(facts), *_review(facts), *_training(facts)]
    return tuple(sorted(remarks, key=lambda remark: remark.level != "red"))


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
        much = books.rejected > _MUCH * books.read
        yield Remark(
            level="red" if much else "amber",
            text=f"{_share(books.rejected, books.read, 'row')} could not be read as a"
            " conversation.",
            place="rejected",
        )
    yield from _columns(facts)
    if books.repeated > _MUCH * books.read:
        text = (
            f"{_share(books.repeated, books.read, 'row')} repeat the conversation of another row."
        )
        yield Remark(level="amber", text=text, place="books")


def _columns(facts: Facts) -> Iterator[Remark]:
    """The columns of which nothing is in the records: those with sentences one by one."""
    for batch in facts.batches:
        for file, books in batch.by_file.items():
            texts = [name for name, column in books.left_out.items() if column.is_text]
            for name in texts:
                column = books.left_out[name]
                text = (
                    f"The column {name} of {file} holds text in {column.texts:,} of its rows, and"
                    " none of it was read."
                )
                yield Remark(
                    level="red", text=text, place="books",
                    command="curate ingest FILE --map user=COLUMN,assistant=COLUMN",
                )  # fmt: skip
            others = [name for name in books.left_out if name not in texts]
            if others:
                names = ", ".join(others[:_NAMED_COLUMNS])
                more = "" if len(others) <= _NAMED_COLUMNS else f" and {len(others) - 5} more"
                text = f"Columns of {file} were left out: {names}{more}."
                yield Remark(level="amber", text=text, place="books")


def _filtering(facts: Facts) -> Iterator[Remark]:
    books = facts.books
    for reason, count in books.dropped.items():
        if count > _MUCH * books.records:
            text = f"{_share(count, books.records, 'record')} were dropped as {_words(reason)}."
            yield Remark(level="amber", text=text, place=reason, command=_manual(reason))
    for reason, count in books.flagged.items():
        if reason == Reason.personal_data:
            continue
        serious = reason in (Reason.label_conflict, Reason.near_rejected)
        if serious or count > _MUCH * books.kept:
            text = f"{_words(reason).capitalize()} on {_share(count, books.kept, 'kept record')}."
            yield Remark(level="amber", text=text, place=reason, command=_manual(reason))
    if warning := unmasked_personal_data(books, facts.settings):
        yield Remark(
            level="amber",
            text=f"{warning}.",
            place=Reason.personal_data,
            command=MASK_PERSONAL_DATA,
        )
    synthetic = books.origins.get(Origin.synthetic, 0)
    if synthetic > _MOSTLY * books.kept:
        text = f"{_share(synthetic, books.kept, 'kept record')} were written by a model."
        yield Remark(level="amber", text=text, place="origins")


MASK_PERSONAL_DATA = '[personal_data] action = "mask"'
"""The line of curate.toml that masks personal data."""


def unmasked_personal_data(books: Books, settings: Mapping[str, Any]) -> str | None:
    """One sentence about kept records in which personal data stands, or None if there are none.

    Args:
        books: The books of a workspace.
        settings: Its settings, as `Curation` dumps them.
    """
    count = books.flagged.get(Reason.personal_data, 0)
    if not count or settings["recipe"]["personal_data"]["action"] != "flag":
        return None
    return (
        f"{_share(count, books.kept, 'kept record')} hold personal data, which a model can repeat"
    )


def _languages(facts: Facts) -> Iterator[Remark]:
    if not facts.books.records:
        return
    for code, language in facts.coverage.items():
        if language.missing:
            limit = f"the alarm at {facts.alarm:,}" if language.alarm else "the target"
            yield Remark(
                level="red" if language.alarm else "amber",
                text=f"{code} has {language.records:,} record{'s' * (language.records != 1)}, which"
                f" is below {limit}:"
                f" {language.missing:,} more are needed to make {facts.minimum:,}.",
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
        text = (
            f"{status.sample - status.decided:,} of {status.sample:,} sampled records are waiting"
        )
        yield Remark(
            level="amber", text=f"{text} for a reviewer.", place="review",
            command="curate review pull",
        )  # fmt: skip
    bad = status.choices.get(Choice.reject, 0) + status.choices.get(Choice.fix, 0)
    if bad > _MANY_BAD * status.decided:
        text = f"{_share(bad, status.decided, 'reviewed record')} were rejected or corrected."
        yield Remark(level="amber", text=text, place="review")


def _training(facts: Facts) -> Iterator[Remark]:
    if facts.runs:
        yield from _run(facts.runs[-1])


def _run(run: RunFacts) -> Iterator[Remark]:
    def remark(level: Literal["red", "amber"], text: str) -> Remark:
        sentence = f"Run {run.name} {text}"
        return Remark(level=level, text=sentence, place="training", command="curate train")

    if not run.finished:
        yield remark("amber", "is not finished; the command resumes it.")
        return
    if run.held_out and run.held_out.adapter >= run.held_out.base:
        yield remark(
            "red", "learned nothing: the loss on held-out replies is no lower than before."
        )
    if not run.current:
        yield remark("amber", "was trained on other records than the ones that are kept now.")


def _share(count: int, whole: int, noun: str) -> str:
    return f"{count:,} of {whole:,} {noun}{'s' * (whole != 1)} ({count / whole:.1%})"


def _words(reason: str) -> str:
    return reason.replace("_", " ")


def _manual(reason: str) -> str:
    return f"curate explain --reason {reason}"
