"""Files with one message a line: a conversation begins at each header, or at each system message.

As the web interfaces of local models write them: `{"role": …, "content": …}`, a line each, perhaps
behind a line that names the conversation.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.readers.candidate import GroupedRows
from pipeline.readers.chains import SESSION_NAMES
from pipeline.readers.containers import BadRow, Row
from pipeline.readers.containers.wrapping import CONTENT_KEYS, is_message
from pipeline.readers.formats import messages
from pipeline.readers.formats.beside import column_key
from pipeline.readers.formats.roles import role_of

SIDES = {"user", "assistant"}


def is_message_lines(rows: Sequence[Any]) -> bool:
    """Whether the first rows of a file are messages of both sides, and headers between them."""
    if len(rows) < 2 or not all(map(_is_line, rows)):
        return False
    said = [row for row in rows if is_message(row)]
    roles = [role_of(row.get("role", row.get("from", row.get("speaker")))) for row in said]
    return set(roles) >= SIDES and len(said) * 2 >= len(rows)


def group_message_lines(rows: Iterator[Row | BadRow]) -> Iterator[BadRow | GroupedRows]:
    """The conversations of a file, each with the line of its first message.

    Args:
        rows: The rows of a file whose first rows are `is_message_lines`.
    """
    header: dict[str, Any] = {}
    conversation: list[dict[str, Any]] = []
    start = 1
    for row in rows:
        if isinstance(row, BadRow):
            yield row
            continue
        begins = not is_message(row.value) or role_of(row.value.get("role")) == "system"
        if begins and conversation:
            yield _conversation(start, header, conversation)
            header, conversation = {}, []
        if not is_message(row.value):
            header = row.value if isinstance(row.value, dict) else {"header": row.value}
            continue
        start = start if conversation else row.line
        conversation.append(row.value)
    if conversation:
        yield _conversation(start, header, conversation)


def _conversation(
    line: int, header: dict[str, Any], conversation: list[dict[str, Any]]
) -> GroupedRows:
    whole = {**header, "messages": conversation}
    candidates = messages.to_candidates(whole) or []
    return GroupedRows(line, candidates, whole)


def _is_line(row: Any) -> bool:
    """Whether a row is a message of no named conversation, or a header without any text."""
    if not isinstance(row, dict) or any(column_key(name) in SESSION_NAMES for name in row):
        return False
    return is_message(row) or row.keys().isdisjoint(CONTENT_KEYS | {"messages", "conversations"})
