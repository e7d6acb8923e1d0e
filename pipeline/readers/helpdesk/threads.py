"""Messages of an export become conversations: grouped, ordered, cut, joined, trimmed."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from typing import Any

from pipeline.readers.candidate import Candidate, GroupedRows, Turn
from pipeline.readers.containers.row import BadRow, Row
from pipeline.readers.formats.transcript import without_arrows
from pipeline.readers.helpdesk.columns import ExportColumns
from pipeline.readers.helpdesk.cuts import own_words
from pipeline.readers.helpdesk.flat import FlatMessage, flat_messages
from pipeline.readers.helpdesk.markup import visible_text
from pipeline.readers.helpdesk.message import TicketMessage, TicketSide, to_ticket_message
from pipeline.readers.helpdesk.receipts import Receipts
from pipeline.readers.helpdesk.sides import sides_by_first_writer, sides_by_word
from pipeline.readers.helpdesk.subjects import with_subject
from pipeline.readers.helpdesk.times import TimeReader


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
    for row in rows:
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
        yield _conversation(thread, sides, receipts, cuts)


def _once(messages: list[TicketMessage], cuts: Counter[str]) -> list[TicketMessage]:
    """The messages of an export without those that stand in it twice."""
    seen = set[tuple[Any, ...]]()
    once = list[TicketMessage]()
    for message in messages:
        place = (message.comment, str(message.time or ""))
        key = (message.thread, message.author, message.text, *place)
        if any(place) and key in seen:
            cuts["message that stands twice"] += 1
            continue
        seen.add(key)
        once.append(message)
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
    cuts: Counter[str],
) -> GroupedRows:
    """The candidate of one conversation.

    Args:
        thread: Its messages in order.
        sides: The side of each author, for messages where no column tells.
        receipts: The automatic messages of the export.
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
    candidate = Candidate(
        without_arrows(turns), language=labels.get("language"), domain=labels.get("domain")
    )
    return GroupedRows(thread[0].line, [candidate], {"messages": turns, **labels})


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
