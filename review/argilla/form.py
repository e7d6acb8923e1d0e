"""The form that reviewers fill in: its questions, its guidelines, and a response given on it.

Argilla never changes the questions and fields of a dataset that was published. So a question that
is added, removed or given other values needs a new `FORM_VERSION`, which makes a new dataset. Texts
may change without one: datasets that were published before keep the old ones.
"""

from datetime import datetime

from schemas.base import Model
from schemas.decision import Choice

FORM_VERSION = 1

CHOICE_LABELS = {
    Choice.keep: "Keep: a good answer, as it is",
    Choice.fix: "Fix: the answer below is better",
    Choice.reject: "Reject: not worth learning from",
}
"""What a reviewer may choose, with its label. The keys 1, 2, 3 choose in this order."""

WRONG_LABELS = {
    "incorrect": "Not true",
    "incomplete": "Something is missing",
    "off_topic": "Does not answer the question",
    "language": "Language or spelling",
    "style": "Tone or length",
    "format": "Formatting or tool call",
    "unsafe": "Unsafe or private",
    "question": "The question itself is bad",
}
"""What may be wrong: the word that is stored, and the label that is shown."""

GUIDELINES = """\
### What you are asked

Read the conversation. Would you want the assistant to answer like this, in this language, to \
anyone who asks the same? A model will learn from it word by word.

- **Keep**: the last answer is right and well written. Leave the reply as it is.
- **Fix**: the question is fine, the last answer is not. Write a better answer into **Reply** \
(it contains the present one), then choose fix.
- **Reject**: the question makes no sense, is private or unsafe, or you cannot say what a good \
answer would be.

*What was wrong* and *note* are optional; they help whoever improves the data.

### Keys

- `1` keep, `2` fix, `3` reject; `↑` and `↓` go from question to question
- after `2`: `Shift Enter` to write the reply, `Esc` to leave the box
- `Enter` submit, `Backspace` skip (discard), `Ctrl S` save a draft
- `←` and `→` previous and next record

### Good to know

- The records were drawn at random. Please take them as they come, so that the result holds for \
all records.
- A changed reply counts only with **fix**, and **fix** only with a changed reply. Otherwise you \
will be asked again.
- Skipping a record decides nothing: another reviewer gets it.
"""
"""Shown beside the form, as Markdown; at most 10,000 characters."""

FORM_TITLES = {
    "why": "About this record",
    "conversation": "Conversation",
    "verdict": "Your verdict on the last answer",
    "reply": "Reply (change it only to fix it)",
    "wrong": "What was wrong?",
    "note": "Note",
}
"""Title of each field and question, by its name."""


class Response(Model):
    """What one reviewer submitted about one record."""

    record_id: str
    reviewer: str
    choice: Choice
    reply: str
    """The text in the reply box, changed or not; empty if it was cleared."""
    wrong: tuple[str, ...] = ()
    note: str = ""
    at: datetime
    """When it was last submitted (UTC)."""
