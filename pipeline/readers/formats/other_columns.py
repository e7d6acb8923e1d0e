"""The columns around a conversation: system text, history, reasoning, tools and labels."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from pipeline.readers.candidate import Candidate, LeftOut, Refused, Turn
from pipeline.readers.formats.beside import ColumnsBeside, column_key, columns_beside
from pipeline.readers.formats.calls import tool_definitions
from pipeline.readers.formats.history import history_turns
from pipeline.readers.formats.learning import is_learnt, mark_of
from pipeline.readers.formats.left_out import is_empty, is_label, meta_and_left_out
from pipeline.readers.formats.parts import kind_of_files, text_of_parts
from schemas.reasons import Rejection

MEDIA_MARK = re.compile(
    r"(?:\A|(?<=\s))<(image|video|audio|img|image_placeholder|image_\d+)>(?=\s|\Z)(?!.*</\1>)", re.S
)
"""A mark where a picture belongs, by itself; `<image>…</image>` in a question about XML is text."""

DIALOGUE_HISTORIES = frozenset(
    ("history", "chathistory", "conversationhistory", "dialoghistory", "dialoguehistory",
     "messagehistory")
)  # fmt: skip
"""History columns that hold a conversation; `order_history` may hold anything."""

SYSTEM_COLUMNS = ("system", "system_prompt")
"""Under these names one word is a system text too; `system_id` is none."""

DOMAIN_LENGTH = 40
"""Characters; a longer `category` is a description and does not name a domain."""


def labelled_candidate(
    row: dict[str, Any],
    turns: list[Turn],
    rejected: str | None = None,
    *,
    used: Iterable[str],
    fields: tuple[LeftOut, ...] = (),
) -> Candidate | Refused:
    """The candidate of these turns with what stands beside them in the row.

    Args:
        row: The row.
        turns: The conversation.
        rejected: The reply that a preference row turns down.
        used: The columns that the turns were made of; the others are looked at here, and end up in
            the candidate, in its `meta`, or among what was left out.
        fields: Fields of the row's messages that were left out.
    """
    for turn in turns:  # A loop: twice as fast as `any`, and asked of every row.
        if turn["role"] == "user" and _shows_media(turn["content"]):
            return holds_media("a picture, sound or a video")
    names, used = tuple(row), tuple(used)
    others, beside = columns_left(names, used)
    if beside is None:  # Most rows have nothing else, or labels.
        meta, left_out = meta_and_left_out(row, others) if others else (None, ())
        return Candidate(turns, None, None, None, rejected, meta, left_out + fields)
    return _with_columns(row, Candidate(turns, rejected=rejected, left_out=fields), others, beside)


def _with_columns(
    row: dict[str, Any], candidate: Candidate, others: tuple[Any, ...], beside: ColumnsBeside
) -> Candidate | Refused:
    """The candidate with what is in the columns beside it.

    Args:
        row: The row.
        candidate: Its turns, the rejected reply, and the fields of messages that were left out.
        others: The columns that the turns were not made of.
        beside: Those of them whose names are known.
    """
    taken = set[str]()
    if refused := _refused_by(row, candidate, beside, taken):
        return refused
    turns = candidate.turns
    if beside.history or beside.reasoning or beside.system:
        with_history = _with_history(row, turns, beside, taken)
        if isinstance(with_history, Refused):
            return with_history
        turns = _with_system(row, _with_reasoning(row, with_history, beside, taken), beside, taken)
    tools = tool_definitions(_take(row, beside.tools, taken)) if beside.tools else None
    language = _take(row, beside.language, taken) if beside.language else None
    domain = _domain(row, beside, taken) if beside.domain else None
    meta, left_out = None, candidate.left_out
    if len(taken) < len(others):
        meta, columns = meta_and_left_out(row, [name for name in others if name not in taken])
        left_out = (*columns, *left_out)
    return Candidate(turns, tools, language, domain, candidate.rejected, meta, left_out)


def _refused_by(
    row: dict[str, Any], candidate: Candidate, beside: ColumnsBeside, taken: set[str]
) -> Refused | None:
    """Why a column beside the conversation refuses the row: a picture, a switch, a bad mark."""
    for name, kind in beside.media:
        if not is_empty(row[name]):
            return holds_media(kind)
    for name in beside.files:
        if file_kind := kind_of_files(row[name]):
            return holds_media(file_kind)
    for name in beside.switches:
        if is_learnt({name: row[name]}) is False:
            why = f"is not to be trained on: its {name} is {row[name]}"
            return Refused(Rejection.no_assistant_turn, why)
    if beside.marks and candidate.rejected is None and _is_marked_bad(row, beside, taken):
        return Refused(Rejection.marked_bad, "is marked as a bad reply, which is not to be learnt")
    return None


@lru_cache(maxsize=4096)
def columns_left(
    names: tuple[Any, ...], used: tuple[str, ...]
) -> tuple[tuple[Any, ...], ColumnsBeside | None]:
    """The columns that were not used, and what is known of them by name; None for nothing.

    Cached, as the rows of a file have few sets of columns.
    """
    others = tuple(name for name in names if name not in used)
    beside = columns_beside(names).without(used)
    return others, beside if any(beside) else None


def holds_media(kind: str) -> Refused:
    """Why a row with a picture, sound or a video is refused."""
    return Refused(Rejection.not_text, f"holds {kind}, and only text is trained on here")


def _shows_media(content: Any) -> bool:
    """Whether a text has a mark such as `<image>` in it."""
    if not isinstance(content, str) or "<" not in content:
        return False
    return MEDIA_MARK.search(content) is not None


def _is_marked_bad(row: dict[str, Any], beside: ColumnsBeside, taken: set[str]) -> bool:
    """Whether a label says that the reply is bad; labels that say it is good are then taken."""
    for name in beside.marks:
        mark = None if name in taken else mark_of(column_key(name), row[name])
        if mark is False:
            return True
        if mark:
            taken.add(name)
    return False


def first_cell(row: dict[str, Any], names: Iterable[str]) -> Any:
    """The first cell under these names that is not null; None when there is none."""
    for name in names:  # A loop: three times as fast as `next` of a generator, and asked often.
        if (cell := row.get(name)) is not None:
            return cell
    return None


def first_column(row: dict[str, Any], names: Iterable[str]) -> str | None:
    """The first of these columns whose cell is not null, else the first that exists at all."""
    empty = None
    for name in names:
        if name in row:
            if row[name] is not None:
                return name
            empty = empty or name
    return empty


def _take(row: dict[str, Any], names: tuple[str, ...], taken: set[str]) -> Any:
    """The first cell under these names that holds something, whose column is then taken."""
    for name in names:
        if name not in taken and not is_empty(row[name]):
            taken.add(name)
            return row[name]
    return None


def _with_system(
    row: dict[str, Any], turns: list[Turn], beside: ColumnsBeside, taken: set[str]
) -> list[Turn]:
    """The turns with the text of a system column before them, unless they begin with one."""
    begins_with_system = bool(turns) and turns[0]["role"] in ("system", "developer")
    for name in beside.system:
        text = text_of_parts(row[name]) if name not in taken else None
        if text is None or is_empty(text) or (name not in SYSTEM_COLUMNS and is_label(text)):
            continue
        if not begins_with_system:
            taken.add(name)
            return [{"role": "system", "content": text}, *turns]
        if text.strip() == str(turns[0]["content"]).strip():
            taken.add(name)
    return turns


def _with_history(
    row: dict[str, Any], turns: list[Turn], beside: ColumnsBeside, taken: set[str]
) -> list[Turn] | Refused:
    """The turns after those of a history column, unless they hold these already.

    A list that is no history is refused, since the reply may answer to it; a text is left out.
    """
    for name in beside.history:
        earlier = history_turns(row[name]) if name not in taken else None
        if earlier is None:
            if name not in taken and _may_be_turns(name, row[name]):
                why = f"{name} is neither pairs of question and answer nor messages"
                return Refused(Rejection.unreadable, why)
            continue
        taken.add(name)
        start = 1 if turns and turns[0]["role"] == "system" else 0
        if turns[start : start + len(earlier)] != earlier:
            turns = [*turns[:start], *earlier, *turns[start:]]
    return turns


def _may_be_turns(name: str, cell: Any) -> bool:
    """Whether a list or object in a history column may hold what the reply answers to."""
    if not isinstance(cell, list | dict) or not cell:
        return False
    return column_key(name) in DIALOGUE_HISTORIES or (
        isinstance(cell, list) and any(isinstance(item, list) for item in cell)
    )


def _with_reasoning(
    row: dict[str, Any], turns: list[Turn], beside: ColumnsBeside, taken: set[str]
) -> list[Turn]:
    """The turns with the text of a reasoning column beside the last reply."""
    if not turns or turns[-1]["role"] != "assistant" or turns[-1].get("reasoning"):
        return turns
    for name in beside.reasoning:
        text = row[name]
        if name not in taken and isinstance(text, str) and text.strip():
            taken.add(name)
            return [*turns[:-1], turns[-1] | {"reasoning": text}]
    return turns


def _domain(row: dict[str, Any], beside: ColumnsBeside, taken: set[str]) -> Any:
    """A category such as `open_qa` is a domain too; a sentence is not."""
    for name in beside.domain:
        cell = row[name]
        if name in taken or is_empty(cell) or not isinstance(cell, str):
            continue
        if name == "domain" or (len(cell) <= DOMAIN_LENGTH and "\n" not in cell):
            taken.add(name)
            return cell
    return None
