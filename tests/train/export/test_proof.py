"""The rule of the proof: rounding is forgiven, meaning is not."""

import pytest

from train.export.proof import Probe, Proof


def proof(**changes: object) -> Proof:
    probe = {
        "question": "q",
        "same_prompt": True,
        "compared": 12,
        "diverged_at_gap": None,
        "largest_difference": 0.02,
    }
    return Proof(outtype="f16", probes=(Probe.model_validate(probe | changes),))


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
        ({"same_prompt": False}, "other token ids"),
        ({"largest_difference": 0.06}, "off by 0.06"),
        ({"compared": 0}, "nothing could be compared"),
    ],
)
def test_anything_else_speaks_against_the_file(changes: dict[str, object], says: str) -> None:
    assert [says in failure for failure in proof(**changes).failures()] == [True]
