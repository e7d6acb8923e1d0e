"""The rooms of each package import each other one way, and `scripts.rooms` sees it if not."""

from pathlib import Path

import pytest

from scripts.rooms import HOME, PACKAGES, arrows_of, circle, main, upward


@pytest.mark.parametrize("package", PACKAGES)
def test_no_rooms_import_each_other_in_a_circle(package: str) -> None:
    arrows = arrows_of(HOME, package)
    assert circle(arrows) == []
    assert upward(arrows) == []


def test_rooms_are_seen_as_they_are() -> None:
    pipeline = arrows_of(HOME, "pipeline")
    assert "pipeline/readers" in pipeline["pipeline/ingest"]
    assert "pipeline/features" in pipeline["pipeline/filters"]
    assert pipeline["pipeline/files"] == {}


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A tree with one package of two rooms and a file; `kitchen` uses both others."""
    files = {
        "pipeline/__init__.py": "",
        "pipeline/tap.py": "WATER = 1",
        "pipeline/kitchen/__init__.py": "",
        "pipeline/kitchen/deep/cook.py": "from pipeline.cellar import wine\nimport pipeline.tap",
        "pipeline/cellar/__init__.py": "",
        "pipeline/cellar/wine.py": "from pipeline.tap import WATER",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_a_file_belongs_to_the_folder_below_its_package(house: Path) -> None:
    cook = ["pipeline/kitchen/deep/cook.py"]
    assert arrows_of(house, "pipeline") == {
        "pipeline/__init__": {},
        "pipeline/tap": {},
        "pipeline/kitchen": {"pipeline/cellar": cook, "pipeline/tap": cook},
        "pipeline/cellar": {"pipeline/tap": ["pipeline/cellar/wine.py"]},
    }


def test_a_circle_is_an_error_and_its_arrow_is_named(
    house: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--root", str(house)]) == 0
    assert "pipeline: 4 rooms on 3 floors, 3 arrows, 0 back up" in capsys.readouterr().out
    wine = house / "pipeline" / "cellar" / "wine.py"
    wine.write_text("def pour():\n    from pipeline.kitchen.deep import cook")
    assert main(["--root", str(house)]) == 1
    printed = capsys.readouterr().out
    assert "back up: pipeline/cellar -> pipeline/kitchen (pipeline/cellar/wine.py)" in printed
    assert "circle: " in printed


def test_what_is_named_only_for_types_is_no_arrow(house: Path) -> None:
    wine = house / "pipeline" / "cellar" / "wine.py"
    wine.write_text(
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import pipeline.kitchen.deep.cook"
    )
    assert arrows_of(house, "pipeline")["pipeline/cellar"] == {}
