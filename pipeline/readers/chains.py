"""Rows that are exchanges of one conversation: joined by `parent_id`, or by a session and a time.

Each row is a question and its answer, so a reader of rows would take it for a conversation; but the
second question of a chat ("And if it does not come at all?") means nothing without the first.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from pipeline.readers.candidate import Candidate, GroupedRows, LeftOut, Refused
from pipeline.readers.containers import BadRow, Row
from pipeline.readers.formats.beside import column_key
from pipeline.readers.helpdesk.times import TimeReader
from schemas.reasons import Rejection

ToCandidates = Callable[[Any], Sequence[Candidate | Refused]]
"""What makes candidates of a row by itself."""

OWN_ID_NAMES = ("id", "messageid", "rowid", "uuid", "turnid", "exchangeid", "recordid")
PARENT_NAMES = (
    "parentid", "parent", "parentmessageid", "replyto", "replytoid", "inreplyto", "previousid",
    "parentrowid", "parentuuid", "previd",
)  # fmt: skip

SESSION_NAMES = (
    "sessionid", "conversationid", "chatid", "threadid", "dialogueid", "dialogid", "convid",
    "session", "conversationuuid", "chatsessionid",
)  # fmt: skip
"""Columns that say which conversation an exchange is part of."""

ORDER_NAMES = (
    "turn", "turnid", "turnindex", "turnnumber", "turnno", "step", "round", "seq", "sequence",
    "position", "messageindex", "idx", "index", "order",
)  # fmt: skip
"""Columns that number the exchanges of a conversation."""

EXCHANGE_SAMPLE = 50
"""Rows by which it is found out whether those of a file are exchanges."""

TIME_NAMES = ("timestamp", "createdat", "time", "datetime", "date", "created", "sentat")


class ChainColumns(NamedTuple):
    """The columns by which exchanges are joined: an id and a parent, or a session."""

    own: str | None = None
    parent: str | None = None
    session: str | None = None
    order: str | None = None
    time: str | None = None

    @property
    def names(self) -> frozenset[str]:
        """All of them: they are used, and are not labels of a record."""
        return frozenset(name for name in self if name)


class _Exchange(NamedTuple):
    line: int
    row: dict[str, Any]
    candidate: Candidate


def chain_columns(rows: Sequence[Any]) -> ChainColumns | None:
    """The columns by which the first rows of a file hang together; None when they do not.

    A column of sessions counts only where some session comes twice: else each row is whole.
    """
    objects = [row for row in rows if isinstance(row, dict)]
    if len(objects) < 2 or len(objects) < len(rows):
        return None
    keys = {column_key(name): name for row in objects for name in row}
    own, parent = _first(keys, OWN_ID_NAMES), _first(keys, PARENT_NAMES)
    if own and parent:
        ids = {_id(row.get(own)) for row in objects} - {None}
        if ids & {_id(row.get(parent)) for row in objects}:
            return ChainColumns(own, parent)
    session = _first(keys, SESSION_NAMES)
    if session is None:
        return None
    sessions = [value for row in objects if (value := _id(row.get(session))) is not None]
    if len(set(sessions)) == len(sessions):
        return None
    return ChainColumns(
        session=session, order=_first(keys, ORDER_NAMES), time=_first(keys, TIME_NAMES)
    )


def are_exchanges(rows: Sequence[Any], to_candidates: ToCandidates) -> bool:
    """Whether most of the first rows of a file are a question and its answer each."""
    sample = rows[:EXCHANGE_SAMPLE]
    exchanges = sum(
        len(candidates) == 1 and _is_exchange(candidates[0])
        for candidates in map(to_candidates, sample)
    )
    return exchanges * 2 > len(sample)


def join_exchanges(
    rows: Iterator[Row | BadRow],
    columns: ChainColumns,
    to_candidates: ToCandidates,
    cuts: Counter[str],
) -> Iterator[Row | BadRow | GroupedRows]:
    """The conversations of a file, after the rows that are not exchanges, which pass as they are.

    Args:
        rows: The rows of one file; its exchanges are held in memory.
        columns: What `chain_columns` found.
        to_candidates: What makes candidates of a row by itself.
        cuts: Counts, which grow: how many exchanges were joined.
    """
    exchanges: list[_Exchange] = []
    for row in rows:
        candidates = to_candidates(row.value) if isinstance(row, Row) else ()
        if len(candidates) == 1 and isinstance(row, Row) and _is_exchange(candidates[0]):
            exchanges.append(_Exchange(row.line, row.value, candidates[0]))  # type: ignore[arg-type]
        else:
            yield row
    chains = _by_session(exchanges, columns) if columns.session else _by_parent(exchanges, columns)
    for chain in chains:
        if isinstance(chain, GroupedRows):
            yield chain
            continue
        if len(chain) > 1:
            cuts["exchanges joined into conversations"] += len(chain)
        yield _conversation(chain, columns)


def _is_exchange(candidate: Candidate | Refused) -> bool:
    """Whether a row is one question and one answer."""
    if isinstance(candidate, Refused):
        return False
    roles = [turn["role"] for turn in candidate.turns if turn["role"] != "system"]
    return roles == ["user", "assistant"] and candidate.rejected is None


def _by_session(exchanges: list[_Exchange], columns: ChainColumns) -> Iterator[list[_Exchange]]:
    """The exchanges of each session in order: by number, else by time, else as in the file.

    A question that a session has twice is asked of two models or tried again, and no next turn.
    """
    sessions: dict[Any, list[_Exchange]] = {}
    for place, exchange in enumerate(exchanges):
        session = _id(exchange.row.get(columns.session or ""))
        sessions.setdefault(("row", place) if session is None else session, []).append(exchange)
    for members in sessions.values():
        questions = {str(_question(exchange)) for exchange in members}
        if len(questions) < len(members):
            yield from ([exchange] for exchange in members)
        else:
            yield _sorted(members, columns)


def _sorted(members: list[_Exchange], columns: ChainColumns) -> list[_Exchange]:
    numbers = [_number(member.row.get(columns.order or "")) for member in members]
    if columns.order and None not in numbers and len(set(numbers)) == len(numbers):
        return [member for _, member in sorted(zip(numbers, members, strict=True), key=_by_first)]
    given = [member.row.get(columns.time) for member in members] if columns.time else []
    times = TimeReader(given).seconds(given)
    if times and None not in times:
        return [member for _, member in sorted(zip(times, members, strict=True), key=_by_first)]
    return members


def _by_first(pair: tuple[Any, _Exchange]) -> Any:
    return pair[0]


def _by_parent(
    exchanges: list[_Exchange], columns: ChainColumns
) -> Iterator[list[_Exchange] | GroupedRows]:
    """The path from its first exchange to each one that nothing follows."""
    own, parent = columns.own or "", columns.parent or ""
    by_id = {_id(exchange.row.get(own)): exchange for exchange in reversed(exchanges)}
    parents = {_id(exchange.row.get(parent)) for exchange in exchanges}
    reached = set[int]()
    for exchange in exchanges:
        own_id = _id(exchange.row.get(own))
        if own_id is not None and own_id in parents and by_id[own_id] is exchange:
            continue  # Another row goes on from here.
        chain, seen = [exchange], {id(exchange)}
        while (before := _id(chain[-1].row.get(parent))) is not None:
            earlier = by_id.get(before)
            if earlier is None or id(earlier) in seen:
                yield _lost(chain, before, is_circle=earlier is not None)
                break
            chain.append(earlier)
            seen.add(id(earlier))
        else:
            yield chain[::-1]
        reached.update(id(member) for member in chain)
    for exchange in exchanges:
        if id(exchange) not in reached:
            yield _lost([exchange], _id(exchange.row.get(parent)), is_circle=True)


def _lost(chain: list[_Exchange], before: Any, is_circle: bool) -> GroupedRows:
    """Why exchanges have no beginning, with their rows."""
    fault = "which follows it in turn" if is_circle else "which its file does not hold"
    why = f"follows row {str(before)[:60]}, {fault}"
    rows = [exchange.row for exchange in chain]
    return GroupedRows(chain[0].line, [Refused(Rejection.missing_parent, why)], rows)


def _conversation(chain: list[_Exchange], columns: ChainColumns) -> GroupedRows:
    """One conversation of several exchanges, with the labels of the first."""
    first = chain[0].candidate
    turns = list(first.turns)
    left_out = {part.column: part for part in first.left_out}
    for exchange in chain[1:]:
        systems = [turn for turn in turns if turn["role"] == "system"]
        turns += [turn for turn in exchange.candidate.turns if turn not in systems]
        left_out |= {part.column: part for part in exchange.candidate.left_out}
    meta = {
        name: value for name, value in (first.meta or {}).items() if name not in columns.names
    } or None
    parts: Sequence[LeftOut] = tuple(
        part for name, part in left_out.items() if name not in columns.names
    )
    rows = [exchange.row for exchange in chain]
    cuts = [cut for exchange in chain for cut in exchange.candidate.cuts]
    candidate = first._replace(turns=turns, meta=meta, left_out=parts, cuts=cuts)
    return GroupedRows(chain[0].line, [candidate], rows if len(rows) > 1 else rows[0])


def _question(exchange: _Exchange) -> Any:
    return next(turn["content"] for turn in exchange.candidate.turns if turn["role"] == "user")


def _first(keys: dict[str, str], names: Sequence[str]) -> str | None:
    return next((keys[name] for name in names if name in keys), None)


def _id(value: Any) -> Any:
    """An id that can be compared; None for one that is absent. `7` in a table is 7 in JSON."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, float):
        return None if value != value else str(int(value)) if value.is_integer() else str(value)
    if isinstance(value, int):
        return str(value)
    text = value.strip() if isinstance(value, str) else json.dumps(value, default=str)
    return text or None


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None
