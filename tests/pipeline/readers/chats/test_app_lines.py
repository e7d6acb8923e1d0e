"""What WhatsApp writes itself is told from what people write."""

import pytest

from pipeline.readers.chats.app_lines import REMARK, own_text
from pipeline.readers.chats.chat import DELETED, MEDIA, SERVICE

MARKED = [
    "\u200eimage omitted", "\u200eBild weggelassen", "\u200eimage absente", "\u200eimagen omitida",
    "\u200eimmagine omessa", "\u200eimagem ocultada", "\u200eafbeelding weggelaten",
    "\u200eизображение отсутствует", "\u200egörüntü dahil edilmedi", "\u200eछवि छोड़ी गई",
    "\u200e画像が省略されました", "\u200e图像已忽略", "\u200eتم استبعاد الصورة",
    "\u200ekuva jätettiin pois",
    "\u200e<attached: 00000012-PHOTO-2024-05-03-10-12-33.jpg>",
    "\u200e<angehängt: 00000012-PHOTO-2024-05-03-10-12-33.jpg>",
    "price list.pdf • \u200e12 pages \u200edocument omitted",
    "Preise.pdf • \u200e12 Seiten \u200eDokument weggelassen",
    "<Media omitted>", "<Medien ausgeschlossen>", "<Médias omis>", "<Multimedia omitido>",
    "<Media omessi>", "<Mídia oculta>", "<Media weggelaten>", "<Без медиафайлов>",
    "<Medya dahil edilmedi>", "<मीडिया के बिना>", "<メディアなし>", "<省略多媒体文件>",
    "<تم استبعاد الوسائط>", "<Mediatiedosto jätettiin pois>",
    "IMG-20240503-WA0001.jpg (file attached)", "\u200eIMG-20240503-WA0001.jpg (Datei angehängt)",
    "PTT-20240503-WA0001.opus (archivo adjunto)", "STK-20240503-WA0001.webp (ファイル添付)",
    "null", "", "\u200e", "image omitted", "GIF weggelassen",
]  # fmt: skip


@pytest.mark.parametrize("line", MARKED)
def test_what_stands_for_a_picture_says_nothing_in_words(line: str) -> None:
    assert own_text(line, is_first=False) == ("", MEDIA)


@pytest.mark.parametrize(
    "line",
    [
        "This message was deleted", "\u200eThis message was deleted.", "You deleted this message",
        "Diese Nachricht wurde gelöscht.", "Ce message a été supprimé", "Se eliminó este mensaje.",
        "Questo messaggio è stato eliminato", "Mensagem apagada", "Dit bericht is verwijderd",
        "Данное сообщение удалено", "Bu mesaj silindi", "यह मैसेज मिटाया गया",
        "このメッセージは削除されました", "此消息已删除", "تم حذف هذه الرسالة",
    ],
)  # fmt: skip
def test_a_deleted_message_is_known(line: str) -> None:
    assert own_text(line, is_first=False) == ("", DELETED)


@pytest.mark.parametrize(
    "line",
    [
        "\u200eMessages and calls are end-to-end encrypted. Only you two can read them.",
        "\u200eMara changed the subject to “Teapots: new”",
        "\u200eNachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt.",
        "\u200ePOLL:\nWhich glaze?\n\u200eOPTION: blue (1 vote)\n\u200eOPTION: green (0 votes)",
        "\u200eحدث تغيير في رمز الأمان الخاص بك مع مارا",
    ],
)
def test_an_event_is_known_by_its_mark(line: str) -> None:
    assert own_text(line, is_first=False)[0] == ""


def test_the_notice_on_encryption_is_known_without_its_mark_where_a_chat_begins() -> None:
    notice = "Los mensajes y las llamadas están cifrados de extremo a extremo."
    assert own_text(notice, is_first=True) == ("", SERVICE)
    assert own_text(notice, is_first=False) == (notice, "")


@pytest.mark.parametrize(
    "text",
    [
        "I omitted it", "je l'ai omis",
        "We left the image out because it was omitted", "<3", "<br>", "a < b > c",
        "<T> is a type", "See plan.pdf (page three) for that", "ok", "null and void", "v1.2",
        "https://shop.example/a?b=<c d>", "مرحبا", "العربية: نعم", "👍", "-", "Mara: hi", "x <T>",
        "Use List <my type>", "This message was deleted by whom?",
    ],
)  # fmt: skip
def test_what_people_write_is_kept_whole(text: str) -> None:
    assert own_text(text, is_first=False) == (text, "")


def test_marks_around_a_mention_and_the_remark_on_an_edit_are_no_part_of_a_text() -> None:
    mention = "Ask @\u2068Mara Vogt\u2069, please \u200e<This message was edited>"
    assert own_text(mention, is_first=False) == ("Ask @Mara Vogt, please", REMARK)
    edited = "Bis morgen\num acht <Diese Nachricht wurde bearbeitet.>"
    assert own_text(edited, is_first=False) == ("Bis morgen\num acht", REMARK)


@pytest.mark.parametrize(
    ("said", "caption"),
    [
        ("IMG-1.jpg (file attached)\nHere it is\nin blue", "Here it is\nin blue"),
        ("<Medien ausgeschlossen>\nSo sieht sie aus", "So sieht sie aus"),
        ("<Medien ausgeschlossen>\n4Bit Adder.mod", ""),
        ("Here it is \u200eimage omitted", "Here it is"),
        ("Here it is \u200e<attached: 00000012-PHOTO.jpg>", "Here it is"),
    ],
)
def test_the_words_below_a_picture_are_kept_and_a_file_name_is_not(said, caption) -> None:
    assert own_text(said, is_first=False) == (caption, MEDIA)
