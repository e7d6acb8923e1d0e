"""Logs of requests to a model with their responses: `{"request": {…}, "response": {…}}`.

Columns have many names, either may be the row itself, and cells may be objects or their JSON text.
"""

from typing import Any, NamedTuple

from pipeline.readers.candidate import Candidate, LeftOut, Refused, Turn
from pipeline.readers.formats.beside import column_key
from pipeline.readers.formats.left_out import fields_left_out, is_empty, is_label
from pipeline.readers.formats.log_failures import why_failed
from pipeline.readers.formats.other_columns import labelled_candidate
from pipeline.readers.formats.payloads import (
    RequestPart,
    is_payload,
    parsed_cell,
    request_part,
)
from pipeline.readers.formats.responses import (
    Failed,
    is_api_response,
    json_reply,
    json_string,
    response_turns,
)
from schemas.reasons import Rejection

REQUEST_KEYS = (
    "request", "requestbody", "requestjson", "requestpayload", "requestparams", "req", "llminput",
    "modelinput", "proxyserverrequest", "input", "inputs", "prompt", "question", "query",
)  # fmt: skip
"""Names of columns with a request, as `column_key` writes them."""

RESPONSE_KEYS = (
    "response", "responsebody", "responsejson", "responsepayload", "resp", "llmoutput",
    "modeloutput", "output", "outputs", "completion", "result", "answer",
)  # fmt: skip
"""The same for responses."""

REQUEST_ITSELF = frozenset(("messages", "contents"))
"""A row that has one of these beside a response is the request itself."""

COHERE_REQUEST = ("message", "chat_history")
"""Cohere's: the last question, and the messages before it."""

RESPONSE_ITSELF = frozenset(("choices", "candidates", "stop_reason"))
"""A row that has one of these may be the response itself, as stored completions are."""

RESPONSE_FIELDS = (*sorted(RESPONSE_ITSELF), "content", "role")
"""Columns that are used up when the row is the response."""

RUN_COLUMNS = ("observations", "generations", "child_runs", "spans")
"""Columns of a trace with the single requests that it was made of."""

TASK_KEYS = frozenset(("instruction", "task"))
"""With such a column, JSON beside it is what the task is about, and no request."""

LOG_COLUMNS = frozenset(
    (
        *REQUEST_KEYS, *RESPONSE_KEYS, *RESPONSE_ITSELF, *RUN_COLUMNS, "request_body",
        "response_body", "request_json", "response_json", "request_payload", "response_payload",
        "request_params", "llm_input", "llm_output", "modelInput", "modelOutput",
        "requestBody", "responseBody", "custom_id", "proxy_server_request", "chat_history",
    )
)  # fmt: skip

STREAM_BEGINNINGS = ("data:", "event:")
JSON_BEGINNINGS = ("{", "[", *STREAM_BEGINNINGS)
FIRST_CHARACTERS = frozenset((*(text[0] for text in JSON_BEGINNINGS), " ", "\n", "\r", "\t"))

NO_REPLY = "has a response in which there is no reply of the assistant"
WITHOUT_REQUEST = "is a response without its request; join it with the file of requests"
WITHOUT_RESPONSE = "is a request without its response; join it with the file of responses"


class Log(NamedTuple):
    """A row's request and response, and the columns that they were made of."""

    asked: Any
    answered: Any
    used: tuple[str, ...]
    is_row: bool
    """Whether one of them is the row itself."""


def to_candidates(row: Any) -> list[Candidate | Refused] | None:
    """The conversation of a logged request, or None when a row is none."""
    if not isinstance(row, dict) or not _may_be_log(row):
        return None
    read = _read(row)
    if read is None or isinstance(read[0], Refused):
        return _last_run(row) or read
    return read


def _may_be_log(row: dict[Any, Any]) -> bool:
    """Whether a cell is an object, a list, or begins as their text does: a cheap test."""
    for cell in row.values():
        if isinstance(cell, str):
            if cell[:1] in FIRST_CHARACTERS and cell.lstrip().startswith(JSON_BEGINNINGS):
                return True
        elif isinstance(cell, dict | list) and cell:
            return True
    return False


def _read(row: dict[Any, Any]) -> list[Candidate | Refused] | None:
    log = _log(row)
    if log is None or log.answered is None or not _is_logged(row, log):
        return _failed_alone(row, log) or _half(row)
    request = request_part(log.asked)
    if request is None and isinstance(log.asked, str):
        if not _answers_by_api(log):
            return None
        request = RequestPart([{"role": "user", "content": log.asked}])
    if log.is_row and request and request.turns[-1]["role"] == "assistant":
        return None  # The conversation is whole without the column.
    reply = _reply(row, log, request)
    if isinstance(reply, Refused):
        return [reply]
    if not reply:
        return None
    if request is None and not any(turn["role"] == "user" for turn in reply):
        return _half(row)
    return [_candidate(row, log, request, reply)]


