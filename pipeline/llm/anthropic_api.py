"""Anthropic's messages protocol: the one file that imports anthropic."""

import json
from typing import Any

from pipeline.llm.call import (
    CallFailure,
    FailureKind,
    Finish,
    Reply,
    Request,
    failure_of_connection,
    failure_of_status,
)
from pipeline.llm.settings import LlmSettings

ANTHROPIC_URL = "https://api.anthropic.com"

ANTHROPIC_FINISHES = {
    "max_tokens": Finish.length,
    "model_context_window_exceeded": Finish.length,
    "refusal": Finish.refusal,
}


class AnthropicProvider:
    """Asks over `/v1/messages`. Make it inside the event loop that uses it."""

    def __init__(self, settings: LlmSettings, key: str) -> None:
        import anthropic

        self._errors = anthropic
        self._settings = settings
        # Address, retries, timeouts and transport are set for the reasons given in openai_api.py.
        self._client = anthropic.AsyncAnthropic(
            api_key=key,
            base_url=settings.base_url or ANTHROPIC_URL,
            max_retries=0,
            timeout=anthropic.Timeout(settings.timeout_s, connect=30),
            http_client=anthropic.DefaultAioHttpClient(),
        )

    async def ask(self, request: Request) -> Reply | CallFailure:
        """Send once; the raw body is read here."""
        try:
            raw = await self._client.messages.with_raw_response.create(**self._body(request))
            text = await raw.text()
        except self._errors.APIStatusError as error:
            return failure_of_status(error.status_code, error.message, error.response.headers)
        except self._errors.APIConnectionError as error:
            return failure_of_connection(error)
        return read_message(text, raw.headers.get("request-id"))

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    def _body(self, request: Request) -> dict[str, Any]:
        system = "\n\n".join(m.text for m in request.messages if m.role == "system")
        body: dict[str, Any] = {
            "model": self._settings.model,
            "max_tokens": request.max_tokens,
            "messages": [
                {"role": m.role, "content": m.text} for m in request.messages if m.role != "system"
            ],
        }
        if system:
            body["system"] = system
        if request.temperature is not None:
            # The SDK has no argument for it any more, as its newest models answer 400 to it.
            body["extra_body"] = {"temperature": request.temperature}
        # Servers that imitate the protocol ignore or refuse the schema; the prompt states it too.
        if request.reply_schema is not None and not self._settings.base_url:
            body["output_config"] = {
                "format": {"type": "json_schema", "schema": request.reply_schema}
            }
        return body


def read_message(text: str, request_id: str | None) -> Reply | CallFailure:
    """Read the body of an HTTP success. A body without an answer may have been billed as well."""
    try:
        body = json.loads(text)
        usage = body.get("usage") or {}
        return Reply(
            text="".join(part["text"] for part in body["content"] if part["type"] == "text"),
            finish=ANTHROPIC_FINISHES.get(body.get("stop_reason"), Finish.stop),
            tokens_in=_all_input(usage),
            tokens_out=usage.get("output_tokens"),
            model=str(body.get("model")),
            request_id=request_id,
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return CallFailure(
            kind=FailureKind.unreadable, detail=f"{type(error).__name__}: {text[:200]}"
        )


def _all_input(usage: dict[str, Any]) -> int | None:
    """Tokens of input, with those read from or written to the cache, which `input_tokens` omits."""
    if "input_tokens" not in usage:
        return None
    cache_fields = ("cache_read_input_tokens", "cache_creation_input_tokens")
    return int(usage["input_tokens"]) + sum(int(usage.get(name) or 0) for name in cache_fields)
