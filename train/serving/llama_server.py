"""llama.cpp's server inside this process. The one file that imports xllamacpp.

To synthesis it is an OpenAI-compatible server like any other; the proof of an export and the chat
also use llama.cpp's own endpoints.
"""

import json
import os
import secrets
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from schemas.base import Model
from schemas.errors import MissingExtra, UserError

_TIMEOUT_SECONDS = 600
"""Longest wait for an answer: with a 7 B model a CPU writes 512 tokens in three minutes."""

_MAX_REPLY_TOKENS = 1024
"""Where a chat reply is cut off: a model that loses its way would repeat itself forever."""

_SILENT = -1
"""llama.cpp's verbosity at which it logs nothing; at 0 it still prints to standard error."""


class GreedyAnswer(Model):
    """The most likely continuation of a prompt."""

    tokens: tuple[int, ...]
    logprobs: tuple[tuple[int, float], ...]
    """Token and log-probability, in order, of the tokens that complete a character. llama.cpp does
    not report the others: of the four tokens of an emoji only the last."""


class LlamaServer:
    """A GGUF, served on 127.0.0.1 on a free port behind a random key, inside a `with` block.

    Raises:
        UserError: the file does not exist or llama.cpp cannot read it.
        MissingExtra: xllamacpp is not installed.
    """

    def __init__(self, model: Path, n_ctx: int = 4096) -> None:
        self._model = model
        self._n_ctx = n_ctx
        self._server: Any = None
        self.api_key = secrets.token_urlsafe(24)
        self.base_url = ""
        """Address of the server, without `/v1`, under which OpenAI's endpoints are."""

    def __enter__(self) -> "LlamaServer":
        """Load the model, and return once requests are answered."""
        try:
            import xllamacpp
        except ImportError:
            raise MissingExtra("xllamacpp", "export") from None
        if not self._model.is_file():
            raise UserError(f"there is no GGUF at {self._model}", "export one: `curate export`")
        parameters = xllamacpp.CommonParams()
        parameters.model.path = str(self._model)
        parameters.hostnames = ["127.0.0.1"]
        parameters.port = 0
        parameters.api_keys = [self.api_key]
        parameters.n_ctx = self._n_ctx
        parameters.n_parallel = 1
        parameters.ui = False
        parameters.verbosity = _SILENT
        # llama.cpp's threads spin while they wait for each other. On two cores with something else
        # running, two threads wrote 12 tokens per second and one thread 109 (alone: 138).
        threads = max(1, (os.cpu_count() or 2) // 2)
        parameters.cpuparams.n_threads = threads
        parameters.cpuparams_batch.n_threads = threads
        try:
            self._server = xllamacpp.Server(parameters)
        except (RuntimeError, ValueError) as error:
            raise UserError(
                f"llama.cpp cannot load {self._model}: {error}",
                "export it again; a file from elsewhere must be a GGUF of a chat model",
            ) from None
        self.base_url = self._server.listening_address
        # A server that is stopped before its loop has begun waits for it forever. Once it has
        # computed a token, the loop has begun.
        self.greedy([0], 1)
        return self

    def __exit__(self, *_: object) -> None:
        """Stop serving: the server stops when nothing refers to it."""
        self._server = None

    def apply_template(self, messages: list[dict[str, Any]]) -> str:
        """The prompt that the server makes from these messages."""
        return str(self._post("/apply-template", {"messages": messages})["prompt"])

    def tokenize(self, text: str) -> list[int]:
        """Ids of a prompt as the chat endpoint reads it (with bos if the model asks for it)."""
        body = {"content": text, "add_special": True, "parse_special": True}
        return list(self._post("/tokenize", body)["tokens"])

    def greedy(self, prompt: list[int], tokens: int) -> GreedyAnswer:
        """The most likely continuation of a prompt's ids, up to `tokens` long."""
        body = {
            "prompt": prompt,
            "temperature": 0,
            "n_predict": tokens,
            "n_probs": 1,
            "return_tokens": True,
            "cache_prompt": False,
        }
        completion = self._post("/completion", body)
        reported = completion.get("completion_probabilities", ())
        logprobs = [(token["id"], token["logprob"]) for token in reported]
        return GreedyAnswer(tokens=tuple(completion["tokens"]), logprobs=tuple(logprobs))

    def stream_chat(self, messages: list[dict[str, Any]], temperature: float) -> Iterator[str]:
        """The reply to a conversation, piece by piece."""
        body = {
            "messages": messages,
            "temperature": temperature,
            "max_tokens": _MAX_REPLY_TOKENS,
            "stream": True,
        }
        with self._open("/v1/chat/completions", body) as response:
            for line in response:
                event = line.decode("utf-8").removeprefix("data: ").strip()
                if not event.startswith("{"):  # a blank line between events, or [DONE]
                    continue
                piece = json.loads(event)["choices"][0]["delta"].get("content")
                if piece:
                    yield piece

    def _post(self, endpoint: str, body: dict[str, Any]) -> dict[str, Any]:
        with self._open(endpoint, body) as response:
            answer: dict[str, Any] = json.load(response)
            return answer

    def _open(self, endpoint: str, body: dict[str, Any]) -> Any:
        request = urllib.request.Request(  # always http://127.0.0.1
            self.base_url + endpoint,
            json.dumps(body).encode(),
            {"Authorization": f"Bearer {self.api_key}", "Content-Type": "application/json"},
        )
        try:
            # No proxy, even if the environment sets one: the server is this very process.
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            return opener.open(request, timeout=_TIMEOUT_SECONDS)
        except urllib.error.HTTPError as error:
            with error:
                answer = json.load(error)
            raise UserError(
                f"the model's server refused: {answer.get('error', {}).get('message', answer)}",
                "if the conversation is longer than the context, shorten it or raise n_ctx",
            ) from None
