"""A reply that was decoded wrongly falls; foreign letters, emphasis and code do not."""

import pytest

from pipeline.filters.damaged_encoding import DamagedEncoding

DROPPED = ["drop damaged_encoding"]


@pytest.mark.parametrize(
    "reply",
    [
        "Your CafÃ© order is on its way.",
        "We donâ€™t ship on Sundays.",
        "It is 50Â°F outside.",
        "The word ended in a lost \ufffd character.",
        "ÐŸÑ€Ð¸Ð²ÐµÑ‚, your order is here.",
        "?????? ?? ??????? ?????",
        "Р’Р°С€ Р·Р°РєР°Р· СѓР¶Рµ РѕС‚РїСЂР°РІР»РµРЅ.",
        "袙邪褕 蟹邪泻邪蟹 褍卸械 芯褌锌褉邪胁谢械薪",
        "Âàø çàêàç óæå îòïðàâëåí, æäèòå",
        "Votre commande a d├⌐j├á ├⌐t├⌐ exp├⌐di├⌐e.",
    ],
)
def test_damage_is_dropped(says, talk, reply: str) -> None:
    assert says(DamagedEncoding(), talk("What now?", reply)) == DROPPED


@pytest.mark.parametrize(
    "reply",
    [
        "NÃO, A IRMÃ NÃO VEM.",
        "Âge, âme, pâte, Ângela.",
        "Really??? You do not know that???",
        "Привет, ваш заказ уже здесь.",
        "สวัสดีครับ ยินดีต้อนรับ",
        "您的订单已经发货。",
        "用Python写一个函数，返回列表的长度。",
        "Åse og Øyvind bor på Ærø.",
        "The angle is 45°, ±2 µm, for £5 or €6 – “about right”…",
        "Do `s.replace('Ã©', 'é')` once.",
        "```\nâ€™\n```",
    ],
)
def test_what_only_looks_like_damage_stays(says, talk, reply: str) -> None:
    assert says(DamagedEncoding(), talk("What now?", reply)) == []


def test_a_question_about_damage_may_be_answered_with_it(says, talk) -> None:
    assert says(DamagedEncoding(), talk("Why do I see Ã© for é?", "Ã© is UTF-8 as Latin-1.")) == []


def test_the_value_counts_places_and_the_action_is_a_setting(frame, talk) -> None:
    [verdict] = DamagedEncoding(action="flag")(frame(talk("a?", "cafÃ©, cafÃ©"))).to_dicts()
    assert (verdict["action"], verdict["value"]) == ("flag", 2.0)


@pytest.mark.parametrize("marks", [1, 4])
def test_a_few_question_marks_in_a_long_reply_are_emphasis(says, talk, marks: int) -> None:
    reply = "This is what I want to know??? " * marks + "And nobody told me so far. " * 5
    assert says(DamagedEncoding(), talk("What now?", reply)) == []
