"""A name that nobody has is a mistake of the user, before anything is written."""

import json
from pathlib import Path

import pytest

from pipeline.readers.chats.names import check_names
from schemas.errors import UserError

LINES = "03.05.24, 10:12 - Vogt, Mara: Hot?\n03.05.24, 10:13 - Ton: Yes.\n"


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    chat, rows, broken = (tmp_path / name for name in ("chat", "rows", "broken"))
    chat.write_text(LINES, "utf-8")
    rows.write_text(json.dumps({"question": "Hot?", "answer": "Yes."}) + "\n", "utf-8")
    broken.write_bytes(b"\x89PNG")
    return [rows, broken, chat]


@pytest.mark.parametrize("name", ["ton", " TON", "Vogt, Mara", "ton,ton"])
def test_a_name_that_somebody_has_is_right(files: list[Path], name: str) -> None:
    check_names(files, [name])


@pytest.mark.parametrize("name", ["Jo", "ton,Jo", "", "Mara,Ton"])
def test_a_name_that_nobody_has_is_refused_and_the_speakers_are_listed(
    files: list[Path], name: str
) -> None:
    with pytest.raises(UserError, match="nobody in these chats is called") as error:
        check_names(files, ["ton", name])
    assert "Vogt, Mara (1 message) and Ton (1 message)" in str(error.value.remedy)


def test_a_name_without_any_chat_is_refused(files: list[Path]) -> None:
    with pytest.raises(UserError, match="no file here is one"):
        check_names(files[:2], ["ton"])