def _reply(
    row: dict[Any, Any], log: Log, request: RequestPart | None
) -> list[Turn] | Refused | None:
    """The turns of the response, or why there are none; None for a row that may be no log."""
    if request and (failure := why_failed(row, log.answered)):
        return _failed(failure)
    reply = response_turns(log.answered)
    if isinstance(reply, Failed):
        return _failed(reply.why)
    if reply or not request:
        return reply
    is_plain = isinstance(log.asked, str) and parsed_cell(log.asked) is log.asked
    is_refused = not log.is_row and not is_plain and is_payload(log.answered)
    refused = Refused(Rejection.no_assistant_turn, NO_REPLY) if is_refused else None
    return json_reply(log.answered) or refused


def _failed_alone(row: dict[Any, Any], log: Log | None) -> list[Candidate | Refused] | None:
    """Why a request without any response is refused, where the row says that it failed."""
    if log is None or log.answered is not None or not isinstance(parsed_cell(log.asked), dict):
        return None
    failure = why_failed(row, None) if request_part(log.asked) else None
    return [_failed(failure)] if failure else None


def _candidate(
    row: dict[Any, Any], log: Log, request: RequestPart | None, reply: list[Turn]
) -> Candidate | Refused:
    if any(turn["role"] == "user" for turn in reply):  # The response holds the whole conversation.
        request = RequestPart([], request.tools if request else None)
    turns, tools = request if request else ([], None)
    if isinstance(log.asked, str) and isinstance(parsed_cell(log.asked), list):
        reply = _unquoted(reply)
    others = {**row, "tools": tools} if tools and not log.is_row else row
    fields = [*_other_choices(log)]
    for name in log.used:
        if _are_messages(row.get(name)):
            fields += fields_left_out(name, row[name])
            fields += _items_left_out(name, row[name])
    return labelled_candidate(others, turns + reply, used=log.used, fields=tuple(fields))


def _log(row: dict[Any, Any]) -> Log | None:
    """The request and the response of a row; None where it has no two of them."""
    asked, answer = _column(row, REQUEST_KEYS), _column(row, RESPONSE_KEYS)
    own = tuple(sorted(name for name in REQUEST_ITSELF.intersection(row) if row[name]))
    own = own or _coheres(row)
    is_itself = answer is None and not RESPONSE_ITSELF.isdisjoint(row) and is_api_response(row)
    if is_itself:
        answered: Any = {name: row[name] for name in RESPONSE_FIELDS if name in row}
        columns = tuple(answered)
    else:
        answer = "text" if answer is None and own == COHERE_REQUEST and row.get("text") else answer
        answered, columns = (row[answer], (answer,)) if answer is not None else (None, ())
    if own and (asked is None or column_key(asked) == "proxyserverrequest"):
        requested = {name: cell for name, cell in row.items() if name not in columns}
        also = (asked,) if asked and _says_the_same(row[asked], requested) else ()
        return Log(requested, answered, (*own, *also, *columns), is_row=True)
    if asked is None:
        return Log(None, answered, columns, is_itself) if columns else None
    return Log(row[asked], answered, (asked, *columns), is_row=is_itself)


def _coheres(row: dict[Any, Any]) -> tuple[str, ...]:
    """The columns of a request as Cohere writes it; none for any other history."""
    history = row.get("chat_history")
    if not isinstance(row.get("message"), str) or not isinstance(history, list):
        return ()
    is_cohere = history and all(isinstance(item, dict) and "role" in item for item in history)
    return COHERE_REQUEST if is_cohere else ()


def _says_the_same(cell: Any, requested: dict[Any, Any]) -> bool:
    one, other = request_part(cell), request_part(requested)
    return one is not None and other is not None and one.turns == other.turns


def _is_logged(row: dict[Any, Any], log: Log) -> bool:
    """Whether the cells are of an API: objects or their JSON text, and no texts or messages.

    JSON text beside a task is what the task is about.
    """
    cells = (log.asked, log.answered)
    is_text = not any(isinstance(cell, dict | list) for cell in cells)
    if is_text and any(
        column_key(name) in TASK_KEYS and not is_empty(cell) for name, cell in row.items()
    ):
        return False
    if log.is_row or any(isinstance(parsed_cell(cell), dict) for cell in cells):
        return True
    if isinstance(log.answered, list) and any(map(_is_item, log.answered)):
        return True
    return any(isinstance(cell, str) and parsed_cell(cell) is not cell for cell in cells) or (
        isinstance(log.answered, str) and log.answered.startswith(STREAM_BEGINNINGS)
    )


