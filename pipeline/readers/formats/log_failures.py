"""Whether a logged request failed, so that its response teaches nothing."""

from collections.abc import Iterable
from typing import Any

from pipeline.readers.formats.left_out import is_empty
from pipeline.readers.formats.responses import error_text

FAILED_STATUS = 400
"""HTTP statuses from here on are errors."""

STATUS_FIELDS = ("status_code", "statusCode", "status", "response_status", "http_status")
FAILED_WORDS = frozenset(("failure", "failed", "error", "errored", "incomplete", "cancelled"))
"""What logs write under `status` in place of a number."""

ERROR_FIELDS = ("error", "errors", "error_message", "exception")


def why_failed(row: dict[Any, Any], response: Any) -> str | None:
    """What the row or its response says of a failure, in a few words; None for success.

    Args:
        row: A row that is known to be a log.
        response: Its response.
    """
    holders = [row, response] if isinstance(response, dict) and response is not row else [row]
    for holder in holders:
        for name in ERROR_FIELDS:
            if not is_empty(holder.get(name)) and holder[name] is not False:
                return error_text(holder[name])
    return next((f"status {status}" for status in _statuses(holders) if _is_failure(status)), None)


def _statuses(holders: list[dict[Any, Any]]) -> Iterable[Any]:
    for holder in holders:
        yield from (holder[name] for name in STATUS_FIELDS if name in holder)


def _is_failure(status: Any) -> bool:
    if isinstance(status, str):
        if status.strip().lower() in FAILED_WORDS:
            return True
        status = int(status) if status.isascii() and status.isdigit() and len(status) < 4 else 0
    return isinstance(status, int) and not isinstance(status, bool) and status >= FAILED_STATUS
