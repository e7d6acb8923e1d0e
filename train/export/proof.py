"""Does the exported file say what the adapter says? The same prompts are asked of both.

The reference is base + adapter in 32 bits under transformers; the other side is the file under
llama.cpp. Compared are the ids of the prompt (the template and the tokenizer) and, token by token,
the likeliest continuation with its log-probability (the weights).
"""

from collections.abc import Sequence
from typing import Any

from schemas.base import Model
from schemas.message import Message
from schemas.record import Record
from train.prepare.labels import TemplateRefused, chat, template
from train.serving.llama_server import LlamaServer

PROMPTS = 8
"""Prompts that are asked."""

TOKENS = 32
"""Longest continuation that is compared: a flip comes early or not at all."""

TOLERANCE = {"f16": 0.05, "bf16": 0.25}
"""How far rounding the weights moves a log-probability, in nats; measured 0.02 and 0.13. Where the
adapter's two likeliest tokens are nearer than that, their order is rounding (a near-tie), not
meaning. A forgotten adapter moves log-probabilities by 1."""

QUESTIONS = (
    "What is the capital of France?",
    "Write one sentence about the sea.",
    "Wie geht es dir heute?",
    "用一句话介绍你自己。",
)
"""Asked when no record is there to ask."""


class Step(Model):
    """One token of the reference's continuation."""

    token: int
    logprob: float
    """Of the token, in nats."""
    gap: float
    """How much less likely the second likeliest is, in nats."""
    whole: bool
    """The text ends with a whole character; an emoji takes up to four tokens."""


class Reference(Model):
    """What the adapter says to one prompt."""

    messages: tuple[Message, ...]
    ids: tuple[int, ...]
    """The prompt as transformers renders and tokenises it."""
    steps: tuple[Step, ...]


class Probe(Model):
    """One prompt, asked of both."""

    question: str
    """The last turn of the prompt, shortened."""
    same_prompt: bool
    """Template and tokenizer give the same ids."""
    compared: int
    """Tokens that agree, up to the end or the first that does not."""
    diverged_at_gap: float | None
    """Where the continuations part: the gap there; None where they never do."""
    largest_difference: float
    """Largest difference in log-probability over the tokens that agree, in nats; 0 where llama.cpp
    reported none."""


class Proof(Model):
    """All prompts, and whether the file may be served for the adapter."""

    outtype: str
    probes: tuple[Probe, ...]

    def failures(self) -> list[str]:
        """What speaks against the file, in words; empty when it is proved."""
        failures = [] if self.compared else ["nothing could be compared"]
        for probe in self.probes:
            gap = probe.diverged_at_gap
            if not probe.same_prompt:
                failures.append(f"{probe.question!r}: the served prompt has other token ids")
            if gap is not None and gap >= TOLERANCE[self.outtype]:
                failures.append(
                    f"{probe.question!r}: another token after {probe.compared}, where the adapter"
                    f" is sure by {gap:.2f} nats"
                )
            if probe.largest_difference > TOLERANCE[self.outtype]:
                failures.append(
                    f"{probe.question!r}: log-probability off by {probe.largest_difference:.2f}"
                )
        return failures

    @property
    def compared(self) -> int:
        """Tokens that agree, over all prompts."""
        return sum(probe.compared for probe in self.probes)

    @property
    def near_ties(self) -> int:
        """Prompts whose continuations part where the adapter itself hardly decides."""
        return sum(
            probe.diverged_at_gap is not None and probe.diverged_at_gap < TOLERANCE[self.outtype]
            for probe in self.probes
        )

    @property
    def largest_difference(self) -> float:
        """In log-probability, in nats, over all tokens that agree."""
        return max((probe.largest_difference for probe in self.probes), default=0.0)


def references(
    model: Any, tokenizer: Any, stops: frozenset[int], records: Sequence[Record]
) -> list[Reference]:
    """Ask the adapter the first `PROMPTS` questions of `records` (or, without any, `QUESTIONS`).

    Records with tools are passed over: llama.cpp writes tool definitions in its own way, and what
    calls look like is the template's business, not the weights'.
    """
    asked = []
    for messages in _prompts(records):
        try:
            text = template(tokenizer, chat(messages), ask=True)
        except TemplateRefused:
            continue
        ids = tokenizer(text, add_special_tokens=False)["input_ids"]
        steps = _greedy(model, tokenizer, ids, stops)
        asked.append(Reference(messages=messages, ids=tuple(ids), steps=tuple(steps)))
        if len(asked) == PROMPTS:
            break
    return asked


def compare(asked: Sequence[Reference], server: LlamaServer, outtype: str) -> Proof:
    """Ask the served file the same, and hold the answers side by side."""
    return Proof(outtype=outtype, probes=tuple(_probe(reference, server) for reference in asked))


def _probe(reference: Reference, server: LlamaServer) -> Probe:
    served = server.tokenize(server.apply_template(chat(reference.messages)))
    # The reference's ids, so that weights are judged even where the template is not the same.
    answer = server.greedy(list(reference.ids), TOKENS)
    agreed = _agreed(reference.steps, answer.tokens)
    rest = reference.steps[agreed:]
    return Probe(
        question=reference.messages[-1].text[:60],
        same_prompt=served == list(reference.ids),
        compared=agreed,
        diverged_at_gap=rest[0].gap if rest else None,
        largest_difference=_largest_difference(reference.steps[:agreed], answer.logprobs),
    )


def _agreed(steps: Sequence[Step], tokens: Sequence[int]) -> int:
    """How many tokens both say before they part."""
    agreed = 0
    for step, token in zip(steps, tokens, strict=False):
        if step.token != token:
            break
        agreed += 1
    return agreed


def _largest_difference(steps: Sequence[Step], logprobs: Sequence[tuple[int, float]]) -> float:
    """Over the steps that the server reported: in order, those that complete a character."""
    largest, reported = 0.0, 0
    for step in steps:
        if step.whole and reported < len(logprobs) and logprobs[reported][0] == step.token:
            largest = max(largest, abs(logprobs[reported][1] - step.logprob))
            reported += 1
    return largest


def _greedy(model: Any, tokenizer: Any, prompt: list[int], stops: frozenset[int]) -> list[Step]:
    """The likeliest continuation, without the penalties that a generation_config may ask for."""
    import torch

    steps: list[Step] = []
    ids, past = prompt, None
    while len(steps) < TOKENS:
        with torch.inference_mode():
            out = model(input_ids=torch.tensor([ids]), past_key_values=past, use_cache=True)
        best = torch.log_softmax(out.logits[0, -1].float(), dim=-1).topk(2)
        first, second = best.values.tolist()
        token = int(best.indices[0])
        text = tokenizer.decode([*(step.token for step in steps), token])
        whole = not text.endswith("\ufffd")
        steps.append(Step(token=token, logprob=first, gap=first - second, whole=whole))
        if token in stops:
            break
        ids, past = [token], out.past_key_values
    return steps


def _prompts(records: Sequence[Record]) -> list[tuple[Message, ...]]:
    """Each record up to where its last reply begins."""
    prompts = []
    for record in records:
        replies = [i for i, turn in enumerate(record.messages) if turn.role == "assistant"]
        if replies and replies[-1] > 0 and not record.tools:
            prompts.append(record.messages[: replies[-1]])
    return prompts or [(Message(role="user", content=question),) for question in QUESTIONS]
