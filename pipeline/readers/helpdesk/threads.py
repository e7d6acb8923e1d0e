"""Messages of an export become conversations: grouped, ordered, cut, joined, trimmed."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from pipeline.readers.containers.row import Bad, Row
from pipeline.readers.helpdesk import flat, times
from pipeline.readers.helpdesk.columns import Columns
from pipeline.readers.helpdesk.cuts import clean
from pipeline.readers.helpdesk.markup import text_of
from pipeline.readers.helpdesk.message import Message, Side, read
from pipeline.readers.helpdesk.sides import by_first_writer

Turn = dict[str, Any]


def conversations(
    rows: Iterable[Row | Bad], columns: Columns, cuts: Counter[str]
) -> Iterator[Row | Bad]:
    """One row a conversation, `{"messages": […]}` in OpenAI's form with the line of the first one.

    Rows that are no messages pass as they are. The messages of one file are held in memory, since
    those of a conversation may stand anywhere in it.

    Args:
        rows: The rows of one file.
        columns: What `recognise` found.
        cuts: Counts by kind of what was cut or left out, which grow.
    """
    messages = list[Message]()
    for row in rows:
        found = [] if isinstance(row, Bad) else flat.messages(row.value)
        if not any(one.get(columns.text) is not None for one in found):
            yield row
            continue
        for one in found:
            try:
                message = read(one, row.line, columns, cuts)
            except KeyError:
                yield Bad(row.line, f"a message with no {columns.conversation}", _shown(one))
                continue
            if message:
                messages.append(message)
    threads = _threads(messages, cuts)
    sides = by_first_writer(threads)
    for thread in threads:
        yield _conversation(thread, sides, cuts)


def _threads(messages: list[Message], cuts: Counter[str]) -> list[list[Message]]:
    """The messages of each conversation in the order in which they were written."""
    read = times.seconds([message.time for message in messages])
    if read is None:
        cuts["times that cannot be read: order of the file"] += len(messages)
        read = [None] * len(messages)
    threads: dict[str, list[tuple[float, Message]]] = {}
    for message, time in zip(messages, read, strict=True):
        thread = threads.setdefault(message.thread, [])
        before = thread[-1][0] if thread else float("-inf")
        thread.append((before if time is None else time, message))
    return [
        [message for _, message in sorted(thread, key=lambda timed: timed[0])]
        for thread in threads.values()
    ]


def _conversation(thread: list[Message], sides: dict[str, Side], cuts: Counter[str]) -> Row:
    turns: list[Turn] = []
    said = [(one.side or sides[one.author], _text(one, cuts)) for one in thread]
    for side, same in groupby((one for one in said if one[1]), key=lambda one: one[0]):
        turns.append({"role": side, "content": "\n".join(text for _, text in same)})
    labels = dict(label for message in reversed(thread) for label in message.labels)
    return Row(thread[0].line, {"messages": _trimmed(turns, cuts), **labels})


def _text(message: Message, cuts: Counter[str]) -> str:
    text = text_of(message.text)
    if not text:
        cuts["empty message"] += 1
        return ""
    return clean(text, message.name, cuts)


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


def _shown(one: flat.Flat) -> str:
    return json.dumps(one, ensure_ascii=False, default=str)
