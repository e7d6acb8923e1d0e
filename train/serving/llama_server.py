"""llama.cpp's server inside this process. The one file that knows xllamacpp.

Synthesis and judging speak to it as to any OpenAI-compatible server; the proof of an export and
the chat use its own endpoints.
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

SECONDS = 600
"""Longest wait for an answer: a CPU writes 512 tokens of a 7 B model in three minutes."""

LONGEST_REPLY = 1024
"""Tokens after which a chat reply is cut: a model that lost its way repeats itself for ever."""

SILENT = -1
"""llama.cpp's verbosity at which it logs nothing; at 0 it still prints to standard error."""


class Greedy(Model):
    """The likeliest continuation of a prompt."""

    tokens: tuple[int, ...]
    logprobs: tuple[tuple[int, float], ...]
    """Token and log-probability, in order, of those tokens that complete a character. llama.cpp
    keeps the others to itself: of the four tokens of an emoji it reports the last."""


class LlamaServer:
    """A GGUF being served on 127.0.0.1, on a free port, behind a random key, while in the `with`.

    Raises:
        UserError: the file is not there or llama.cpp cannot read it.
    """

    def __init__(self, model: Path, n_ctx: int = 4096) -> None:
        self._model = model
        self._n_ctx = n_ctx
        self._server: Any = None
        self.api_key = secrets.token_urlsafe(24)
        self.base_url = ""
        """Root of the server; OpenAI's endpoints are below `/v1`."""

    def __enter__(self) -> "LlamaServer":
        """Load the model; return when requests are answered."""
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
        parameters.verbosity = SILENT
        # llama.cpp's threads wait for each other by spinning. With all of two cores and anything
        # else running, 12 tokens a second; with half of them, 109; alone, 138 and no loss.
        threads = max(1, (os.cpu_count() or 2) // 2)
        parameters.cpuparams.n_threads = threads
        parameters.cpuparams_batch.n_threads = threads
        try:
            self._server = xllamacpp.Server(parameters)
        except (RuntimeError, ValueError) as error:
            raise UserError(
                f"llama.cpp cannot load {self._model}: {error}",
                "export it again; from elsewhere, it must be a GGUF of a chat model",
            ) from None
        self.base_url = self._server.listening_address
        # Ended before its loop has begun, a server waits for that loop for ever. A token that was
        # computed proves that it has begun.
        self.greedy([0], 1)
        return self

    def __exit__(self, *_: object) -> None:
        """Stop serving: the server ends with its last reference."""
        self._server = None

    def apply_template(self, messages: list[dict[str, Any]]) -> str:
        """The prompt that the server makes of these messages."""
        return str(self._post("/apply-template", {"messages": messages})["prompt"])

    def tokenize(self, text: str) -> list[int]:
        """Ids of a prompt, as the server's chat endpoint reads it (bos added if the model asks)."""
        body = {"content": text, "add_special": True, "parse_special": True}
        return list(self._post("/tokenize", body)["tokens"])

    def greedy(self, prompt: list[int], tokens: int) -> Greedy:
        """The likeliest continuation of a prompt."""
        body = {
            "prompt": prompt,
            "temperature": 0,
            "n_predict": tokens,
            "n_probs": 1,
            "return_tokens": True,
            "cache_prompt": False,
        }
        answer = self._post("/completion", body)
        logprobs = [(p["id"], p["logprob"]) for p in answer.get("completion_probabilities", ())]
        return Greedy(tokens=tuple(answer["tokens"]), logprobs=tuple(logprobs))

    def stream_chat(self, messages: list[dict[str, Any]], temperature: float) -> Iterator[str]:
        """The reply to a conversation, piece by piece."""
        body = {
            "messages": messages,
            "temperature": temperature,
            "max_tokens": LONGEST_REPLY,
            "stream": True,
        }
        with self._open("/v1/chat/completions", body) as response:
            for line in response:
                event = line.decode("utf-8").removeprefix("data: ").strip()
                if not event.startswith("{"):  # blank between events, and [DONE]
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
            # No proxy, whatever the environment says: the server is this process.
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            return opener.open(request, timeout=SECONDS)
        except urllib.error.HTTPError as error:
            with error:
                answer = json.load(error)
            raise UserError(
                f"the model's server refused: {answer.get('error', {}).get('message', answer)}",
                "a conversation longer than the context must be shortened or n_ctx raised",
            ) from None
