"""Short is measured in tokens; it falls in open chat, and elsewhere it is shown."""

import pytest

from pipeline.curation.run_stages import Curation
from pipeline.filters.short_reply import ShortReply
from schemas.message import Function, Message, ToolCall
from schemas.record import Record

OPEN = "How do I return the tent that I bought?"
REMARK = "I bought a tent."
CHAT = ShortReply(chat="always")


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        (OPEN, "Send it back to us."),
        (REMARK, "ok"),
        ("Write a title for a story about tents.", "Under Canvas"),
        ("Translate 'tent' into German.", "Zelt"),
        ("Show all of it, please.", "SELECT * FROM tents;"),
        ("翻译：tent", "帐篷"),
    ],
)
def test_outside_of_open_chat_a_short_reply_is_flagged(says, talk, question, reply) -> None:
    assert says(ShortReply(), talk(question, reply)) == ["flag short_reply"]


@pytest.mark.parametrize(
    ("remark", "reply"),
    [
        (REMARK, "ok"),
        (REMARK, "Great!"),
        ("you are funny", "not always."),
        ("Ich habe ein Zelt gekauft.", "Schön."),
        ("Estoy cansado de todo.", "todo"),
        ("我很累。", "好的"),
        ("خسته‌ام", "باشه"),
    ],
)
def test_in_open_chat_a_short_reply_to_a_remark_falls(says, talk, remark, reply) -> None:
    assert says(CHAT, talk(remark, reply)) == ["drop short_reply"]


ASKED = {
    "en": ("who wrote Faust", "Goethe"),
    "de": ("Wann war das", "1969"),
    "es": ("cuál es la capital de Perú", "Lima"),
    "fr": ("combien y en a-t-il", "deux"),
    "it": ("qual è la capitale del Perù", "Lima"),
    "pt": ("quantos dias faltam", "dois"),
    "nl": ("wanneer was dat", "1969"),
    "sv": ("vem skrev Faust", "Goethe"),
    "pl": ("kto napisał Fausta", "Goethe"),
    "ru": ("кто написал Фауста", "Гёте"),
    "uk": ("коли це було", "1969"),
    "tr": ("bu kaç kişi", "iki"),
    "id": ("siapa yang menulis Faust", "Goethe"),
    "he": ("מתי זה היה", "1969"),
    "bn": ("এটা কখন ছিল", "1969"),
    "mr": ("हे कधी होते", "1969"),
    "ur": ("یہ کب تھا", "1969"),
    "zh": ("谁写了浮士德", "歌德"),
    "ja": ("ペルーの首都はどこですか", "リマ"),
    "ko": ("누구의 책입니까", "민수"),
    "hi": ("इसमें कितने तंबू हैं", "दो"),
    "fa": ("این کتاب برای چه کسی‌ست", "سارا"),
    "ar": ("ومتى وصل الطرد", "أمس"),
}


@pytest.mark.parametrize(("question", "reply"), ASKED.values(), ids=ASKED)
def test_in_open_chat_an_answer_is_flagged_even_without_a_question_mark(
    says, talk, question: str, reply: str
) -> None:
    assert says(CHAT, talk(question, reply)) == ["flag short_reply"]


@pytest.mark.parametrize(
    "question",
    [
        "Is it 5?",
        "一样？",
        "؟هل وصل",
        "Ask me.\n\nAnna is here.",
        f"{REMARK} {REMARK} {REMARK} " * 2,
    ],
    ids=["?", "？", "؟", "material", "long"],
)
def test_in_open_chat_what_is_no_remark_is_flagged(says, talk, question: str) -> None:
    assert says(CHAT, talk(question, "Yes")) == ["flag short_reply"]


@pytest.mark.parametrize(
    ("remark", "reply"),
    [
        ("do you like tents", "Very much."),
        ("Hast du ein Zelt", "Leider verloren."),
        ("tell me something", "Tents leak."),
        ("My tent leaks", "No, it cannot."),
        ("Das Zelt ist neu", "Ja."),
        ("帐篷漏水", "不会"),
        ("The year of the first tent", "Around 1855"),
    ],
    ids=["opening", "de opening", "tell", "no", "ja", "zh", "number"],
)
def test_in_open_chat_what_answers_something_is_flagged(says, talk, remark, reply) -> None:
    assert says(CHAT, talk(remark, reply)) == ["flag short_reply"]


def test_a_longer_talk_is_flagged(says, talk) -> None:
    assert says(CHAT, talk(REMARK, "Great!", "It leaks.", "Too bad.")) == ["flag short_reply"]


def test_the_file_decides_what_is_open_chat_and_the_setting_overrules_it(frame, talk) -> None:
    rows = [
        talk(f"Tent {number} leaks.", "Really?", source=f"talk.jsonl:{number}")
        for number in range(20)
    ]
    task = talk("Name a thing that leaks.", "A tent", source="tasks.jsonl:1")
    records = frame(*rows, task)
    counts = {
        chat: ShortReply(chat=chat)(records)["action"].to_list().count("drop")
        for chat in ("auto", "always", "never")
    }
    assert counts == {"auto": 20, "always": 21, "never": 0}


@pytest.mark.parametrize("domain", ["classification", "extraction"])
def test_a_domain_of_short_answers_is_exempt(says, talk, domain: str) -> None:
    assert says(CHAT, talk(REMARK, "tent", domain=domain)) == ["flag short_reply"]


def test_without_exemption_all_short_replies_fall(says, talk) -> None:
    strict = ShortReply(exempt="none")
    for record in (talk("Is it 5?", "Yes"), talk(REMARK, "tent", domain="extraction")):
        assert says(strict, record) == ["drop short_reply"]


@pytest.mark.parametrize(
    "reply",
    ["您的订单已经发货，预计明天送达。", "พัสดุของคุณจะมาถึงพรุ่งนี้", "ご注文は明日届く予定です。"],
)
def test_a_sentence_of_a_script_without_spaces_is_not_short(
    says, talk, plain: Curation, curation: Curation, reply: str
) -> None:
    record = talk(OPEN, reply)
    assert says(ShortReply(), record, curation=plain) == []
    assert says(ShortReply(), record, curation=curation) == []


def test_one_long_reply_is_enough(says, talk) -> None:
    long = "Wrap it well, print the label from your account, and bring it to any shop."
    assert says(ShortReply(), talk(OPEN, long, "Thanks!", "Any time.")) == []


def test_the_limit_is_a_setting_and_the_value_the_number_of_tokens(frame, talk) -> None:
    record = talk(OPEN, "one two three")
    assert len(ShortReply(min_tokens=3)(frame(record))) == 0
    assert ShortReply(min_tokens=4)(frame(record))["value"].to_list() == [3.0]


def test_a_call_alone_is_not_a_short_reply(says) -> None:
    call = ToolCall(function=Function(name="weather", arguments='{"city": "Rome", "day": 1}'))
    turns = (Message(role="user", content=OPEN), Message(role="assistant", tool_calls=(call,)))
    assert says(ShortReply(), Record(messages=turns, source="x")) == []


def test_ten_tokens_are_enough_by_default(says, talk) -> None:
    nine = "one two three four five six seven eight nine"
    assert says(ShortReply(), talk(OPEN, nine)) == ["flag short_reply"]
    assert says(ShortReply(), talk(OPEN, f"{nine} ten")) == []
