"""What WhatsApp writes itself among the messages of people, and where it is known by.

Three signs tell in every language: the mark U+200E that iPhones put before such a text, angle
brackets around all of it (`<Media omitted>`), and a file name with a remark (`IMG-1.jpg (file
attached)`). Words are only asked where the marks were lost on the way, as in a text that was
copied, and for deleted messages, which Android does not mark.
"""

import re

from pipeline.readers.chats.chat import DELETED, MEDIA, SERVICE

MARK = "\u200e"

MARKS_IN_TEXT = re.compile("[\u200e\u2068\u2069\u202a-\u202c\ufeff]")
"""Marks of the app in what people write, such as those around the name in `@Mara`."""

_FILE = r"[^<>:\n]*?\S\.[A-Za-z0-9]{2,5}"
IN_BRACKETS = re.compile(r"<(?=[^<>]*(?:\s|[^\x00-\x7f]))[^<>/=\n]{3,80}>")
"""A remark of at least two words, or not in English letters; `<br>` is neither."""
ATTACHED = re.compile(rf"{_FILE} \([^()\n]{{3,40}}\)|<[^<>:\n]{{3,30}}: ?{_FILE}>")
FILE_NAME = re.compile(rf"{_FILE}(?: •.*)?")
EDITED = re.compile(rf"(?:\s*{MARK}<[^<>/=\n]{{3,80}}>|\s+<[^\W<>/=]+(?: [^\s<>/=]+){{2,9}}>)\s*\Z")
"""With the mark, or of three words at least."""

REMARK = "remark that a message was edited"
"""The kind of cut for it."""

OMITTED_WORDS = (
    "omitted", "weggelassen", "ausgelassen", "absente", "omis", "omise", "retiré", "manquant",
    "manquante", "omitida", "omitido", "oculta", "ocultada", "ocultado", "omessa", "omesso",
    "non incluso", "esclusa", "weggelaten", "отсутствует", "dahil edilmedi", "pominięto",
    "utelämnad", "छोड़ा गया", "छोड़ी गई", "हटा दी गई", "省略", "已忽略", "已省略", "略過", "생략됨",
    "مستبعد", "مستبعدة", "tidak disertakan",
)  # fmt: skip
"""Last words of what stands for a picture: `image omitted`."""

OMITTED_THINGS = frozenset(
    (
        "image", "video", "audio", "sticker", "gif", "document", "contact card", "media", "bild",
        "dokument", "kontaktkarte", "vidéo", "fiche contact", "imagen", "documento",
        "tarjeta de contacto", "immagine", "imagem", "vídeo", "áudio", "figurinha", "afbeelding",
        "изображение", "видео", "аудиофайл", "документ", "görüntü", "ses", "çıkartma", "belge",
    )
)  # fmt: skip
"""First words, asked where the mark is lost; other messages may end in those words, too."""

DELETED_TEXTS = frozenset(
    text.casefold()
    for text in (
        "This message was deleted", "You deleted this message",
        "Diese Nachricht wurde gelöscht", "Du hast diese Nachricht gelöscht",
        "Ce message a été supprimé", "Vous avez supprimé ce message",
        "Se eliminó este mensaje", "Eliminaste este mensaje", "Este mensaje fue eliminado",
        "Questo messaggio è stato eliminato", "Hai eliminato questo messaggio",
        "Mensagem apagada", "Esta mensagem foi apagada", "Essa mensagem foi apagada",
        "Você apagou esta mensagem", "Esta mensagem foi eliminada",
        "Dit bericht is verwijderd", "Dit bericht werd verwijderd",
        "U hebt dit bericht verwijderd", "Je hebt dit bericht verwijderd",
        "Данное сообщение удалено", "Вы удалили данное сообщение", "Это сообщение было удалено",
        "Bu mesaj silindi", "Bu mesajı sildiniz", "Ta wiadomość została usunięta",
        "यह मैसेज मिटाया गया", "आपने यह मैसेज मिटाया", "यह संदेश हटा दिया गया",
        "このメッセージは削除されました", "メッセージを削除しました",
        "このメッセージを削除しました",
        "此消息已删除", "你删除了此消息", "您已删除这条消息", "此訊息已刪除", "您已刪除此訊息",
        "你已刪除此訊息", "삭제된 메시지입니다", "تم حذف هذه الرسالة", "لقد حذفت هذه الرسالة",
        "حذفت هذه الرسالة", "Pesan ini telah dihapus", "Anda menghapus pesan ini",
    )
)  # fmt: skip
"""How a deleted message reads, without its full stop."""

