"""Every error says what is wrong, how to mend it, and which exit code it is."""

import pytest

from schemas.errors import CurateError, Finding, MissingExtra, UserError, first_line


def test_a_mistake_is_2_and_a_finding_is_1() -> None:
    assert UserError("x").exit_code == CurateError("x").exit_code == 2
    assert Finding("x").exit_code == 1


def test_a_missing_package_names_the_extra_that_brings_it() -> None:
    error = MissingExtra("faiss-cpu", "embed")
    assert "faiss-cpu" in error.message
    assert error.remedy == 'pip install "curate-chat[embed]"'
    assert isinstance(error, UserError)


@pytest.mark.parametrize(
    ("error", "said"),
    [(ValueError("  one\ntwo"), "one"), (ValueError(), "ValueError"), (OSError(" \n"), "OSError")],
)
def test_the_first_line_of_any_error_says_something(error: Exception, said: str) -> None:
    assert first_line(error) == said
