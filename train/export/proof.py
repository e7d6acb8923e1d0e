"""Does the exported file say what the adapter says? Both are asked the same prompts.

One side is the base model with the adapter, in 32 bits under transformers; the other is the file
under llama.cpp. We compare the token ids of each prompt (chat template and tokenizer) and, token by
token, the most likely continuation with its log-probability (weights).
"""

from collections.abc import Sequence
from typing import Any

from schemas.base import Model
from schemas.message import Message
from schemas.record import Record
from train.prepare.labels import TemplateRefused, chat_turns, render_template
from train.serving.llama_server import LlamaServer

COMPARED_TOKENS = 32
"""Longest continuation that is compared: if two sides part, they part early."""

_MAX_PROMPTS = 8

_TOLERANCE = {"f16": 0.05, "bf16": 0.25}
"""How far rounding the weights may move a log-probability, in nats; we measured 0.02 and 0.13. If
the adapter's two most likely tokens are closer than this, their order is a matter of rounding, not
of meaning (a near-tie). A lost adapter moves log-probabilities by 1."""

_DEFAULT_QUESTIONS = (
    "What is the capital of France?",
    "Write one sentence about the sea.",
    "Wie geht es dir heute?",
    "用一句话介绍你自己。",
)
"""Asked if there are no records to take prompts from."""


class ReferenceToken(Model):
    """One token of the adapter's continuation."""

    token: int
    logprob: float
    """Log-probability of the token, in nats."""
    gap: float
    """By how much the second most likely token is less likely, in nats."""
    completes_character: bool
    """False in the middle of a character: an emoji takes up to four tokens."""


class Reference(Model):
    """What the adapter answers to one prompt."""

    messages: tuple[Message, ...]
    ids: tuple[int, ...]
    """The prompt as transformers renders and tokenizes it."""
    continuation: tuple[ReferenceToken, ...]


class Probe(Model):
    """One prompt, asked of both sides."""

    question: str
    """The last turn of the prompt, shortened."""
    same_prompt: bool
    """Chat template and tokenizer give the same ids on both sides."""
    compared: int
    """Tokens that agree, up to the end or to the first that does not."""
    diverged_at_gap: float | None
    """The adapter's `gap` where the continuations part; None if they never do."""
    largest_difference: float
    """Largest difference in log-probability over the tokens that agree, in nats; 0 if llama.cpp
    reported no probabilities."""


class Proof(Model):
    """All prompts, and whether the file may be served in place of the adapter."""

    outtype: str
    probes: tuple[Probe, ...]

    def failures(self) -> list[str]:
        """What speaks against the file, one sentence each; empty if nothing does."""
        failures = [] if self.compared else ["nothing could be compared"]
        tolerance = _TOLERANCE[self.outtype]
        for probe in self.probes:
            gap = probe.diverged_at_gap
            if not probe.same_prompt:
                failures.append(f"{probe.question!r}: the served prompt has other token ids")
            if gap is not None and gap >= tolerance:
                failures.append(
                    f"{probe.question!r}: another token after {probe.compared}, where the adapter"
                    f" is sure by {gap:.2f} nats"
                )
            if probe.largest_difference > tolerance:
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
        """Prompts whose continuations part where the adapter itself is undecided."""
        return sum(
            probe.diverged_at_gap is not None and probe.diverged_at_gap < _TOLERANCE[self.outtype]
            for probe in self.probes
        )

    @property
    def largest_difference(self) -> float:
        """Largest difference in log-probability, in nats, over all tokens that agree."""
        return max((probe.largest_difference for probe in self.probes), default=0.0)


