"""The rule of the proof: differences from rounding are forgiven, differences in meaning are not."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from schemas.message import Message
from schemas.record import Record
from train.export.proof import (
    Probe,
    Proof,
    Reference,
    ReferenceToken,
    ask_adapter,
    compare_with_server,
)
from train.serving.llama_server import GreedyAnswer


def proof(outtype: str = "f16", **changes: object) -> Proof:
    probe = {
        "question": "q",
        "same_prompt": True,
        "compared": 12,
        "diverged_at_gap": None,
        "largest_difference": 0.02,
    }
    return Proof(outtype=outtype, probes=(Probe.model_validate(probe | changes),))


def test_answers_that_agree_prove_the_file() -> None:
    assert proof().failures() == []
    assert (proof().compared, proof().near_ties) == (12, 0)


def test_a_flip_between_two_tokens_that_are_as_likely_is_forgiven_and_counted() -> None:
    assert proof(diverged_at_gap=0.04).failures() == []
    assert proof(diverged_at_gap=0.04).near_ties == 1


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"diverged_at_gap": 0.06}, "another token after 12"),
        ({"diverged_at_gap": 0.05}, "another token after 12"),
        ({"same_prompt": False}, "other token ids"),
        ({"largest_difference": 0.06}, "off by 0.06"),
        ({"compared": 0}, "nothing could be compared"),
        ({"outtype": "bf16", "diverged_at_gap": 0.26}, "another token after 12"),
        ({"outtype": "bf16", "largest_difference": 0.26}, "off by 0.26"),
    ],
)
def test_anything_else_speaks_against_the_file(changes: dict[str, Any], says: str) -> None:
    assert [says in failure for failure in proof(**changes).failures()] == [True]


def test_bf16_which_rounds_more_coarsely_is_forgiven_more() -> None:
    assert proof("bf16", diverged_at_gap=0.2, largest_difference=0.24).failures() == []


class Served:
    """A server that tokenizes the prompt to `ids` and answers with `tokens`."""

    def __init__(
        self, ids: Sequence[int], tokens: Sequence[int], logprobs: Sequence[tuple[int, float]]
    ) -> None:
        self.ids = list(ids)
        self.answer = GreedyAnswer(tokens=tuple(tokens), logprobs=tuple(logprobs))

    def apply_template(self, messages: list[dict[str, Any]]) -> str:
        return "prompt"

    def tokenize(self, text: str) -> list[int]:
        return self.ids

    def greedy(self, prompt: list[int], tokens: int) -> GreedyAnswer:
        assert prompt == [1, 2], "the weights are asked the adapter's own prompt"
        return self.answer


def reference(*tokens: int, inside_character: Sequence[int] = ()) -> Reference:
    """An adapter that answers `tokens`, each with log-probability -1 and a gap of 3."""
    continuation = tuple(
        ReferenceToken(
            token=token, logprob=-1.0, gap=3.0, completes_character=token not in inside_character
        )
        for token in tokens
    )
    question = Message(role="user", content="q")
    return Reference(messages=(question,), ids=(1, 2), continuation=continuation)


def probe(expected: Reference, served: Any) -> Probe:
    return compare_with_server([expected], served, "f16").probes[0]


def test_the_same_answer_agrees_to_its_end() -> None:
    served = Served([1, 2], [5, 6, 7], [(5, -1.0), (6, -1.01), (7, -1.0)])
    result = probe(reference(5, 6, 7), served)
    assert (result.same_prompt, result.compared, result.diverged_at_gap) == (True, 3, None)
    assert result.largest_difference == pytest.approx(0.01)


def test_another_prompt_is_told_from_another_answer() -> None:
    result = probe(reference(5), Served([1, 2, 9], [5], [(5, -1.0)]))
    assert (result.same_prompt, result.compared) == (False, 1)


@pytest.mark.parametrize("tokens", [[5], [5, 9, 7]])
def test_an_answer_that_stops_early_or_differs_is_a_divergence(tokens: list[int]) -> None:
    result = probe(reference(5, 6, 7), Served([1, 2], tokens, []))
    assert (result.compared, result.diverged_at_gap) == (1, 3.0)


def test_tokens_inside_a_character_are_not_compared_since_they_are_not_reported() -> None:
    expected = reference(6, 7, 5, inside_character=[6])
    result = probe(expected, Served([1, 2], [6, 7, 5], [(7, -1.0), (5, -3.0)]))
    assert result.largest_difference == pytest.approx(2.0)


def test_a_token_is_compared_where_it_is_reported_and_not_inside_a_character() -> None:
    first, second = reference(8, 8).continuation
    inside = first.model_copy(update={"completes_character": False, "logprob": -9.0})
    twice = reference().model_copy(update={"continuation": (inside, second)})
    assert probe(twice, Served([1, 2], [8, 8], [(8, -1.0)])).largest_difference == 0.0


def test_the_adapter_is_asked_as_generate_would(
    tiny: Path, talk: Any, make_tokenizer: Any, stops: frozenset[int]
) -> None:
    import torch
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained(tiny, dtype=torch.float32).eval()
    tokenizer = make_tokenizer()
    records = [talk(f"What is {i}?", "x", "And now?", "y") for i in range(9)]
    with_tools = records[0].model_copy(update={"tools": ({"function": {"name": "f"}},)})
    references = ask_adapter(model, tokenizer, stops, [with_tools, *records])
    assert [len(each.messages) for each in references] == [3] * 8, "without the last reply"
    assert references[0].messages[0].text == "What is 0?"
    for each in references:
        ids = torch.tensor([each.ids])
        generated = model.generate(ids, do_sample=False, max_new_tokens=32)[0, len(each.ids) :]
        assert [token.token for token in each.continuation] == generated.tolist()


def test_without_records_questions_of_our_own_are_asked(
    tiny: Path, make_tokenizer: Any, stops: frozenset[int]
) -> None:
    from transformers import AutoModelForCausalLM

    records: list[Record] = []
    model = AutoModelForCausalLM.from_pretrained(tiny).eval()
    assert len(ask_adapter(model, make_tokenizer(), stops, records)) == 4
