"""One call: what is sent, and what comes back — a reply, or a failure of a known kind."""

import hashlib
import json
from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from typing import Any, Protocol

from schemas.base import Model
from schemas.message import Message

TEMPLATE_TOKENS = 500
"""What a provider may put round our text: chat template, instructions for the schema."""

NOT_CONNECTED = {"ClientConnectorError", "ConnectionTimeoutError"}
"""What aiohttp raises before anything was sent: refused, no such host, a bad certificate."""


class Request(Model):
    """What is asked, free of any provider's spelling."""

    messages: tuple[Message, ...]
    schema_name: str = "reply"
    reply_schema: dict[str, Any] | None = None
    """JSON schema of the answer; every object in it closed, every key required."""
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
        """Hash of everything that is asked."""
        return hashlib.sha256(self.canonical).hexdigest()

    @property
    def most_tokens_in(self) -> int:
        """A bound that needs no tokenizer: byte-level BPE makes no more tokens than bytes."""
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
    """None where the server does not count; then the worst case is booked."""
    tokens_out: int | None = None
    model: str
    """As answered, not as asked."""
    request_id: str | None = None


class FailureKind(StrEnum):
    """What went wrong with a request."""

    rate_limited = "rate_limited"
    """429: wait, then again."""
    overloaded = "overloaded"
    """5xx, 408, 409: the server's trouble; again."""
    lost = "lost"
    """Sent, and then a reset or a timeout: again, and it may have been billed."""
    unreadable = "unreadable"
    """A success that is no answer: again, and it may have been billed."""
    unreachable = "unreachable"
    """No connection was made: again, a few times."""
    refused = "refused"
    """400, 413, 422: this request is wrong; it is not repeated."""
    denied = "denied"
    """Key, model, permission or quota: every request would fail the same way."""

    @property
    def may_be_billed(self) -> bool:
        """Whether the provider may have charged for it, so that the worst case is booked."""
        return self in (FailureKind.lost, FailureKind.unreadable)


class Failure(Model):
    """A request without an answer."""

    kind: FailureKind
    detail: str
    """What the server or the network said, without secrets."""
    retry_after_s: float | None = None


class Provider(Protocol):
    """A connection to a model. Made inside the event loop that uses it."""

    async def ask(self, request: Request) -> Reply | Failure:
        """Send once, without retries; raise nothing that the network or server caused."""
        ...

    async def close(self) -> None:
        """Close the connections."""
        ...


def failure_of_status(status: int, detail: str, headers: Mapping[str, str]) -> Failure:
    """Classify an HTTP status that is no success."""
    return Failure(
        kind=_kind_of(status, detail),
        detail=f"HTTP {status}: {detail}",
        retry_after_s=_seconds(headers.get("retry-after", "")),
    )


def failure_of_connection(error: BaseException) -> Failure:
    """Classify an error below HTTP by its causes: was anything sent?

    openai reports a reset as a timeout over aiohttp, so the classes of the SDKs do not tell.
    """
    cause: BaseException | None = error
    while cause is not None:
        if NOT_CONNECTED.intersection(kind.__name__ for kind in type(cause).__mro__):
            return Failure(kind=FailureKind.unreachable, detail=str(cause))
        cause = cause.__cause__
    return Failure(kind=FailureKind.lost, detail=str(error) or type(error).__name__)


def _kind_of(status: int, detail: str) -> FailureKind:
    # An empty account is a 429 with this code at OpenAI, and a 400 with this sentence at Anthropic.
    penniless = "insufficient_quota" in detail or "credit balance is too low" in detail
    if status in (401, 402, 403, 404) or penniless:
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
