"""One call to a model: what is sent, and what comes back, a reply or a failure of a known kind."""

import hashlib
import json
from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from typing import Any, Protocol

from schemas.base import Model
from schemas.message import Message

TEMPLATE_TOKENS = 500
"""What a provider may add to our text: the chat template, instructions for the schema."""

NOT_CONNECTED = {"ClientConnectorError", "ConnectionTimeoutError"}
"""What aiohttp raises before anything is sent: refused, no such host, a bad certificate."""


class Request(Model):
    """What is asked, in no particular provider's format."""

    messages: tuple[Message, ...]
    schema_name: str = "reply"
    reply_schema: dict[str, Any] | None = None
    """JSON schema of the answer; every object in it is closed and requires all of its keys."""
    max_tokens: int
    temperature: float | None = None

    @cached_property
    def canonical(self) -> bytes:
        """The whole request as JSON."""
        return json.dumps(
            self.model_dump(mode="json", exclude_none=True), ensure_ascii=False, sort_keys=True
        ).encode("utf-8", "backslashreplace")

    @property
    def sha256(self) -> str:
        """SHA-256 (hex) of everything that is asked."""
        return hashlib.sha256(self.canonical).hexdigest()

    @property
    def most_tokens_in(self) -> int:
        """A bound that needs no tokenizer: byte-level BPE never makes more tokens than bytes."""
        return len(self.canonical) + TEMPLATE_TOKENS


class Finish(StrEnum):
    """Why the model stopped writing."""

    stop = "stop"
    length = "length"
    refusal = "refusal"


class Reply(Model):
    """An answer that was paid for, good or not."""

    text: str
    finish: Finish
    tokens_in: int | None = None
    """None if the server does not count; then the worst case is booked."""
    tokens_out: int | None = None
    model: str
    """The model that the answer names, which may differ from the one asked."""
    request_id: str | None = None


class FailureKind(StrEnum):
    """What went wrong with a request."""

    rate_limited = "rate_limited"
    """HTTP 429: wait, then try again."""
    overloaded = "overloaded"
    """HTTP 5xx, 408, 409: the server is in trouble; try again."""
    lost = "lost"
    """Sent, and then reset or timed out: try again; it may have been billed."""
    unreadable = "unreadable"
    """An HTTP success without a readable answer: try again; it may have been billed."""
    unreachable = "unreachable"
    """No connection was made: try again a few times."""
    refused = "refused"
    """HTTP 400, 413, 422: this request is wrong, and is not repeated."""
    denied = "denied"
    """Wrong key, model, permission or quota: every request would fail in the same way."""

    @property
    def may_be_billed(self) -> bool:
        """Whether the provider may have charged for it; then the worst case is booked."""
        return self in (FailureKind.lost, FailureKind.unreadable)


class CallFailure(Model):
    """A request that brought no answer."""

    kind: FailureKind
    detail: str
    """What the server or the network said, without secrets."""
    retry_after_s: float | None = None


class Provider(Protocol):
    """A connection to a model. Made inside the event loop that uses it."""

    async def ask(self, request: Request) -> Reply | CallFailure:
        """Send once, without retries. What the network or the server does wrong is never raised."""
        ...

    async def close(self) -> None:
        """Close the connections."""
        ...


def failure_of_status(status: int, detail: str, headers: Mapping[str, str]) -> CallFailure:
    """Classify an HTTP status other than success."""
    return CallFailure(
        kind=_kind_of(status, detail),
        detail=f"HTTP {status}: {detail}",
        retry_after_s=_seconds(headers.get("retry-after", "")),
    )


def failure_of_connection(error: BaseException) -> CallFailure:
    """Classify an error below HTTP by whether anything was sent.

    The causes of the error tell, not its own class: over aiohttp, openai reports a reset as a
    timeout.
    """
    cause: BaseException | None = error
    while cause is not None:
        if NOT_CONNECTED.intersection(kind.__name__ for kind in type(cause).__mro__):
            return CallFailure(kind=FailureKind.unreachable, detail=str(cause))
        cause = cause.__cause__
    return CallFailure(kind=FailureKind.lost, detail=str(error) or type(error).__name__)


def _kind_of(status: int, detail: str) -> FailureKind:
    # OpenAI reports an empty account as a 429 with this code, Anthropic as a 400 with this text.
    account_empty = "insufficient_quota" in detail or "credit balance is too low" in detail
    if status in (401, 402, 403, 404) or account_empty:
        return FailureKind.denied
    if status == 429:
        return FailureKind.rate_limited
    if status in (408, 409) or status >= 500:
        return FailureKind.overloaded
    return FailureKind.refused


def _seconds(text: str) -> float | None:
    try:
        return max(0.0, float(text))
    except ValueError:
        return None
