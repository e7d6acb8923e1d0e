"""What is no path and looks like an id is asked of the hub; the hub here is a stand-in."""

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pipeline.readers import Row, find_files, read_rows
from schemas.errors import UserError


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Any]:
    """Puts a stand-in in the place of `datasets`; what it was asked for."""
    questions: list[Any] = []

    def load_dataset(name: str, streaming: bool) -> dict[str, list[dict[str, Any]]]:
        questions.append((name, streaming))
        return {"train": [{"question": "a", "answer": "b\u2028"}], "test": [{"when": Path("x")}]}

    def dataset_info(name: str, timeout: float) -> None:
        if name != "jo/chats":
            raise ConnectionError(f"no data set {name}\non the hub")

    hub = SimpleNamespace(dataset_info=dataset_info)
    monkeypatch.setitem(sys.modules, "huggingface_hub", hub)
    monkeypatch.setitem(sys.modules, "datasets", SimpleNamespace(load_dataset=load_dataset))
    monkeypatch.chdir(tmp_path)
    return questions


def test_each_split_is_streamed_into_a_file_of_its_name(asked: list[Any]) -> None:
    train, test = find_files([Path("jo/chats")])
    assert asked == [("jo/chats", True)]
    assert [train.name, test.name] == ["jo--chats.train.jsonl", "jo--chats.test.jsonl"]
    assert list(read_rows(train)) == [Row(1, {"question": "a", "answer": "b\u2028"})]
    assert list(read_rows(test)) == [Row(1, {"when": "x"})]


def test_a_hub_that_does_not_give_it_is_one_sentence(asked: list[Any]) -> None:
    with pytest.raises(UserError, match=r"jo/none does not exist here, and the hub .*no data"):
        find_files([Path("jo/none")])


@pytest.mark.parametrize("path", ["data/chats.jsonl", "a/b/c", "chats", "/jo/chats"])
def test_what_is_no_id_is_not_asked_for(asked: list[Any], path: str) -> None:
    with pytest.raises(UserError, match="does not exist"):
        find_files([Path(path)])
    assert asked == []


def test_without_datasets_the_sentence_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "datasets", None)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match="jo/chats does not exist") as caught:
        find_files([Path("jo/chats")])
    assert "pip install" in caught.value.remedy
