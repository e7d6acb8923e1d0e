"""The `[review]` table refuses what could not work."""

import pytest
from pydantic import ValidationError

from review.settings import ReviewSettings


def test_a_fifth_is_reviewed_unless_said_otherwise() -> None:
    assert ReviewSettings().share == 0.2


@pytest.mark.parametrize(
    "wrong",
    [
        {"share": 0},
        {"share": 1.1},
        {"reviewers": ()},
        {"reviewers": ("ada", "ada")},
        {"reviewers": ("owner",)},
        {"reviewers": ("ada lovelace",)},
        {"workspace": ""},
        {"shares": 0.2},
    ],
)
def test_what_could_not_work_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ReviewSettings.model_validate(wrong)
