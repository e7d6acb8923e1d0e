"""The format of one row: the first that recognises it turns it into candidate conversations.

A format is a function that takes a row (parsed JSON, or a CSV row as a dict) and returns what it
holds, or None when the row is not its own. A tree or a row of instances holds several. Some
formats only refuse: they know what a row is, and that it is nothing to train on.
"""

import difflib
from collections.abc import Callable, Sequence
from typing import Any

from pipeline.readers.candidate import Candidate, Refused
from pipeline.readers.formats import (
    alpaca,
    evaluation,
    instances,
    messages,
    not_chat,
    oasst,
    oasst_flat,
    preference,
    question_answer,
    sharegpt,
    speakers,
    text,
    turn_pairs,
    unsupported,
)
from schemas.errors import UserError
from schemas.reasons import Rejection

Format = Callable[[Any], Sequence[Candidate | Refused] | None]

FORMATS: dict[str, Format] = {
    "unsupported": unsupported.read,
    "oasst": oasst.read,
    "oasst_flat": oasst_flat.read,
    "preference": preference.read,
    "messages": messages.read,
    "turn_pairs": turn_pairs.read,
    "sharegpt": sharegpt.read,
    "instances": instances.read,
    "alpaca": alpaca.read,
    "evaluation": evaluation.read,
    "speakers": speakers.read,
    "question_answer": question_answer.read,
    "text": text.read,
    "not_chat": not_chat.read,
}
"""In the order in which they are asked: specific before general."""


def read_as(name: str, row: Any) -> Sequence[Candidate | Refused]:
    """What a row holds when it is read as one format that the user names.

    Raises:
        UserError: there is no such format.
    """
    if name not in FORMATS:
        near = difflib.get_close_matches(name, FORMATS, n=1, cutoff=0.0)
        raise UserError(f"there is no format {name}; perhaps {near[0]}", ", ".join(FORMATS))
    keys = ", ".join(map(str, row))[:80] if isinstance(row, dict) else type(row).__name__
    why = f"is no {name}: it has {keys or 'no fields'}"
    return FORMATS[name](row) or [Refused(Rejection.unknown_format, why)]
