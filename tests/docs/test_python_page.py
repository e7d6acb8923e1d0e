"""`docs/python.md` names every door of the package, and nothing that is not there."""

import re
from pathlib import Path

import pytest

import curate

PAGE = (Path(curate.__file__).parents[1] / "docs" / "python.md").read_text("utf-8")


@pytest.mark.parametrize(("variable", "kind"), [("ws", "Workspace"), ("c", "CuratedSet")])
def test_every_method_is_on_the_page_and_every_one_on_the_page_is_there(
    variable: str, kind: str
) -> None:
    named = set(re.findall(rf"\b{variable}\.([a-z_]+)", PAGE))
    public = {name for name in vars(getattr(curate, kind)) if not name.startswith("_")}
    assert {name for name in named if not hasattr(getattr(curate, kind), name)} <= {"settings"}
    internal = {"at", "current"}  # behind `open` and `curated`
    assert public - internal - named == set()


def test_every_function_of_the_package_is_on_the_page() -> None:
    named = set(re.findall(r"\bcurate\.([a-z]+)\(", PAGE))
    functions = {name for name in curate.__all__ if name.islower()}
    assert named == functions
