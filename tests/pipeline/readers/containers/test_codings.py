"""Text in older codings is read where that is certain, and never guessed."""

from pathlib import Path

import pytest

from pipeline.ingest import RejectedRow, read_file
from schemas.record import Record

TEXTS = {
    "gb18030": ("我的茶壶什么时候能修好？我等了六天。", "很抱歉，星期五就可以来取了，一共八欧元。"),
    "big5": ("我的茶壺什麼時候能修好？我等了六天。", "很抱歉，星期五就可以來取了，一共八歐元。"),
    "shift_jis": ("急須の修理はいつ終わりますか？", "申し訳ありません。金曜日にお渡しできます。"),
    "euc_kr": ("찻주전자 수리는 언제 끝나나요?", "죄송합니다. 금요일에 찾아가실 수 있습니다."),
    "cp1251": ("Когда починят мой чайник? Жду уже неделю.", "Извините, он будет готов в пятницу."),
    "koi8_r": ("Когда починят мой чайник? Жду уже неделю.", "Извините, он будет готов в пятницу."),
}


@pytest.mark.parametrize(("coding", "texts"), TEXTS.items(), ids=TEXTS)
@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_a_file_in_an_older_coding_is_read(
    tmp_path: Path, coding: str, texts: tuple[str, str], kind: str
) -> None:
    question, answer = texts
    row = f"{question},{answer}" if "," not in question + answer else f'"{question}","{answer}"'
    lines = {
        "csv": ["question,answer", row, row],
        "jsonl": [f'{{"question": "{question}", "answer": "{answer}"}}'] * 2,
    }[kind]
    file = tmp_path / f"a.{kind}"
    file.write_bytes(("\n".join(lines) + "\n").encode(coding))
    records = list(read_file(file))
    assert len(records) == 2
    for record in records:
        assert isinstance(record, Record), record
        assert [message.text for message in record.messages] == [question, answer]


def test_a_bad_byte_among_good_ones_costs_its_row_alone(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    good = "Wann wird die Kanne fertig?,Am Freitag, spät.\n".replace(", spät", " spät").encode()
    file.write_bytes(b"question,answer\n" + good * 20 + b"Und die gr\xfcne?,Auch.\n" + good)
    rows = list(read_file(file))
    assert [type(row) for row in rows].count(RejectedRow) == 1
    assert isinstance(rows[20], RejectedRow)
    assert "not UTF-8" in rows[20].why


@pytest.mark.parametrize(
    ("coding", "text"),
    [
        ("cp1250", "Gdzie jest moja paczka? Nie rusza się od sześciu dni.,Już szukamy.\n"),
        ("cp1252", "Wann wird die Kanne für uns fertig?,Am Freitag für acht Euro.\n"),
    ],
)
def test_a_coding_that_is_not_certain_is_not_guessed(
    tmp_path: Path, coding: str, text: str
) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(f"question,answer\n{text}".encode(coding))
    [row] = read_file(file)
    assert isinstance(row, RejectedRow)
    assert "save the file as UTF-8" in row.why