def ask_adapter(
    model: Any, tokenizer: Any, stops: frozenset[int], records: Sequence[Record]
) -> list[Reference]:
    """What the adapter answers to the first prompts of `records` (to our own, without records).

    Records with tools are skipped: llama.cpp writes tool definitions in its own way, and how calls
    are written depends on the template, not on the weights.

    Args:
        model: The base model with its adapter, in 32 bits on the CPU.
        tokenizer: The base model's, with its chat template.
        stops: Ids of the tokens at which serving stops.
        records: Each is asked up to where its last reply begins.
    """
    references: list[Reference] = []
    for messages in _prompts(records):
        try:
            turns = chat_turns(messages)
            text = render_template(tokenizer, turns, add_generation_prompt=True)
        except TemplateRefused:
            continue
        ids = tokenizer(text, add_special_tokens=False)["input_ids"]
        continuation = tuple(_greedy_continuation(model, tokenizer, ids, stops))
        references.append(Reference(messages=messages, ids=tuple(ids), continuation=continuation))
        if len(references) == _MAX_PROMPTS:
            break
    return references


def compare_with_server(
    references: Sequence[Reference], server: LlamaServer, outtype: str
) -> Proof:
    """Ask the served file the same prompts, and put the answers side by side."""
    probes = tuple(_probe(reference, server) for reference in references)
    return Proof(outtype=outtype, probes=probes)


def _probe(reference: Reference, server: LlamaServer) -> Probe:
    served_ids = server.tokenize(server.apply_template(chat_turns(reference.messages)))
    # The reference's ids, so that the weights are compared even if the template differs.
    served = server.greedy(list(reference.ids), COMPARED_TOKENS)
    agreed = _agreed_tokens(reference.continuation, served.tokens)
    rest = reference.continuation[agreed:]
    return Probe(
        question=reference.messages[-1].text[:60],
        same_prompt=served_ids == list(reference.ids),
        compared=agreed,
        diverged_at_gap=rest[0].gap if rest else None,
        largest_difference=_largest_difference(reference.continuation[:agreed], served.logprobs),
    )


def _agreed_tokens(continuation: Sequence[ReferenceToken], served: Sequence[int]) -> int:
    """How many tokens are the same on both sides before the first that is not."""
    agreed = 0
    for expected, token in zip(continuation, served, strict=False):
        if expected.token != token:
            break
        agreed += 1
    return agreed


def _largest_difference(
    continuation: Sequence[ReferenceToken], served: Sequence[tuple[int, float]]
) -> float:
    """Largest difference in log-probability, over the tokens that llama.cpp reported.

    Those are, in order, the tokens that complete a character.
    """
    largest, reported = 0.0, 0
    for expected in continuation:
        if not expected.completes_character or reported == len(served):
            continue
        token, logprob = served[reported]
        if token == expected.token:
            largest = max(largest, abs(logprob - expected.logprob))
            reported += 1
    return largest


def _greedy_continuation(
    model: Any, tokenizer: Any, prompt: list[int], stops: frozenset[int]
) -> list[ReferenceToken]:
    """The most likely continuation, without penalties that a generation_config may ask for."""
    import torch

    continuation: list[ReferenceToken] = []
    ids, past = prompt, None
    while len(continuation) < COMPARED_TOKENS:
        with torch.inference_mode():
            output = model(input_ids=torch.tensor([ids]), past_key_values=past, use_cache=True)
        likeliest = torch.log_softmax(output.logits[0, -1].float(), dim=-1).topk(2)
        first, second = likeliest.values.tolist()
        token = int(likeliest.indices[0])
        text = tokenizer.decode([*(earlier.token for earlier in continuation), token])
        continuation.append(
            ReferenceToken(
                token=token,
                logprob=first,
                gap=first - second,
                completes_character=not text.endswith("\ufffd"),
            )
        )
        if token in stops:
            break
        ids, past = [token], output.past_key_values
    return continuation


def _prompts(records: Sequence[Record]) -> list[tuple[Message, ...]]:
    """Each record up to where its last reply begins."""
    prompts = []
    for record in records:
        replies = [i for i, turn in enumerate(record.messages) if turn.role == "assistant"]
        if replies and replies[-1] > 0 and not record.tools:
            prompts.append(record.messages[: replies[-1]])
    return prompts or [(Message(role="user", content=question),) for question in _DEFAULT_QUESTIONS]
