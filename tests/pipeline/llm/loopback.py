"""A server on the loopback address that speaks both wire protocols and misbehaves by a seed.

It keeps a meter of its own, at DOLLARS_IN and DOLLARS_OUT for a million tokens, that counts what a
provider would bill: everything that was computed, whether or not the client got to see it.
"""

import asyncio
import hashlib
import json
import random
import re
import threading
from collections import Counter
from dataclasses import dataclass, field

from aiohttp import web

DOLLARS_IN, DOLLARS_OUT = 3, 15

FAULTS = {
    "rate_limit": 0.06,
    "error": 0.05,
    "reset": 0.03,
    "cut": 0.03,
    "wrong_shape": 0.03,
    "broken_body": 0.02,
    "hang": 0.01,
}
"""Probability of each."""


@dataclass
class Loopback:
    """Start with `with`. Faults are a pure function of seed, request and how often it came."""

    seed: int = 0
    faults: dict[str, float] = field(default_factory=dict)
    distinct: int = 10**9
    """Different answers that the model has in it."""
    latency_s: float = 0.0
    status: int = 200
    """Anything else: every request is refused with it."""
    body: str = "no"
    """What a refusal says."""
    micro_dollars: int = 0
    """The meter."""
    answered: Counter[str] = field(default_factory=Counter)
    """Times that each request (by hash of its prompt) was answered in full."""
    order: list[str] = field(default_factory=list)
    """Hashes of the prompts, in the order of arrival."""
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[dict] = field(default_factory=list)
    most_open: int = 0

    def __enter__(self) -> "Loopback":
        self._seen: Counter[str] = Counter()
        self._open = 0
        self._loop = asyncio.new_event_loop()
        started = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(started,))
        self._thread.start()
        assert started.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._done.set)
        self._thread.join(10)

    def _serve(self, started: threading.Event) -> None:
        async def main() -> None:
            self._done = asyncio.Event()
            app = web.Application()
            app.router.add_post("/v1/chat/completions", self._openai)
            app.router.add_post("/v1/messages", self._anthropic)
            runner = web.AppRunner(app, shutdown_timeout=0.05)
            await runner.setup()
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            self.port = runner.addresses[0][1]
            started.set()
            await self._done.wait()
            await asyncio.sleep(0.05)
            await runner.cleanup()

        self._loop.run_until_complete(main())
        self._loop.close()

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def _openai(self, request: web.Request) -> web.StreamResponse:
        def wrap(text: str, cut: bool, tokens_in: int, tokens_out: int) -> dict:
            return {
                "id": "c",
                "object": "chat.completion",
                "created": 0,
                "model": "loopback-1",
                "choices": [
                    {
                        "index": 0,
                        "message": {"role": "assistant", "content": text},
                        "finish_reason": "length" if cut else "stop",
                    }
                ],
                "usage": {
                    "prompt_tokens": tokens_in,
                    "completion_tokens": tokens_out,
                    "total_tokens": tokens_in + tokens_out,
                },
            }

        return await self._answer(request, wrap, "x-request-id")

    async def _anthropic(self, request: web.Request) -> web.StreamResponse:
        def wrap(text: str, cut: bool, tokens_in: int, tokens_out: int) -> dict:
            return {
                "id": "m",
                "type": "message",
                "role": "assistant",
                "model": "loopback-1",
                "content": [{"type": "text", "text": text}],
                "stop_reason": "max_tokens" if cut else "end_turn",
                "usage": {"input_tokens": tokens_in, "output_tokens": tokens_out},
            }

        return await self._answer(request, wrap, "request-id")

    async def _answer(self, request: web.Request, wrap, id_header: str) -> web.StreamResponse:
        self.headers.append(dict(request.headers))
        raw = await request.read()
        body = json.loads(raw)
        self.bodies.append(body)
        prompt = body["messages"][-1]["content"]
        digest = hashlib.sha256(prompt.encode()).hexdigest()
        self.order.append(digest)
        self._open += 1
        self.most_open = max(self.most_open, self._open)
        try:
            return await self._behave(request, body, prompt, digest, len(raw), wrap, id_header)
        finally:
            self._open -= 1

    async def _behave(self, request, body, prompt, digest, size, wrap, id_header):
        await asyncio.sleep(self.latency_s)
        if self.status != 200:
            return web.json_response({"error": {"message": self.body}}, status=self.status)
        rng = random.Random(f"{self.seed} {digest} {self._seen[digest]}")
        self._seen[digest] += 1
        fault = self._fault(rng)
        if fault == "rate_limit":
            return web.json_response(
                {"error": {"message": "slow down"}}, status=429, headers={"retry-after": "0.01"}
            )
        if fault == "error":
            return web.json_response(
                {"error": {"message": "oops"}}, status=500, headers={"retry-after": "0.01"}
            )
        most = body.get("max_tokens") or body["max_completion_tokens"]
        text = "[1, 2]" if fault == "wrong_shape" else self._conversation(prompt, digest)
        tokens_in, tokens_out = size // 4, min(most, len(text) // 3)
        if fault == "cut":
            text, tokens_out = text[: len(text) // 2], most
        self.micro_dollars += tokens_in * DOLLARS_IN + tokens_out * DOLLARS_OUT
        if fault == "reset":
            request.transport.abort()
            return web.Response()
        if fault == "hang":
            await self._done.wait()
            return web.Response()
        if fault == "broken_body":
            return web.Response(text='{"choices": [{"mess', content_type="application/json")
        self.answered[digest] += 1
        answer = wrap(text, fault == "cut", tokens_in, tokens_out)
        return web.json_response(answer, headers={id_header: f"req-{digest[:6]}"})

    def _fault(self, rng: random.Random) -> str | None:
        mark = rng.random()
        for name, probability in self.faults.items():
            mark -= probability
            if mark < 0:
                return name
        return None

    def _conversation(self, prompt: str, digest: str) -> str:
        number = int(digest, 16) % self.distinct
        asked = re.search(r"(\d) exchange", prompt)
        turns = int(asked[1]) if asked else 1
        exchanges = [
            {"user": f"Question {i} of case {number}?", "assistant": f"Do {i} for case {number}."}
            for i in range(turns)
        ]
        return json.dumps({"exchanges": exchanges})