LONG = 60
"""Characters of a line that is too long to stand for a picture or a deleted message, unless it has
a mark, or ends as a file name in brackets does."""

ENCRYPTED_WORDS = (
    "end-to-end", "ende-zu-ende", "bout en bout", "extremo a extremo", "ponta a ponta",
    "eind-tot-eind", "end-to-end-", "сквозн", "uçtan uca", "एंड-टू-एंड", "एन्ड-टू-एन्ड",
    "エンドツーエンド", "端到端", "端對端", "종단간", "بين الطرفين", "full end",
)  # fmt: skip
"""Words of the notice with which a chat begins."""


def own_text(said: str, is_first: bool) -> tuple[str, str]:
    """What its writer says in a message, "" for nothing; and the kind of what is left out, or "".

    Args:
        said: What stands behind the name, marks included.
        is_first: Whether it is among the first messages, where the notice on encryption stands.
    """
    first, _, rest = said.lstrip(" \n").partition("\n")
    first = first.rstrip()
    kind = _kind(first, is_first)
    if kind is None:
        text = _without_end(said)
        return _cleaned(text), REMARK if text != said else ""
    lines = rest.split("\n")
    if kind != MEDIA or any(line.lstrip().startswith(MARK) for line in lines):
        return "", kind  # A poll has its question between lines of the app.
    caption = _cleaned(_without_end(rest))
    if MARK in first and not first.startswith(MARK):
        before = first.partition(MARK)[0].strip()
        caption = "\n".join(filter(None, ("" if FILE_NAME.fullmatch(before) else before, caption)))
    return ("" if FILE_NAME.fullmatch(caption) else caption), kind


def _kind(line: str, is_first: bool) -> str | None:
    """Of what kind the first line of a message is; None: somebody says it."""
    if len(line) >= LONG and not is_first and MARK not in line and line[-1] not in ").>":
        return None
    plain = MARKS_IN_TEXT.sub("", line).strip()
    sentence = plain.rstrip(".。! ").casefold()
    if sentence in DELETED_TEXTS:
        return DELETED
    if not plain or plain == "null" or IN_BRACKETS.fullmatch(plain) or ATTACHED.fullmatch(plain):
        return MEDIA
    if is_first and any(word in sentence for word in ENCRYPTED_WORDS):
        return SERVICE
    is_omitted = len(plain) < LONG and sentence.endswith(OMITTED_WORDS)
    if line.startswith(MARK):
        return MEDIA if is_omitted or len(plain.split()) < 4 else SERVICE
    _, mark, end = line.rpartition(MARK)
    if mark and (IN_BRACKETS.fullmatch(end) or ATTACHED.fullmatch(end)):
        return MEDIA if ATTACHED.fullmatch(end) else None
    if mark and end.casefold().rstrip(".").endswith(OMITTED_WORDS):
        return MEDIA
    return MEDIA if is_omitted and _thing(sentence) in OMITTED_THINGS else None


def _thing(sentence: str) -> str:
    """What is omitted, in a sentence that ends in one of `OMITTED_WORDS`."""
    end = next(end for end in OMITTED_WORDS if sentence.endswith(end))
    return sentence.removesuffix(end).strip()


def _without_end(text: str) -> str:
    """A text without the remark that it was edited, `‎<This message was edited>`."""
    edited = EDITED.search(text) if ">" in text else None
    return text[: edited.start()] if edited and edited.start() else text


def _cleaned(text: str) -> str:
    return MARKS_IN_TEXT.sub("", text).strip()
