"""`docs/architecture.md` names what is there, and draws each room above those that it imports."""

import ast
import re
from pathlib import Path

import pytest

from scripts.rooms import HOME, arrows_of

PAGE = (HOME / "docs" / "architecture.md").read_text("utf-8")

NAMED = sorted(set(re.findall(r"`((?:[a-z_0-9]+/)+[a-z_0-9]+\.py)(?::([A-Za-z_.]+))?`", PAGE)))
FOLDERS = sorted(set(re.findall(r"`((?:pipeline|prompts|review|train|curate)/[a-z_/]+/)`", PAGE)))


def names_in(path: Path) -> set[str]:
    """The classes, functions and methods of a file: `Store`, `Store.records`."""
    names = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            names.add(node.name)
        if isinstance(node, ast.ClassDef):
            methods = [inner for inner in node.body if isinstance(inner, ast.FunctionDef)]
            names |= {f"{node.name}.{method.name}" for method in methods}
    return names


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_every_function_on_the_page_is_there(file: str, name: str) -> None:
    assert (HOME / file).is_file()
    assert not name or name in names_in(HOME / file)


def test_every_folder_on_the_page_is_there() -> None:
    assert FOLDERS
    assert [folder for folder in FOLDERS if not (HOME / folder).is_dir()] == []


def floor_plan(package: str) -> dict[str, int]:
    """The rooms that the page shows of a package, with their floors."""
    plan = PAGE.partition("## The floor plan")[2].partition("\n## ")[0]
    [section] = re.findall(rf"^    {package} (.+?)(?:\n\n|\Z)", plan, re.MULTILINE | re.DOTALL)
    rooms = {room.partition("/")[2] for room in arrows_of(HOME, package)}
    shown = {}
    for line in section.splitlines():
        floor, *words = re.split(r"\s{2,}", line.strip())
        shown |= {word.rstrip("/"): int(floor) for word in words if word.rstrip("/") in rooms}
    return shown


@pytest.mark.parametrize("package", ["pipeline", "review", "train", "curate"])
def test_every_folder_is_on_the_floor_plan_and_above_all_that_it_imports(package: str) -> None:
    shown = floor_plan(package)
    assert {path.parent.name for path in (HOME / package).glob("*/*.py")} <= set(shown)
    arrows = {
        (room.partition("/")[2], target.partition("/")[2])
        for room, targets in arrows_of(HOME, package).items()
        for target in targets
    }
    both = [(room, target) for room, target in arrows if {room, target} <= set(shown)]
    assert both
    assert [arrow for arrow in both if shown[arrow[0]] <= shown[arrow[1]]] == []
