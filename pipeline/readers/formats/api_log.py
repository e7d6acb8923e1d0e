"""Logs of requests to a model with their responses: `{"request": {…}, "response": {…}}`."""

from typing import Any

from pipeline.readers.candidate import Candidate, LeftOut, Refused
from pipeline.readers.formats.beside import column_key
from pipeline.readers.formats.left_out import fields_left_out
from pipeline.readers.formats.other_columns import labelled_candidate
from pipeline.readers.formats.payloads import (
    Failed,
    RequestPart,
    parsed_cell,
    request_part,
    response_turns,
)
from schemas.reasons import Rejection

REQUEST_KEYS = (
    "request", "requestbody", "requestjson", "requestpayload", "requestparams", "req", "llminput",
    "input", "inputs", "prompt",
)  # fmt: skip
"""Names of columns with a request, as `column_key` writes them."""

RESPONSE_KEYS = (
    "response", "responsebody", "responsejson", "responsepayload", "resp", "llmoutput", "output",
    "outputs", "completion", "result",
)  # fmt: skip
"""The same for responses."""

ROW_KEYS = frozenset(("messages", "contents"))
"""A row that has one of these beside a response is the request itself."""

LOG_COLUMNS = frozenset((*REQUEST_KEYS, *RESPONSE_KEYS, "request_body", "response_body"))

FAILED_STATUS = 400


def to_candidates(row: Any) -> list[Candidate | Refused] | None:
    """The conversation of a logged request, or None when a row is none."""
    if not isinstance(row, dict):
        return None
    answer = _column(row, RESPONSE_KEYS)
    if answer is None:
        return None
    asked = _column(row, REQUEST_KEYS)
    is_row = asked is None and not ROW_KEYS.isdisjoint(row)
    cells = (row if is_row else row.get(asked or ""), row[answer])
    is_logged = is_row or any(isinstance(parsed_cell(cell), dict) for cell in cells)
    if not is_logged and not _has_json(cells):
        return None  # Texts, or messages on both sides, as trainers write them.
    request, reply = request_part(cells[0]), response_turns(cells[1])
    if request is None and isinstance(cells[0], str) and isinstance(parsed_cell(cells[1]), dict):
        request = RequestPart([{"role": "user", "content": cells[0]}])
    if reply is None or (is_row and (request is None or request.turns[-1]["role"] == "assistant")):
        return None
    if isinstance(reply, Failed) or _status(row) >= FAILED_STATUS:
        why = reply.why if isinstance(reply, Failed) else f"status {_status(row)}"
        return [Refused(Rejection.no_assistant_turn, f"is a request that failed: {why}")]
    if any(turn["role"] == "user" for turn in reply):  # The response holds the whole conversation.
        request = RequestPart([], request.tools if request else None)
    if request is None:
        why = "is a response without its request; join it with the file of requests"
        return [Refused(Rejection.no_user_turn, why)] if "custom_id" in row else None
    used = (*sorted(ROW_KEYS.intersection(row)), answer) if is_row else (asked or "", answer)
    others = {**row, "tools": request.tools} if request.tools and not is_row else row
    fields = list(_other_choices(answer, row[answer]))
    for name in used:
        fields += fields_left_out(name, row.get(name))
    turns = request.turns + reply
    return [labelled_candidate(others, turns, used=used, fields=tuple(fields))]


def _column(row: dict[str, Any], keys: tuple[str, ...]) -> str | None:
    """The first column of these names that holds something."""
    by_key = {column_key(name): name for name in row if row[name] not in (None, "")}
    return next((by_key[key] for key in keys if key in by_key), None)


def _has_json(cells: tuple[Any, Any]) -> bool:
    """Whether one of the cells is the JSON text of an object or a list."""
    return any(isinstance(cell, str) and parsed_cell(cell) is not cell for cell in cells)


def _status(row: dict[str, Any]) -> int:
    """The HTTP status of a response, 0 where there is none."""
    holders = [row, *(cell for cell in row.values() if isinstance(cell, dict))]
    for holder in holders:
        for name in ("status_code", "statusCode", "status", "response_status"):
            if isinstance(holder.get(name), int) and not isinstance(holder[name], bool):
                return int(holder[name])
    return 0


def _other_choices(name: str, response: Any) -> tuple[LeftOut, ...]:
    """The alternatives that a response has besides the first, as a part that is left out."""
    value = parsed_cell(response)
    while isinstance(value, dict) and isinstance(value.get("body"), dict):
        value = value["body"]
    choices = value.get("choices") if isinstance(value, dict) else None
    if isinstance(choices, list) and len(choices) > 1:
        return (LeftOut(f"{name}.choices", is_text=True),)
    return ()
