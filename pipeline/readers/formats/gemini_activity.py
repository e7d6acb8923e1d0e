"""What Gemini's app leaves in Google's export: one question and its answer in each activity."""

from typing import Any

from pipeline.readers.candidate import Candidate, Refused
from pipeline.readers.formats.other_columns import holds_media, labelled_candidate
from pipeline.readers.helpdesk.markup import visible_text
from schemas.reasons import Rejection

COLUMNS = frozenset(("header",))

HEADERS = frozenset(("Gemini Apps", "Bard"))
"""The product, as the export names it."""

ASKED = "Prompted "
"""What an English export writes before the question."""

ANSWER_COLUMN = "safeHtmlItem"


def to_candidates(row: Any) -> list[Candidate | Refused] | None:
    """The question and answer of a row, or None when it is no activity of Gemini's app."""
    header = row.get("header") if isinstance(row, dict) else None
    if not isinstance(header, str) or header not in HEADERS:
        return None
    title, items = row.get("title"), row.get(ANSWER_COLUMN)
    if not isinstance(title, str) or not title.startswith(ASKED):
        why = f'is an activity that does not begin with "{ASKED.strip()}"; export it in English'
        return [Refused(Rejection.no_user_turn, why)]
    if row.get("attachedFiles") or row.get("imageFile"):
        return [holds_media("a file")]
    pages = [item.get("html") for item in _list(items) if isinstance(item, dict)]
    answer = "\n\n".join(visible_text(page) for page in pages if isinstance(page, str)).strip()
    if not answer:
        return [Refused(Rejection.no_assistant_turn, "is a question without an answer")]
    turns = [
        {"role": "user", "content": title.removeprefix(ASKED).strip()},
        {"role": "assistant", "content": answer},
    ]
    return [labelled_candidate(row, turns, used=("title", "header", ANSWER_COLUMN))]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
