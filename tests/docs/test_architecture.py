"""`docs/architecture.md` names only what is there, and gives the numbers of the house."""

import ast
import re
from pathlib import Path

import pytest

from scripts.rooms import HOME, PACKAGES, arrows_of, floors, upward

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


@pytest.mark.parametrize("package", ["pipeline", "review", "train", "curate"])
def test_the_numbers_on_the_page_are_those_of_the_house(package: str) -> None:
    arrows = arrows_of(HOME, package)
    count = sum(map(len, arrows.values()))
    high = max(floors(arrows).values()) + 1
    row = f"| {package} | {len(arrows)} | {count} | {high} | {len(upward(arrows))} | none |"
    assert row in PAGE


@pytest.mark.parametrize("package", ["pipeline", "review", "train", "curate"])
def test_every_room_with_a_folder_is_on_the_floor_plan(package: str) -> None:
    plan = PAGE.partition("## The floor plan")[2].partition("\n## ")[0]
    part = re.split(rf"^    (?:{'|'.join(PACKAGES)})\b", plan, flags=re.MULTILINE)
    section = dict(
        zip(re.findall(rf"^    ({'|'.join(PACKAGES)})\b", plan, re.M), part[1:], strict=True)
    )
    rooms = {path.parent.name for path in (HOME / package).glob("*/*.py")}
    assert {room for room in rooms if f"{room}/" not in section[package]} == set()
