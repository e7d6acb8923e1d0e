import asyncio
import json

import pytest

from pipeline.llm.anthropic_api import AnthropicProvider, read_message
from pipeline.llm.call import CallFailure, FailureKind, Finish, Reply, Request
from pipeline.llm.openai_api import OpenAiProvider, read_completion
from pipeline.llm.providers import open_provider
from pipeline.llm.settings import LlmSettings
from schemas.message import Message
from tests.pipeline.llm.loopback import Loopback

SCHEMA = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
PROTOCOLS = ["openai", "anthropic"]


def request(**changes: object) -> Request:
    messages = (Message(role="system", content="be brief"), Message(role="user", content="hi"))
    return Request(messages=messages, reply_schema=SCHEMA, max_tokens=50, **changes)


def settings(server: Loopback, provider: str, **changes: object) -> LlmSettings:
    url = server.root if provider == "anthropic" else f"{server.root}/v1"
    return LlmSettings(provider=provider, base_url=url, model="m", timeout_s=5, **changes)


def ask(server: Loopback, provider: str, asked: Request | None = None) -> Reply | CallFailure:
    async def once() -> Reply | CallFailure:
        connection = open_provider(settings(server, provider))
        try:
            return await connection.ask(asked or request())
        finally:
            await connection.close()

    return asyncio.run(once())


@pytest.mark.parametrize("provider", PROTOCOLS)
def test_an_answer_comes_with_usage_model_and_request_id(provider: str) -> None:
    with Loopback() as server:
        reply = ask(server, provider)
    assert isinstance(reply, Reply)
    assert json.loads(reply.text)["exchanges"]
    assert (reply.finish, reply.model) == (Finish.stop, "loopback-1")
    assert reply.tokens_in > 0 < reply.tokens_out
    assert reply.request_id.startswith("req-")


@pytest.mark.parametrize("provider", PROTOCOLS)
def test_a_temperature_is_sent_only_when_set(provider: str) -> None:
    with Loopback() as server:
        ask(server, provider)
        ask(server, provider, request(temperature=0.5))
        plain, warm = server.bodies
    assert not {"temperature", "top_p", "top_k", "seed"} & plain.keys()
    assert warm["temperature"] == 0.5


def test_openai_gets_the_schema_strict_and_the_limit_that_servers_know() -> None:
    with Loopback() as server:
        ask(server, "openai")
        body = server.bodies[0]
    assert body["response_format"]["json_schema"]["strict"] is True
    assert body["response_format"]["json_schema"]["schema"] == SCHEMA
    assert body["max_tokens"] == 50


def test_at_the_providers_own_address_each_gets_what_only_it_knows() -> None:
    async def bodies() -> tuple[dict, dict]:
        openai = OpenAiProvider(LlmSettings(), "k")
        anthropic = AnthropicProvider(LlmSettings(provider="anthropic"), "k")
        try:
            return openai._body(request()), anthropic._body(request())
        finally:
            await openai.close()
            await anthropic.close()

    first, second = asyncio.run(bodies())
    assert first["max_completion_tokens"] == 50
    assert "max_tokens" not in first
    assert second["output_config"]["format"]["schema"] == SCHEMA


def test_anthropic_gets_the_system_message_apart() -> None:
    with Loopback() as server:
        ask(server, "anthropic")
        body = server.bodies[0]
    assert body["system"] == "be brief"
    assert [turn["role"] for turn in body["messages"]] == ["user"]
    assert "output_config" not in body


@pytest.mark.parametrize("provider", PROTOCOLS)
@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("rate_limit", FailureKind.rate_limited),
        ("error", FailureKind.overloaded),
        ("reset", FailureKind.lost),
        ("broken_body", FailureKind.unreadable),
    ],
)
def test_each_fault_has_its_kind_and_is_sent_once(
    provider: str, fault: str, kind: FailureKind
) -> None:
    with Loopback(faults={fault: 1.0}) as server:
        failure = ask(server, provider)
        assert len(server.order) == 1
    assert isinstance(failure, CallFailure)
    assert failure.kind is kind
    if fault == "rate_limit":
        assert failure.retry_after_s == 0.01


@pytest.mark.parametrize("provider", PROTOCOLS)
@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, "bad field", FailureKind.refused),
        (400, "Your credit balance is too low", FailureKind.denied),
        (401, "no", FailureKind.denied),
        (403, "no", FailureKind.denied),
        (404, "no", FailureKind.denied),
        (408, "no", FailureKind.overloaded),
        (413, "no", FailureKind.refused),
        (429, "insufficient_quota", FailureKind.denied),
        (503, "no", FailureKind.overloaded),
        (529, "no", FailureKind.overloaded),
    ],
)
def test_each_status_has_its_kind(provider: str, status: int, body: str, kind: FailureKind) -> None:
    with Loopback(status=status, body=body) as server:
        failure = ask(server, provider)
    assert isinstance(failure, CallFailure)
    assert failure.kind is kind
    assert str(status) in failure.detail


@pytest.mark.parametrize("provider", PROTOCOLS)
@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "http://no-such-host.invalid"])
def test_a_connection_that_was_never_made_is_unreachable_and_not_billed(
    provider: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"{provider.upper()}_API_KEY", "k")

    async def once() -> Reply | CallFailure:
        connection = open_provider(LlmSettings(provider=provider, base_url=url, timeout_s=5))
        try:
            return await connection.ask(request())
        finally:
            await connection.close()

    failure = asyncio.run(once())
    assert failure.kind is FailureKind.unreachable
    assert not failure.kind.may_be_billed


def test_a_refusal_and_a_filter_are_answers_that_were_billed() -> None:
    message = {"content": None, "refusal": "No."}
    choice = {"message": message, "finish_reason": "stop"}
    refused = read_completion(json.dumps({"choices": [choice], "model": "m"}), None)
    assert (refused.finish, refused.text) == (Finish.refusal, "No.")
    choice = {"message": {"content": "ab"}, "finish_reason": "content_filter"}
    filtered = read_completion(json.dumps({"choices": [choice], "model": "m"}), None)
    assert filtered.finish is Finish.refusal
    assert filtered.tokens_in is None


def test_anthropics_cached_input_is_counted_as_input() -> None:
    usage = {
        "input_tokens": 5,
        "cache_read_input_tokens": 20,
        "cache_creation_input_tokens": None,
        "output_tokens": 3,
    }
    body = {"content": [], "stop_reason": "max_tokens", "model": "m", "usage": usage}
    reply = read_message(json.dumps(body), None)
    assert (reply.tokens_in, reply.tokens_out, reply.finish) == (25, 3, Finish.length)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"error": {"message": "x"}}', '{"choices": []}'])
def test_a_success_that_is_no_answer_is_unreadable(text: str) -> None:
    for read in (read_completion, read_message):
        failure = read(text, None)
        assert isinstance(failure, CallFailure)
        assert failure.kind is FailureKind.unreadable
        assert failure.kind.may_be_billed
