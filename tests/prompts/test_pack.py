from pathlib import Path

import pytest

from prompts.pack import Pack, language_name, load_pack
from schemas.errors import UserError

SMALL = """
title = "small"
languages = ["en"]
[topics]
a = { x = 1, y = 2 }
[axes]
persona = ["p"]
turns = { 1 = 1 }
mood = ["calm", "cross"]
"""


def workspace(folder: Path, text: str) -> Path:
    (folder / "packs").mkdir(exist_ok=True)
    (folder / "packs" / "support.toml").write_text(text)
    return folder


def test_the_support_pack_is_rich(tmp_path: Path) -> None:
    pack = load_pack("support", tmp_path)
    assert len(pack.topics) >= 40
    assert len(pack.axes["persona"]) >= 20
    assert len(pack.system) >= 5


def test_a_pack_in_the_workspace_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    pack = load_pack("support", workspace(tmp_path, SMALL))
    assert pack.title == "small"
    assert pack.topics == {("a", "x"): 1, ("a", "y"): 2}


def test_an_unknown_pack_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="suport") as caught:
        load_pack("suport", tmp_path)
    assert "support" in caught.value.remedy


def test_a_name_with_a_path_in_it_is_no_pack(tmp_path: Path) -> None:
    (tmp_path / "secret.toml").write_text(SMALL)
    with pytest.raises(UserError, match="no pack"):
        load_pack("../secret", tmp_path)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (SMALL.replace("x = 1", "x = 0"), "greater than or equal to 1"),
        (SMALL.replace('persona = ["p"]', ""), "axes has no persona"),
        (SMALL.replace("{ 1 = 1 }", '["many"]'), "numbers of exchanges"),
        (SMALL + '[[forbid]]\nmood = "glad"\n', "which no axis has"),
        (SMALL + '[[forbid]]\npersona = "p"\n', "leaves nothing to draw"),
        (SMALL + '[[forbid]]\nmood = "calm"\n[[forbid]]\nmood = "cross"\n', "leaves nothing"),
        (SMALL.replace("title", "titel"), "title"),
        ("not toml", "Expected"),
        (SMALL.replace("[topics]\na = { x = 1, y = 2 }", "topics = 3"), "not a valid pack"),
    ],
)
def test_a_wrong_pack_is_one_sentence_with_the_file(tmp_path: Path, wrong: str, says: str) -> None:
    with pytest.raises(UserError, match=says) as caught:
        load_pack("support", workspace(tmp_path, wrong))
    assert "support.toml" in caught.value.message
    assert "\n" not in caught.value.message


def test_forbidden_values_are_recognised_together_only() -> None:
    pack = Pack(
        title="t",
        languages=("en",),
        topics={"x": 1},
        axes={"persona": ["p"], "turns": [1], "a": ["1", "2"], "b": ["1", "2"]},
        forbid=({"a": "1", "b": "2"},),
    )
    assert pack.forbids({"a": "1", "b": "2", "persona": "p"})
    assert not pack.forbids({"a": "1", "b": "1"})


def test_a_language_without_a_name_is_called_by_its_code() -> None:
    assert language_name("de") == "German"
    assert language_name("qq").endswith("qq")
