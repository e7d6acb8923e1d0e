from collections import Counter
from pathlib import Path

import pytest

from pipeline.synthesis.plan import plan_slot, render_plan
from prompts.pack import Pack, load_pack
from prompts.prompt import load_prompt


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack("support", Path("/nonexistent"))


def test_a_slot_is_the_same_whatever_was_planned_before(pack: Pack) -> None:
    forwards = [plan_slot(pack, 7, slot) for slot in range(200)]
    backwards = [plan_slot(pack, 7, slot) for slot in reversed(range(200))]
    assert forwards == backwards[::-1]


def test_another_seed_plans_other_conversations(pack: Pack) -> None:
    assert [plan_slot(pack, 0, i) for i in range(20)] != [plan_slot(pack, 1, i) for i in range(20)]


def test_every_topic_is_drawn_as_often_as_its_weight_in_each_round(pack: Pack) -> None:
    size = sum(pack.topics.values())
    for start in (0, 5 * size):
        drawn = Counter(plan_slot(pack, 0, i).topic for i in range(start, start + size))
        assert drawn == pack.topics


def test_every_topic_meets_every_language(pack: Pack) -> None:
    rounds = 12 * sum(pack.topics.values())
    met = {
        (p.topic, p.language) for p in (plan_slot(pack, 0, i, ("de", "en")) for i in range(rounds))
    }
    assert len(met) == 2 * len(pack.topics)


def test_languages_are_those_asked_for_in_equal_shares(pack: Pack) -> None:
    spoken = Counter(plan_slot(pack, 0, i, ("de", "fr", "th")).language for i in range(300))
    assert spoken.keys() == {"de", "fr", "th"}
    assert max(spoken.values()) - min(spoken.values()) <= 8
    assert {plan_slot(pack, 0, i).language for i in range(20)} == set(pack.languages)


def test_every_value_of_every_axis_is_drawn_and_none_that_is_forbidden(pack: Pack) -> None:
    plans = [plan_slot(pack, 0, i) for i in range(2000)]
    for axis, values in pack.axes.items():
        assert {plan.axes[axis] for plan in plans} == values.keys()
    assert not any(pack.forbids(plan.axes) for plan in plans)


def test_half_of_the_conversations_begin_with_a_system_message(pack: Pack) -> None:
    told = [plan_slot(pack, 0, i).system for i in range(1000)]
    assert 420 < sum(system is not None for system in told) < 580
    assert set(told) == {*pack.system, None}


def test_the_prompt_says_what_was_planned(pack: Pack) -> None:
    prompt = load_prompt("synth/conversation")
    for slot in range(40):
        plan = plan_slot(pack, 0, slot, ("de",))
        text = render_plan(prompt, pack, plan)
        assert all(part in text for part in (plan.topic[-1], plan.axes["persona"], "German"))
        assert f"{plan.turns} exchange" in text
        assert (plan.system or "Mood: ") in text
