"""OpenAI's chat protocol: the one file that imports openai."""

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

OPENAI_URL = "https://api.openai.com/v1"

OPENAI_FINISHES = {"length": Finish.length, "content_filter": Finish.refusal}


class OpenAiProvider:
    """Asks over `/chat/completions`. Make it inside the event loop that uses it."""

    def __init__(self, settings: LlmSettings, key: str) -> None:
        import openai

        self._errors = openai
        self._settings = settings
        self._client = openai.AsyncOpenAI(
            api_key=key,
            # Always given, so that no environment variable can send requests and key elsewhere.
            base_url=settings.base_url or OPENAI_URL,
            # The budget and the journal would not see retries by the SDK.
            max_retries=0,
            # With the default of 5 s, 18 % of the calls failed when 256 connections opened at once.
            timeout=openai.Timeout(settings.timeout_s, connect=30),
            # A request over aiohttp takes half the CPU time of one over the default transport.
            http_client=openai.DefaultAioHttpClient(),
        )

    async def ask(self, request: Request) -> Reply | CallFailure:
        """Send once. By `create`, as `parse` raises when a reply was cut off."""
        try:
            raw = await self._client.chat.completions.with_raw_response.create(
                **self._body(request)
            )
        except self._errors.APIStatusError as error:
            return failure_of_status(error.status_code, error.message, error.response.headers)
        except self._errors.APIConnectionError as error:
            return failure_of_connection(error)
        return read_completion(raw.text, raw.headers.get("x-request-id"))

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    def _body(self, request: Request) -> dict[str, Any]:
        # The newest models refuse `max_tokens`; servers that imitate the protocol may know only it.
        limit = "max_tokens" if self._settings.base_url else "max_completion_tokens"
        body: dict[str, Any] = {
            "model": self._settings.model,
            "messages": [{"role": m.role, "content": m.text} for m in request.messages],
            limit: request.max_tokens,
        }
        if request.temperature is not None:
            body["temperature"] = request.temperature
        if request.reply_schema is not None:
            body["response_format"] = {
                "type": "json_schema",
                "json_schema": {
                    "name": request.schema_name,
                    "strict": True,
                    "schema": request.reply_schema,
                },
            }
        return body


def read_completion(text: str, request_id: str | None) -> Reply | CallFailure:
    """Read the body of an HTTP success. A body without an answer may have been billed as well."""
    try:
        body = json.loads(text)
        choice = body["choices"][0]
        message = choice["message"]
        usage = body.get("usage") or {}
        refusal = message.get("refusal")
        finish = OPENAI_FINISHES.get(choice.get("finish_reason"), Finish.stop)
        return Reply(
            text=refusal or message.get("content") or "",
            finish=Finish.refusal if refusal else finish,
            # Includes cached tokens, which are booked at the full price: at worst too much.
            tokens_in=usage.get("prompt_tokens"),
            tokens_out=usage.get("completion_tokens"),
            model=str(body.get("model")),
            request_id=request_id,
        )
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        return CallFailure(
            kind=FailureKind.unreadable, detail=f"{type(error).__name__}: {text[:200]}"
        )
