"""Messages of an export become conversations: grouped, ordered, cut, joined, trimmed."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

from pipeline.readers.candidate import Candidate, GroupedRows, Turn
from pipeline.readers.containers.row import BadRow, Row
from pipeline.readers.formats.transcript import without_arrows
from pipeline.readers.helpdesk import times
from pipeline.readers.helpdesk.columns import ExportColumns
from pipeline.readers.helpdesk.cuts import own_words
from pipeline.readers.helpdesk.flat import FlatMessage, flat_messages
from pipeline.readers.helpdesk.markup import visible_text
from pipeline.readers.helpdesk.message import TicketMessage, TicketSide, to_ticket_message
from pipeline.readers.helpdesk.sides import sides_by_first_writer


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
    threads = _threads(messages, cuts)
    sides = sides_by_first_writer(threads)
    for thread in threads:
        yield _conversation(thread, sides, cuts)


def _without_conversation(message: FlatMessage, line: int, columns: ExportColumns) -> BadRow:
    text = json.dumps(message, ensure_ascii=False, default=str)
    return BadRow(line, f"a message with no {columns.conversation}", text)


def _threads(messages: list[TicketMessage], cuts: Counter[str]) -> list[list[TicketMessage]]:
    """The messages of each conversation in the order in which they were written."""
    seconds = times.seconds([message.time for message in messages])
    if seconds is None:
        cuts["times that cannot be read: order of the file"] += len(messages)
        seconds = [None] * len(messages)
    threads: dict[str, list[tuple[float, TicketMessage]]] = {}
    for message, second in zip(messages, seconds, strict=True):
        thread = threads.setdefault(message.thread, [])
        previous = thread[-1][0] if thread else float("-inf")
        thread.append((previous if second is None else second, message))
    return [
        [message for _, message in sorted(thread, key=itemgetter(0))] for thread in threads.values()
    ]


def _conversation(
    thread: list[TicketMessage], sides: dict[str, TicketSide], cuts: Counter[str]
) -> GroupedRows:
    """The candidate of one conversation.

    Args:
        thread: Its messages in order.
        sides: The side of each author, for messages where no column tells.
        cuts: Counts, which grow.
    """
    texts = [(message.side or sides[message.author], _text(message, cuts)) for message in thread]
    turns = _trimmed(_joined(texts), cuts)
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
