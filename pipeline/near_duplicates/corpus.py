"""What a set of questions says about each of them: what is template there, and what is a name."""

from dataclasses import dataclass, field

import polars as pl

from pipeline.near_duplicates.guard.slots import recurring_codes, without_slots
from pipeline.near_duplicates.shared_parts import SharedParts, find_shared_parts
from pipeline.near_duplicates.templates import Templates, find_templates


@dataclass(frozen=True)
class Corpus:
    """What many questions of a set have in common. Order and copies of questions do not matter."""

    parts: SharedParts = field(default_factory=lambda: SharedParts(frozenset()))
    codes: frozenset[str] = frozenset()
    """Codes that come back in different questions, so that they are names of products."""
    templates: Templates = field(default_factory=Templates)

    def described(self, questions: pl.DataFrame) -> pl.DataFrame:
        """Add to questions `plain` (without slots) and `template` (its frame, or null)."""
        texts = without_slots(questions, self.codes)
        frame = questions.with_columns(plain=texts["plain"], is_case=texts["is_case"])
        spoken = zip(frame["is_case"], frame["plain"], frame["question_language"], strict=True)
        of = [self.templates.of(plain, code) if case else None for case, plain, code in spoken]
        return frame.with_columns(template=pl.Series(of, dtype=pl.String)).drop("is_case")


def corpus_of(questions: pl.DataFrame) -> Corpus:
    """The corpus of a set of questions (`question`, `question_language`)."""
    codes = recurring_codes(questions["question"])
    texts = without_slots(questions, codes)
    asked = texts.with_columns(questions["question"], questions["question_language"])
    cases = asked.filter("is_case").select("question", "plain", "question_language")
    templates = find_templates(cases.iter_rows())
    return Corpus(find_shared_parts(questions["question"]), codes, templates)
