"""WhatsApp's lines in the spellings of phones and languages."""

import gzip
from pathlib import Path

import pytest

from pipeline.readers import open_rows, read_rows
from pipeline.readers.chats.whatsapp_lines import is_chat_text

HEADS = {
    "iPhone, de": "[03.05.24, 10:12:33] ",
    "Android, de": "03.05.24, 10:12 - ",
    "iPhone, en-US": "[5/3/24, 10:12:33\u202fAM] ",
    "Android, en-US": "5/3/24, 10:12\u202fAM - ",
    "Android, en-US, older": "5/3/24, 10:12 AM - ",
    "iPhone, en-GB": "[03/05/2024, 10:12:33] ",
    "Android, en-GB": "03/05/2024, 10:12 - ",
    "Android, en-IN": "03/05/24, 10:12 am - ",
    "iPhone, fr": "[03/05/2024 10:12:33] ",
    "iPhone, fr, newer": "[03/05/2024 à 10:12:33] ",
    "Android, fr": "03/05/2024 à 10:12 - ",
    "iPhone, fr-CA": "[2024-05-03 10 h 12 min 33 s] ",
    "Android, fr-CA": "2024-05-03 10 h 12 - ",
    "iPhone, es": "[3/5/24, 10:12:33] ",
    "iPhone, es-MX": "[03/05/24, 10:12:33 a.m.] ",
    "Android, es-CO": "3/5/2024, 10:12 a.\u00a0m. - ",
    "Android, es": "3/5/24 10:12 - ",
    "iPhone, it": "[03/05/24, 10:12:33] ",
    "Android, it": "03/05/24, 10:12 - ",
    "iPhone, pt-BR": "[03/05/2024, 10:12:33] ",
    "Android, pt-BR": "03/05/2024 10:12 - ",
    "iPhone, nl": "[03-05-2024 10:12:33] ",
    "Android, nl": "03-05-2024 10:12 - ",
    "iPhone, ru": "[03.05.2024, 10:12:33] ",
    "Android, ru": "03.05.2024, 10:12 - ",
    "iPhone, tr": "[3.05.2024 10:12:33] ",
    "Android, tr": "3.05.2024 ÖÖ 10:12 - ",
    "iPhone, hi": "[03/05/24, 10:12:33 पूर्वाह्न] ",
    "Android, hi": "03/05/24, 10:12 पूर्वाह्न - ",
    "iPhone, ja": "[2024/05/03 10:12:33] ",
    "iPhone, ja, 12 hours": "[2024/05/03 午前10:12:33] ",
    "Android, ja": "2024/05/03, 10:12 - ",
    "iPhone, zh": "[2024/5/3 上午10:12:33] ",
    "Android, zh": "2024/5/3 上午10:12 - ",
    "Android, zh, in words": "2024年5月3日 上午10:12 - ",
    "iPhone, ko": "[2024. 5. 3. 오전 10:12:33] ",
    "Android, ko": "2024. 5. 3. 오전 10:12 - ",
    "iPhone, ar": "\u200f[٣\u200f/٥\u200f/٢٠٢٤، ١٠:١٢:٣٣ ص] ",
    "Android, ar": "\u200f٣\u200f/٥\u200f/٢٠٢٤، ١٠:١٢ ص - ",
    "iPhone, ar, Latin digits": "[3\u200f/5\u200f/2024, 10:12:33 ص] ",
    "Android, fa": "۱۴۰۳/۲/۱۴،\u200f ۱۰:۱۲ - ",
    "iPhone, he": "[3.5.2024, 10:12:33] ",
    "iPhone, fi": "[3.5.2024 klo 10.12.33] ",
    "Android, fi": "3.5.2024 klo 10.12 - ",
    "Android, da": "03.05.2024 10.12 - ",
    "iPhone, sv": "[2024-05-03, 10:12:33] ",
    "Android, bg": "03.05.24 г., 10:12 - ",
    "Android, hu": "2024. 05. 03. 10:12 - ",
    "Android, vi": "10:12, 03/05/2024 - ",
    "Android, vi, in words": "lúc 10:12, 03/05/2024 - ",
    "copied from the web": "[10:12, 3/5/2024] ",
    "Android, th": "3/5/2567 10:12 - ",
    "iPhone, 2016": "2016-06-27, 8:04:08 AM: ",
    "iPhone, 2013": "09/05/2013 17:03:48: ",
    "iPhone, 2018": "02-12-18 22:55:45 ",
}


@pytest.mark.parametrize("marks", ["", "\u200e"], ids=["plain", "marked"])
@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_a_message_of_any_phone_and_language_has_its_name_its_text_and_its_lines(
    tmp_path: Path, head: str, marks: str
) -> None:
    file = tmp_path / "file"
    said = [("Mara Vogt", "Where is it: here?"), ("Tönkrug", "At 10:12 - there.")]
    lines = [f"{marks}{head}{name}: {text}\nand on" for name, text in said * 2]
    file.write_text("\n".join(lines) + "\n", "utf-8")
    container = open_rows(file)
    assert container.name == "WhatsApp chat"
    [row] = container.rows
    assert [(m["line"], m["from"], m["text"]) for m in row.value["messages"]] == [
        (2 * place + 1, name, f"{text}\nand on") for place, (name, text) in enumerate(said * 2)
    ]
    assert all(message["time"] is not None for message in row.value["messages"])


NOT_CHATS = {
    "a table": "date,name,text\n2024-05-03 10:12,Mara,Hello: there\n",
    "a table with times in front": "2024-05-03 10:12:33,Mara,Hi: you\n2024-05-03 10:13:00,Jo,ok\n",
    "JSON Lines of lists": "[1, 2, 3]\n[2024, 5, 3]\n",
    "JSON Lines": '{"question": "[03.05.24, 10:12:33] Mara: Hi", "answer": "Hello"}\n' * 3,
    "a list with numbers": "1. One: this\n2. Two: that\n",
    "the log of a program": "2024-05-03 10:12:33 INFO: begun\n2024-05-03 10:12:34 ERROR: ended\n",
    "nothing": "",
}


@pytest.mark.parametrize("text", NOT_CHATS.values(), ids=NOT_CHATS)
def test_other_texts_are_no_chats(text: str) -> None:
    assert not is_chat_text(text.encode())


def test_a_chat_that_is_pasted_into_a_message_is_part_of_it(tmp_path: Path) -> None:
    file = tmp_path / "file"
    lines = [f"[03.05.24, 10:1{n}:33] Mara: {n}" for n in range(9)]
    pasted = "[09:00, 1/5/2024] Jo: Hello\n02.05.24, 11:00 - Jo: Bye"
    file.write_text("\n".join([*lines, pasted]), "utf-8")
    [row] = read_rows(file)
    assert row.value["messages"][-1]["text"] == f"8\n{pasted}"


def test_a_line_without_a_name_is_the_apps(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("03.05.24, 10:12 - Mara left\n03.05.24, 10:13 - Jo: Why?\n", "utf-8")
    [row] = read_rows(file)
    assert ["from" in message for message in row.value["messages"]] == [False, True]


def test_a_packed_chat_that_breaks_off_is_read_up_to_there(tmp_path: Path) -> None:
    file = tmp_path / "file"
    lines = "".join(f"03.05.24, 10:12 - Mara: {n * n}\n" for n in range(20_000))
    file.write_bytes(gzip.compress(lines.encode())[:-5000])
    row, broken = read_rows(file)
    assert len(row.value["messages"]) > 1000
    assert "breaks off" in broken.why
