"""Messages of an export become conversations: grouped, ordered, cut, joined, trimmed."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from pipeline.readers.candidate import Candidate, GroupedRows, LeftOut, Refused, Turn
from pipeline.readers.containers.row import BadRow, Row
from pipeline.readers.formats.transcript import without_arrows
from pipeline.readers.helpdesk.columns import ExportColumns
from pipeline.readers.helpdesk.cuts import own_words
from pipeline.readers.helpdesk.flat import TICKET_MARK, FlatMessage, flat_messages, plain_name
from pipeline.readers.helpdesk.markup import visible_text
from pipeline.readers.helpdesk.message import TicketMessage, TicketSide, to_ticket_message
from pipeline.readers.helpdesk.receipts import Receipts
from pipeline.readers.helpdesk.sides import sides_by_first_writer, sides_by_word
from pipeline.readers.helpdesk.subjects import with_subject
from pipeline.readers.helpdesk.times import TimeReader
from schemas.reasons import Rejection

MOST_NAMES = 6
"""Names that are told where nobody knows who answers."""

OWN_IDS = 0.8
"""Share of an export's messages that have ids of their own, if its ids are those of messages."""


def group_messages(
    rows: Iterable[Row | BadRow], columns: ExportColumns, cuts: Counter[str]
) -> Iterator[Row | BadRow | GroupedRows]:
    """The conversations of an export, each with the line of its first message.

    Rows that are not messages come first, as they are. The messages of one file are held in memory,
    since those of a conversation may stand anywhere in it.

    Args:
        rows: The rows of one file.
        columns: What `recognise_columns` found.
        cuts: Counts by kind of what was cut or left out, which grow.
    """
    messages = list[TicketMessage]()
    names: dict[str, str] = {}
    for row in rows:
        if isinstance(row, Row) and isinstance(row.value, dict):
            names |= _own_names(tuple(row.value))
        flat = flat_messages(row.value) if isinstance(row, Row) else []
        if all(message.get(columns.text) is None for message in flat):
            yield row
            continue
        for flat_message in flat:
            try:
                message = to_ticket_message(flat_message, row.line, columns, cuts)
            except KeyError:
                yield _without_conversation(flat_message, row.line, columns)
                continue
            if message:
                messages.append(message)
    threads = _threads(_once(messages, cuts), cuts)
    sides = sides_by_word(messages) or sides_by_first_writer(threads)
    receipts = Receipts(threads, sides)
    for thread in threads:
        yield _conversation(thread, sides, receipts, names, cuts)


@lru_cache(256)
def _own_names(columns: tuple[Any, ...]) -> dict[str, str]:
    """The columns of a row as the file writes them, by the names that they have here."""
    plain = {plain_name(column): str(column) for column in columns}
    return plain | {TICKET_MARK + name: column for name, column in plain.items()}


def _once(messages: list[TicketMessage], cuts: Counter[str]) -> list[TicketMessage]:
    """The messages of an export without those that stand in it twice.

    A message is known by its id, or by who wrote what and when. An edited message stands twice with
    one id: the later text counts. Ids that many messages share are no ids of messages.
    """
    said = {(m.thread, m.author, m.text, str(m.time or "")) for m in messages}
    ids = {(m.thread, m.author, m.comment) for m in messages if m.comment}
    has_ids = len(ids) >= OWN_IDS * len(said)
    places: dict[tuple[str, ...], int] = {}
    once = list[TicketMessage]()
    for message in messages:
        by_whom = (message.thread, message.author)
        time = str(message.time or "")
        names: list[tuple[str, ...]] = []
        if message.comment and has_ids:
            names.append((*by_whom, message.comment))
        if time or message.comment:
            names.append((*by_whom, message.text, time, "" if time else message.comment))
        place = next((places[name] for name in names if name in places), None)
        if place is None:
            places |= dict.fromkeys(names, len(once))
            once.append(message)
            continue
        cuts["message that stands twice"] += 1
        if has_ids and message.comment == once[place].comment and message.text.strip():
            once[place] = replace(once[place], text=message.text)
    return once


def _without_conversation(message: FlatMessage, line: int, columns: ExportColumns) -> BadRow:
    text = json.dumps(message, ensure_ascii=False, default=str)
    return BadRow(line, f"a message with no {columns.conversation}", text)


def _threads(messages: list[TicketMessage], cuts: Counter[str]) -> list[list[TicketMessage]]:
    """The messages of each conversation in the order in which they were written."""
    reader = TimeReader(message.time for message in messages)
    threads: dict[str, list[TicketMessage]] = {}
    for message in messages:
        threads.setdefault(message.thread, []).append(message)
    return [_in_order(thread, reader, cuts) for thread in threads.values()]