def _answers_by_api(log: Log) -> bool:
    """Whether a plain text is answered by an API; what is called an answer may be any object."""
    if isinstance(log.answered, str):
        is_stream = log.answered.startswith(STREAM_BEGINNINGS)
        return is_stream or is_api_response(parsed_cell(log.answered))
    if column_key(log.used[-1]) == "answer":
        return is_api_response(log.answered)
    return isinstance(log.answered, dict | list)


def _is_item(item: Any) -> bool:
    """Whether a value is an item of OpenAI's Responses API."""
    kinds = ("message", "reasoning", "function_call")
    return isinstance(item, dict) and item.get("type") in kinds


def _are_messages(cell: Any) -> bool:
    first = cell[0] if isinstance(cell, list) and cell else None
    return isinstance(first, dict) and ("role" in first or "type" in first)


def _items_left_out(name: str, items: list[Any]) -> list[LeftOut]:
    """Items that only say that the model searched, drew or ran something, once each kind."""
    kinds = {item.get("type") for item in items if isinstance(item, dict) and "role" not in item}
    left_out = (kind for kind in kinds if isinstance(kind, str) and kind.endswith("_call"))
    return [LeftOut(f"{name}.{kind}", False) for kind in left_out if kind != "function_call"]


def _unquoted(reply: list[Turn]) -> list[Turn]:
    """A reply without JSON's quotes: where the request is JSON text, its text is so too."""
    content = reply[0]["content"] if len(reply) == 1 else None
    if not isinstance(content, str):
        return reply
    text = json_string(content)
    return reply if text is None else [reply[0] | {"content": text}]


def _half(row: dict[Any, Any]) -> list[Candidate | Refused] | None:
    """Why a row is refused that is a request or a response alone; None for any other."""
    if "custom_id" in row and isinstance(row.get("body"), dict):
        request = request_part(row["body"])
        if request and request.turns[-1]["role"] != "assistant":
            return [Refused(Rejection.no_assistant_turn, WITHOUT_RESPONSE)]
    if _column(row, REQUEST_KEYS) is not None or not REQUEST_ITSELF.isdisjoint(row):
        return None
    is_batch = "custom_id" in row and _column(row, RESPONSE_KEYS) is not None
    if is_batch or (not RESPONSE_ITSELF.isdisjoint(row) and is_api_response(row)):
        return [Refused(Rejection.no_user_turn, WITHOUT_REQUEST)]
    return None


def _last_run(row: dict[Any, Any]) -> list[Candidate | Refused] | None:
    """The conversation of a trace's last request that can be read; it holds the earlier ones."""
    for column in RUN_COLUMNS:
        listed = row.get(column)
        runs = listed if isinstance(listed, list) else []
        for run in reversed(runs):
            read = _read(run) if isinstance(run, dict) else None
            if read and isinstance(read[0], Candidate):
                others = [LeftOut(column, True)] if len(runs) > 1 else []
                labels = {
                    name: cell for name, cell in row.items() if name != column and is_label(cell)
                }
                meta = {**labels, **(read[0].meta or {})} or None
                left_out = (*read[0].left_out, *others)
                return [read[0]._replace(meta=meta, left_out=left_out)]
    return None


def _failed(why: str) -> Refused:
    return Refused(Rejection.no_assistant_turn, f"is a request that failed: {why}")


def _column(row: dict[Any, Any], keys: tuple[str, ...]) -> str | None:
    """The first column of these names that holds something."""
    by_key = {column_key(name): name for name in row if not is_empty(row[name])}
    return next((by_key[key] for key in keys if key in by_key), None)


def _other_choices(log: Log) -> tuple[LeftOut, ...]:
    """The alternatives that a response has besides the first, as a part that is left out."""
    value = parsed_cell(log.answered)
    while isinstance(value, dict) and isinstance(value.get("body"), dict):
        value = value["body"]
    for name in ("choices", "candidates"):
        choices = value.get(name) if isinstance(value, dict) else None
        if isinstance(choices, list) and len(choices) > 1:
            place = name if log.is_row else f"{log.used[-1]}.{name}"
            return (LeftOut(place, is_text=True),)
    return ()
