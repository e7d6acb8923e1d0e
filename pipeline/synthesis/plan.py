"""The plan of a slot: a pure function of pack, seed, languages and the slot's number.

A slot is one request for a conversation, counted from 0. A job that is resumed or repeated asks for
the same conversation in the same slot, so what was drawn need not be remembered.
"""

import random
from collections.abc import Mapping
from itertools import chain, repeat

from prompts.pack import Pack, language_name
from prompts.prompt import Prompt
from schemas.base import Model

SYSTEM_SHARE = 0.5
"""Share of conversations that begin with a system message: the model must learn both cases."""


class SlotPlan(Model):
    """What one slot asks for."""

    slot: int
    language: str
    """ISO 639-1."""
    topic: tuple[str, ...]
    """Path in the pack's tree."""
    axes: dict[str, str]
    """The value drawn on each axis of the pack; `persona` and `turns` are among them."""
    system: str | None
    """The system message that the conversation begins with, if any."""

    @property
    def turns(self) -> int:
        """Exchanges in the conversation."""
        return int(self.axes["turns"])


def plan_slot(pack: Pack, seed: int, slot: int, languages: tuple[str, ...] = ()) -> SlotPlan:
    """Draw the plan of a slot; without `languages`, those of the pack are used.

    Topics are drawn in rounds. Each round holds every topic as often as its weight says, in an
    order of its own, so any stretch of slots covers the topics evenly. Languages take turns.
    """
    spoken = languages or pack.languages
    deck = list(chain.from_iterable(repeat(*leaf) for leaf in pack.topics.items()))
    round_, place = divmod(slot, len(deck))
    shuffler = random.Random(f"topics {seed} {round_}")
    # Not `shuffle`: only `random()` is promised to give the same numbers in every Python version.
    order = sorted(range(len(deck)), key=[shuffler.random() for _ in deck].__getitem__)
    rng = random.Random(f"slot {seed} {slot}")
    return SlotPlan(
        slot=slot,
        # Shifted by the round, so that each topic meets each language whatever the two counts are.
        language=spoken[(slot + round_) % len(spoken)],
        topic=deck[order[place]],
        axes=_draw_axes(pack, rng),
        system=_draw_system(pack, rng),
    )


def render_plan(prompt: Prompt, pack: Pack, plan: SlotPlan) -> str:
    """The prompt text of a slot: what the model is told."""
    manner = [
        f"{axis.replace('_', ' ').capitalize()}: {value}"
        for axis, value in plan.axes.items()
        if axis not in ("persona", "turns")
    ]
    if plan.system:
        manner.append(f'The assistant was told: "{plan.system}"')
    return prompt.render(
        domain=pack.title,
        language=language_name(plan.language),
        topic=": ".join(part.replace("_", " ") for part in plan.topic),
        persona=plan.axes["persona"],
        manner="\n".join(manner),
        turns="1 exchange" if plan.turns == 1 else f"{plan.turns} exchanges",
    )


def _draw_axes(pack: Pack, rng: random.Random) -> dict[str, str]:
    while True:
        drawn = {axis: _draw(values, rng) for axis, values in pack.axes.items()}
        if not pack.forbids(drawn):
            return drawn


def _draw(weights: Mapping[str, int], rng: random.Random) -> str:
    mark = rng.random() * sum(weights.values())
    for value, weight in weights.items():
        mark -= weight
        if mark < 0:
            return value
    return value


def _draw_system(pack: Pack, rng: random.Random) -> str | None:
    if not pack.system or rng.random() >= SYSTEM_SHARE:
        return None
    return pack.system[int(rng.random() * len(pack.system))]
