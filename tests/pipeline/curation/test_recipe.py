"""A row stage judges each record alone; a stage turned off is silent."""

from collections.abc import Callable

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.curation.recipe import Recipe
from pipeline.curation.run_stages import Curation
from pipeline.features import describe
from pipeline.features.open_chat import with_open_chat
from pipeline.filters.stage import Stage
from pipeline.store.store import Store
from schemas.reasons import Reason
from schemas.record import Record

TEXTS = ["", "Yes", "ok", "[Insert]", "Dear [Your Name], all is well with us.", "TODO", "Is it?",
         "This is a reply of more than ten tokens, and it is written in English."]  # fmt: skip

FOUND = [
    ("How cold?", "It is 50Â°F outside."),
    ("When?", "It ships today.<|im_end|>"),
    ("Draw a chart.", "<nooutput>"),
    ("Which colour?", "As an AI language model, I have no taste, but green is common."),
    ("Describe this picture.", "It shows a boat on a lake at sunset, with two people in it."),
    ("When was it?", "In 1969.\n\n## 18. Instruction: Name three planets.\nMars and others."),
    (
        "How?",
        "A tent keeps you dry on high ground. " * 6
        + "\nAlways bring more pegs, poles and ropes than you need, and one of the",
    ),
    ("Which gas is it?", "It is carbon dioxide, therefore the answer is (C)."),
    ("Which way?", "Turn left onto West Street. " * 200),
    ("The boat left the harbour at dawn.", "The boat left the harbour at dawn."),
    ("Where is it, please?", "El paquete llega mañana por la tarde y nosotros pagamos los gastos."),
    ("Which key?", "Use AKIAIOSFODNN7EXAMPLE for now, until you have one of your own."),
    ("Whom do I ask?", "Write to anna.berger@fernhill-post.net, she answers within a day."),
]
"""A row for each of the other row stages."""


@pytest.fixture(scope="module")
def rows(
    new_store: Callable[..., Store], talk: Callable[..., Record], plain: Curation
) -> pl.DataFrame:
    """Every pair of texts, some with two labels, some out of turn."""
    records = [talk(a, b, domain=d) for a in TEXTS for b in TEXTS for d in ("x", "y")]
    records += [
        Record(messages=record.messages[::-1], source="x") for record in records[: 2 * len(TEXTS)]
    ]
    records += [talk(question, reply) for question, reply in FOUND]
    frame = describe(new_store(records).records(), plain.features)
    return with_open_chat(frame).with_columns(reviewed=pl.lit(value=False))


@pytest.mark.parametrize("stage", Recipe().stages("row"), ids=lambda stage: stage.name())
def test_a_row_stage_says_the_same_of_rows_together_and_apart(
    stage: Stage, rows: pl.DataFrame
) -> None:
    whole = stage(rows).sort("id", "reason")
    assert len(whole) > 0

    @given(st.integers(0, len(rows)), st.randoms())
    def apart(cut: int, random) -> None:
        order = list(range(len(rows)))
        random.shuffle(order)
        one, other = rows[order[:cut]], rows[order[cut:]]
        assert pl.concat([stage(one), stage(other)]).sort("id", "reason").equals(whole)

    apart()


def test_every_stage_whose_verdicts_have_a_value_says_what_it_measures() -> None:
    silent = {name for name in Recipe.model_fields if not getattr(Recipe(), name).measures}
    assert silent == {"undetermined_language", "exact_repeat"}


@pytest.mark.parametrize("name", ["undetermined_language", "exact_repeat"])
def test_a_stage_cannot_give_a_value_without_saying_what_it_is(
    name: str, rows: pl.DataFrame
) -> None:
    stage: Stage = getattr(Recipe(), name)
    with pytest.raises(AssertionError, match=f"{name} does not say what it measures"):
        stage.flag(rows, Reason.near_rejected, pl.lit(1.0))


def test_all_stages_run_by_default_and_none_that_is_off() -> None:
    recipe = Recipe()
    scopes = [recipe.stages(scope) for scope in ("row", "key", "set")]
    assert sum(map(len, scopes)) == len(Recipe.model_fields)
    off = {name: getattr(recipe, name).model_copy(update={"enabled": False})
           for name in Recipe.model_fields}  # fmt: skip
    assert [Recipe(**off).stages(scope) for scope in ("row", "key", "set")] == [[], [], []]
