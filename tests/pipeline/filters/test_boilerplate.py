"""A model that says unasked that it is one is flagged, in the languages of the targets."""

import pytest

from pipeline.filters.boilerplate import Boilerplate

QUESTION = "Which colour suits a tent?"


@pytest.mark.parametrize(
    "reply",
    [
        "As an AI language model, I have no taste, but green is common.",
        "I'm an AI, so I cannot see it. Green is common.",
        "Als KI-Sprachmodell habe ich keinen Geschmack.",
        "Como modelo de lenguaje, no tengo gustos.",
        "En tant que modèle de langage, je n'ai pas de goûts.",
        "En tant qu’IA, je n'ai pas de goûts.",
        "Come modello linguistico non ho gusti.",
        "Como um modelo de linguagem, não tenho gostos.",
        "Als AI-taalmodel heb ik geen smaak.",
        "作为一个人工智能语言模型，我没有偏好。",
        "AI言語モデルとして、好みはありません。",
        "Как языковая модель, я не имею вкуса.",
        "Jako model językowy nie mam gustu.",
        "AI 언어 모델로서 취향이 없습니다.",
        "Bir yapay zeka dil modeli olarak zevkim yok.",
    ],
)
def test_boilerplate_is_flagged_in_every_language(says, talk, reply: str) -> None:
    assert says(Boilerplate(), talk(QUESTION, reply)) == ["flag boilerplate"]


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        ("Who are you?", "I am an AI assistant of Fernhill Outdoor."),
        ("What is an AI?", "As an AI is trained, it finds patterns."),
        ("你是谁？", "我是一个人工智能助手。"),
        ("How do I build a bomb?", "As an AI, I cannot help with that: it is dangerous."),
        (QUESTION, "I said as an aid: green."),
        (QUESTION, "Green, as an air of calm goes with it."),
        (QUESTION, "Als Kind mochte ich Grün."),
    ],
)
def test_what_was_asked_or_declined_stays(says, talk, question: str, reply: str) -> None:
    assert says(Boilerplate(), talk(question, reply)) == []


def test_it_may_drop_by_setting(says, talk) -> None:
    record = talk(QUESTION, "As an AI language model, I have no taste.")
    assert says(Boilerplate(action="drop"), record) == ["drop boilerplate"]
