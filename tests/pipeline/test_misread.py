"""UTF-8 that was read in a wrong coding is mended; what people write is not taken for it."""

import json
from pathlib import Path

import pytest

from pipeline.misread import MISREAD_AS, misread_as, unread
from pipeline.readers.containers import open_rows

SENTENCES = {
    "ru": "Ваш заказ уже отправлен, и завтра курьер привезёт его к вам домой.",
    "el": "Η παραγγελία σας έχει ήδη σταλεί και θα φτάσει αύριο στο σπίτι σας.",
    "ar": "تم إرسال طلبك بالفعل وسيصل غدا إلى منزلك في الصباح.",
    "tr": "Siparişiniz çoktan gönderildi, yarın öğleden önce evinize ulaşacak.",
    "fr": "Votre commande a déjà été expédiée, elle arrivera très tôt demain à l'hôtel.",
    "pl": "Państwa zamówienie zostało już wysłane, jutro dotrze późnym popołudniem.",
    "zh": "您的订单已经发货,明天早上就会送到您的家里,请您耐心等待。",
    "ja": "ご注文の品はすでに発送され、明日の朝にはご自宅に届きます。",
    "ko": "주문하신 상품은 이미 발송되었으며 내일 아침 댁에 도착합니다.",
    "hi": "आपका ऑर्डर भेज दिया गया है और कल सुबह आपके घर पहुँच जाएगा।",
}
SIGNS = "Straße 5 – “cheap” at 20 °C… ½ cup for £3 & €4 → naïve café №7 ✓ 😀"


def misread(text: str, coding: str) -> str | None:
    """A text in UTF-8, read in a coding; None where it has no such bytes."""
    import ftfy.bad_codecs  # noqa: F401 - registers the codings

    try:
        return text.encode().decode(coding)
    except UnicodeDecodeError:
        return None


@pytest.mark.parametrize("language", SENTENCES)
@pytest.mark.parametrize("coding", MISREAD_AS)
def test_a_misread_sentence_is_mended_and_a_right_one_stays(language: str, coding: str) -> None:
    text = SENTENCES[language]
    assert misread_as(text) is None
    damaged = misread(text, coding)
    if damaged is not None and damaged != text:
        found = misread_as(damaged)
        assert found is not None
        assert unread(damaged, found) == text


@pytest.mark.parametrize("text", [SIGNS, "谢谢", "没什么.", "NÃO", "±5 µm", "Ünlü Ürün"])
def test_signs_and_short_words_are_no_damage(text: str) -> None:
    assert misread_as(text) is None


@pytest.mark.parametrize("coding", ["sloppy-windows-1252", "sloppy-windows-1251", "cp437"])
@pytest.mark.parametrize("layout", ["lines", "array"])
def test_a_file_that_was_misread_is_read_right_and_said_to_be(
    tmp_path: Path, coding: str, layout: str
) -> None:
    rows = [
        {"instruction": f"{text} {number}", "output": text}
        for number, text in enumerate(SENTENCES.values())
    ]
    rows.append({"instruction": "Plain", "output": "ASCII"})
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    text = "\n".join(lines) if layout == "lines" else f"[{', '.join(lines)}]"
    path = tmp_path / "damaged.json"
    damaged = misread(text, coding)
    assert damaged is not None
    path.write_text(damaged, encoding="utf-8")
    container = open_rows(path)
    assert "misread as" in container.name
    assert [row.value for row in container.rows] == rows


def test_a_right_file_with_one_damaged_row_is_not_touched(tmp_path: Path) -> None:
    damaged = misread(SENTENCES["fr"], "latin-1")
    rows = [{"instruction": text, "output": text} for text in SENTENCES.values()]
    rows.append({"instruction": "What?", "output": damaged})
    path = tmp_path / "right.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    container = open_rows(path)
    assert "misread" not in container.name
    assert [row.value for row in container.rows] == rows
