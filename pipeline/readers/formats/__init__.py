"""The format of one row: the first that recognises it turns it into candidate conversations.

A format has a function that takes a row (parsed JSON, or a CSV row as a dict) and returns what it
holds, or None when the row is not its own. A tree or a row of instances holds several. Some
formats only refuse: they know what a row is, and that it is nothing to train on.
"""

import difflib
from collections.abc import Callable, Sequence, Set
from functools import lru_cache
from typing import Any, NamedTuple

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

Read = Callable[[Any], Sequence[Candidate | Refused] | None]


class Format(NamedTuple):
    """One way in which a row can hold conversations."""

    read: Read
    columns: Set[str] | None
    """An object without any of these, in whatever spelling, is not of this format; None: it may."""


FORMATS = {
    "unsupported": Format(unsupported.read, {"label", "messages", "chosen_messages"}),
    "oasst": Format(oasst.read, {"prompt", "replies"}),
    "oasst_flat": Format(oasst_flat.read, {own for own, _ in oasst_flat.IDS}),
    "preference": Format(preference.read, preference.SIDES),
    "messages": Format(messages.read, {"messages", "traj"}),
    "turn_pairs": Format(turn_pairs.read, {"conversation", "conversations"}),
    "sharegpt": Format(sharegpt.read, {"conversation", "conversations"}),
    "instances": Format(instances.read, {"instances"}),
    "alpaca": Format(alpaca.read, {"instruction"}),
    "evaluation": Format(evaluation.read, evaluation.TELLTALES),
    "speakers": Format(speakers.read, {*speakers.COLUMNS}),
    "question_answer": Format(question_answer.read, {*question_answer.ANSWERS}),
    "text": Format(text.read, {*text.COLUMNS}),
    "not_chat": Format(not_chat.read, None),
}
"""In the order in which they are asked: specific before general."""


def formats_of(row: Any) -> Sequence[Read]:
    """The formats that may read a row, in order; none of the others would.

    A file has few sets of columns: each is looked up once. Asking all took a tenth of the time.
    """
    if isinstance(row, dict):
        return _with_columns(tuple(row))
    return [read for read, _ in FORMATS.values()]


@lru_cache(maxsize=1024)
def _with_columns(names: tuple[Any, ...]) -> Sequence[Read]:
    known = {*names, *map(question_answer.spelled, map(str, names))}
    return [
        read
        for read, columns in FORMATS.values()
        if columns is None or not known.isdisjoint(columns)
    ]


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
    return FORMATS[name].read(row) or [Refused(Rejection.unknown_format, why)]
