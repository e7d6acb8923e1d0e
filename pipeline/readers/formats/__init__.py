"""The format of one row: the first that recognises it turns it into candidate conversations.

A format is a function that takes a row (parsed JSON, or a CSV row as a dict) and returns what it
holds, or None when the row is not its own. A tree or a row of instances holds several.
"""

from collections.abc import Callable, Sequence
from typing import Any

from pipeline.readers.candidate import Candidate, Refused
from pipeline.readers.formats import alpaca, messages, question_answer, sharegpt

Format = Callable[[Any], Sequence[Candidate | Refused] | None]

FORMATS: dict[str, Format] = {
    "messages": messages.read,
    "sharegpt": sharegpt.read,
    "alpaca": alpaca.read,
    "question_answer": question_answer.read,
}
"""In the order in which they are asked: specific before general."""
