"""Formats: a row becomes candidates, by the first format that recognises it.

A format is how a row writes down a conversation: OpenAI's messages, Alpaca, ShareGPT and so on.

**Interface.** Each module that is named in `FORMATS` has a function

    to_candidates(row: Any) -> Sequence[Candidate | Refused] | None

that takes one row, which is parsed JSON or a table's row as a dict, and returns what it holds: one
candidate in most formats, several for a tree or for a row of instances. It returns None when the
row is not of its format, never an empty sequence, and never raises for what a row holds. Some
formats only refuse: they know what a row is, and that there is nothing in it to train on.
"""

import difflib
from collections.abc import Callable, Sequence, Set
from functools import lru_cache
from typing import Any, NamedTuple

from pipeline.readers.candidate import Candidate, Refused
from pipeline.readers.formats import (
    ai_studio,
    alpaca,
    alternating,
    api_log,
    branched_chat,
    chatgpt_export,
    claude_export,
    evaluation,
    gemini_activity,
    glaive,
    instances,
    intents,
    messages,
    not_chat,
    oasst,
    oasst_flat,
    open_webui,
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

ToCandidates = Callable[[Any], Sequence[Candidate | Refused] | None]
"""The interface of a format: see above."""


class Format(NamedTuple):
    """One way in which a row can hold conversations."""

    to_candidates: ToCandidates
    columns: Set[str] | None
    """A row that is an object and has none of these columns, in whatever spelling, is not of this
    format. None: its columns do not tell."""


FORMATS = {
    "unsupported": Format(unsupported.to_candidates, {*unsupported.WEIGHTED_COLUMNS}),
    "oasst": Format(oasst.to_candidates, {"prompt", "replies"}),
    "oasst_flat": Format(oasst_flat.to_candidates, {own for own, _ in oasst_flat.ID_COLUMNS}),
    "preference": Format(preference.to_candidates, preference.REPLY_COLUMNS),
    "chatgpt_export": Format(chatgpt_export.to_candidates, {"mapping"}),
    "claude_export": Format(claude_export.to_candidates, {claude_export.COLUMN}),
    "branched_chat": Format(branched_chat.to_candidates, {"messages"}),
    "open_webui": Format(open_webui.to_candidates, {"chat", "messages"}),
    "ai_studio": Format(ai_studio.to_candidates, {"chunkedPrompt"}),
    "gemini_activity": Format(gemini_activity.to_candidates, gemini_activity.COLUMNS),
    "intents": Format(intents.to_candidates, {"intents", *intents.PATTERN_NAMES}),
    "api_log": Format(api_log.to_candidates, api_log.LOG_COLUMNS),
    "messages": Format(messages.to_candidates, {*messages.MESSAGE_COLUMNS, "history"}),
    "turn_pairs": Format(turn_pairs.to_candidates, {"conversation", "conversations"}),
    "sharegpt": Format(sharegpt.to_candidates, {"conversation", "conversations"}),
    "instances": Format(instances.to_candidates, {"instances"}),
    "alpaca": Format(alpaca.to_candidates, {"instruction"}),
    "evaluation": Format(evaluation.to_candidates, evaluation.TELLTALE_COLUMNS),
    "speakers": Format(speakers.to_candidates, {*speakers.DIALOGUE_COLUMNS}),
    "question_answer": Format(question_answer.to_candidates, None),
    "glaive": Format(glaive.to_candidates, {"chat"}),
    "alternating": Format(alternating.to_candidates, {*alternating.PAIR_COLUMNS}),
    "text": Format(text.to_candidates, {*text.TRANSCRIPT_COLUMNS}),
    "not_chat": Format(not_chat.to_candidates, None),
}
"""In the order in which they are asked: specific before general."""


def formats_of(row: Any) -> Sequence[ToCandidates]:
    """The `to_candidates` of the formats that a row may have, in order; it is of no other format.

    A file has few different sets of columns, so each set is looked up once. Asking every format
    about every row took a tenth of the time of reading.
    """
    if isinstance(row, dict):
        return _formats_with_columns(tuple(row))
    return [format.to_candidates for format in FORMATS.values()]


@lru_cache(maxsize=1024)
def _formats_with_columns(names: tuple[Any, ...]) -> Sequence[ToCandidates]:
    spellings = {*names, *map(question_answer.snake_case, map(str, names))}
    return [
        to_candidates
        for to_candidates, columns in FORMATS.values()
        if columns is None or not spellings.isdisjoint(columns)
    ]


def read_as(name: str, row: Any) -> Sequence[Candidate | Refused]:
    """What a row holds when it is read as the one format that the user names.

    Raises:
        UserError: there is no such format.
    """
    if name not in FORMATS:
        near = difflib.get_close_matches(name, FORMATS, n=1, cutoff=0.0)
        raise UserError(f"there is no format {name}; perhaps {near[0]}", ", ".join(FORMATS))
    keys = ", ".join(map(str, row))[:80] if isinstance(row, dict) else type(row).__name__
    why = f"is no {name}: it has {keys or 'no fields'}"
    return FORMATS[name].to_candidates(row) or [Refused(Rejection.unknown_format, why)]
