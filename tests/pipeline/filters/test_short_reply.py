"""Short is measured in tokens, and short where that was asked for is right."""

import pytest

from pipeline.curation.run_stages import Curation
from pipeline.filters.short_reply import ShortReply
from schemas.message import Function, Message, ToolCall
from schemas.record import Record

OPEN = "How do I return the tent that I bought?"


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        (OPEN, "ok"),
        (OPEN, "dunno"),
        (OPEN, "You can't."),
        (OPEN, "Send it back to us."),
        ("What are you doing?", "nothing"),
        ("How are you?", "fine"),
        ("你好吗", "很好"),
        ("Estoy cansado de todo.", "todo"),
        ("Erzähl mir von deinem Tag.", "War gut."),
    ],
)
def test_a_short_reply_to_an_open_question_is_dropped(says, talk, question, reply) -> None:
    assert says(ShortReply(), talk(question, reply)) == ["drop short_reply"]


ASKED_FOR = {
    "closed": [("Is it 5?", "Yes"), ("I need it soon. Can you send it today?", "No, sorry.")],
    "said so": [
        ("Does it rain? Answer yes or no.", "It does."),
        ("In one word, how was it?", "Wet."),
        ("Reply only with the label.", "spam"),
        ("Answer with just the number.", "42"),
    ],
    "fact": [("Who wrote Faust?", "Goethe"), ("What is the capital of Peru?", "It is Lima.")],
    "number": [("How many sides has a cube?", "6"), ("Compute the sum of 2 and 3.", "5")],
    "label": [
        ("Classify the mood.\n\nI love it.", "Positive"),
        ("Identify the verb: I run.", "run"),
    ],
    "choice": [("Is a tomato a fruit or a vegetable", "A fruit.")],
    "title": [("Write a title for a story about tents.", "Under Canvas")],
    "translation": [("Translate 'tent' into German.", "Zelt")],
    "rewriting": [("Rewrite the sentence in the past tense: I go.", "I went.")],
    "extraction": [("Extract the name from: Anna is here.", "Anna")],
    "input": [("The colour of the sky.\n\nThe sky was grey.", "grey")],
    "code": [("Show all of it, please.", "SELECT * FROM tents;")],
    "de": [("Ist der Laden offen, ja oder nein?", "Ja."), ("Übersetze: tent", "Zelt")],
    "es": [("¿Llega hoy, sí o no?", "Sí."), ("¿Cuál es la capital de Perú?", "Lima.")],
    "fr": [("Qui a écrit Faust ?", "Goethe"), ("Traduis : tent", "tente")],
    "it": [("Qual è la capitale del Perù?", "Lima"), ("Traduci: tent", "tenda")],
    "pt": [("Qual é a capital do Peru?", "Lima"), ("Traduza: tent", "tenda")],
    "nl": [("Wanneer was dat?", "1969"), ("Vertaal: tent", "tent")],
    "zh": [
        ("这个产品有货吗？只回答是或否。", "是"),
        ("翻译：tent", "帐篷"),
        ("谁写了浮士德？", "歌德"),
    ],
    "ja": [("翻訳してください：tent", "テント"), ("ペルーの首都はどこですか", "リマ")],
    "ru": [("Переведи: tent", "палатка"), ("Кто написал Фауста?", "Гёте")],
}


@pytest.mark.parametrize(
    ("question", "reply"), [pair for pairs in ASKED_FOR.values() for pair in pairs]
)
def test_a_short_reply_that_was_asked_for_is_flagged(says, talk, question, reply) -> None:
    assert says(ShortReply(), talk(question, reply)) == ["flag short_reply"]


def test_a_closed_question_does_not_excuse_what_answers_nothing(says, talk) -> None:
    assert says(ShortReply(), talk("Is it 5?", "dunno")) == ["drop short_reply"]


@pytest.mark.parametrize("domain", ["classification", "extraction"])
def test_a_domain_of_short_answers_is_exempt(says, talk, domain: str) -> None:
    assert says(ShortReply(), talk(OPEN, "tent", domain=domain)) == ["flag short_reply"]


def test_without_exemption_all_short_replies_fall(says, talk) -> None:
    assert says(ShortReply(exempt="none"), talk("Is it 5?", "Yes")) == ["drop short_reply"]


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


@pytest.mark.parametrize(
    ("question", "reply"),
    [("누구의 책입니까", "민수"), ("इसमें कितने तंबू हैं", "दो"), ("ومتى وصل الطرد", "أمس"),
     ("این کتاب برای چه کسی‌ست", "سارا")],
    ids=["ko", "hi", "ar", "fa"],
)  # fmt: skip
def test_words_are_found_inside_of_others_where_no_space_parts_them(
    says, talk, question: str, reply: str
) -> None:
    assert says(ShortReply(), talk(question, reply)) == ["flag short_reply"]


def test_ten_tokens_are_enough_by_default(says, talk) -> None:
    nine = "one two three four five six seven eight nine"
    assert says(ShortReply(), talk(OPEN, nine)) == ["drop short_reply"]
    assert says(ShortReply(), talk(OPEN, f"{nine} ten")) == []