def _in_order(
    thread: list[TicketMessage], reader: TimeReader, cuts: Counter[str]
) -> list[TicketMessage]:
    """The messages of one conversation by time; else by their ids; else as in the file.

    Their times are seconds then, or None.
    """
    seconds = reader.seconds([message.time for message in thread])
    if seconds is None:
        ids = [int(m.comment) for m in thread if m.comment.isdecimal()]
        by_id = len(set(ids)) == len(thread)
        order = "by message id" if by_id else "order of the file"
        cuts[f"times that cannot be read: {order}"] += len(thread)
        thread = sorted(thread, key=lambda m: int(m.comment)) if by_id else thread
        return [replace(message, time=None) for message in thread]
    dated = list[tuple[float, TicketMessage]]()
    for second, message in zip(seconds, thread, strict=True):
        previous = dated[-1][0] if dated else float("-inf")
        dated.append((previous if second is None else second, replace(message, time=second)))
    return [message for _, message in sorted(dated, key=itemgetter(0))]


def _conversation(
    thread: list[TicketMessage],
    sides: dict[str, TicketSide],
    receipts: Receipts,
    names: dict[str, str],
    cuts: Counter[str],
) -> GroupedRows:
    """The candidate of one conversation.

    Args:
        thread: Its messages in order.
        sides: The side of each author, for messages where no column tells.
        receipts: The automatic messages of the export.
        names: The columns as the file writes them, by the names that they have here.
        cuts: Counts, which grow.
    """
    texts = list[tuple[TicketSide, str]]()
    for message in thread:
        side = message.side or sides[message.author]
        if side == "assistant" and receipts.has(message):
            cuts["automatic note"] += 1
            continue
        texts.append((side, _text(message, cuts)))
    system: list[Turn] = [
        {"role": "system", "content": text} for side, text in texts if side == "system" and text
    ]
    spoken = _joined([(side, text) for side, text in texts if side != "system"])
    turns = system[:1] + with_subject(_trimmed(spoken, cuts), thread[0].subject)
    labels = dict(label for message in reversed(thread) for label in message.labels)
    writers = list(dict.fromkeys(m.word or m.name or m.author for m in thread if not m.side))
    if len(writers) > 1 and len({turn["role"] for turn in spoken}) == 1 and len(texts) > 1:
        return GroupedRows(thread[0].line, [_unknown_sides(writers)], {"messages": turns, **labels})
    candidate = Candidate(
        without_arrows(turns),
        language=labels.get("language"),
        domain=labels.get("domain"),
        left_out=_left_out(thread, names),
    )
    return GroupedRows(thread[0].line, [candidate], {"messages": turns, **labels})


def _left_out(thread: list[TicketMessage], names: dict[str, str]) -> tuple[LeftOut, ...]:
    """What none of the messages of a conversation is read from, each column once."""
    columns: dict[str, bool] = {}
    for message in thread:
        for name, is_text in message.left_out:
            columns[name] = columns.get(name, False) or is_text
    return tuple(LeftOut(names.get(name, name), text) for name, text in columns.items())


def _unknown_sides(writers: list[str]) -> Refused:
    """Why nothing is read of people of whom the file does not tell who answers."""
    *others, last = writers[:MOST_NAMES]
    why = (
        f"is between {', '.join(others)} and {last}, and the file does not tell who answers; "
        "call the one who asks customer and the one who answers agent"
    )
    return Refused(Rejection.no_assistant_turn, why)


def _text(message: TicketMessage, cuts: Counter[str]) -> str:
    text = visible_text(message.text)
    if not text:
        cuts["empty message"] += 1
        return ""
    return own_words(text, message.name, cuts)


def _joined(texts: list[tuple[TicketSide, str]]) -> list[Turn]:
    """The turns of texts by side: those of one side that follow each other are one turn."""
    by_side = groupby(((side, text) for side, text in texts if text), key=itemgetter(0))
    return [
        {"role": side, "content": "\n".join(text for _, text in of_side)}
        for side, of_side in by_side
    ]


def _trimmed(turns: list[Turn], cuts: Counter[str]) -> list[Turn]:
    """From the customer's first message to the desk's last; one side alone stays as it is."""
    roles = [turn["role"] for turn in turns]
    if len(set(roles)) < 2:
        return turns
    if roles[0] == "assistant":
        cuts["desk before the customer"] += 1
        turns = turns[1:]
    if roles[-1] == "user" and len(turns) > 1:
        cuts["customer after the last reply"] += 1
        turns = turns[:-1]
    return turns
