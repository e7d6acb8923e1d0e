"""A reply that stops in the middle is flagged; lists, poems, posts and code are not."""

import pytest

from pipeline.filters.cut_off import CutOff

PARAGRAPH = "A tent keeps you dry if you pitch it on ground that is higher than what is around it."
TWO = f"{PARAGRAPH}\n\n{PARAGRAPH.replace('tent', 'tarp')}\n\n"


@pytest.mark.parametrize(
    "reply",
    [
        f"{TWO}Always take more pegs with you than you think you will need, since one of the",
        f"{TWO}Always take more pegs with you than you think you will need there,",
        f"{TWO}Always take more pegs with you than you think you will ever need on a mountain",
        f"{TWO}```python\nfor peg in pegs:\n    print(peg",
        f"{TWO}1. Pegs of steel or wood\n2. Poles and a mallet\n3.",
        "帐篷应该搭在比周围略高的平地上，这样下雨时水就不会流进来，睡得也更舒服一些。" * 3
        + "\n\n" + "出发之前请检查所有的绳子和地钉，多带几根备用，因为石头地面很硬。" * 3
        + "\n\n" + "最后不要忘记把帐篷晾干之后再收起来，否则布料会发霉，涂层也会慢慢地" * 3,
    ],
)  # fmt: skip
def test_a_reply_that_stops_in_the_middle_is_flagged(says, talk, reply: str) -> None:
    assert says(CutOff(), talk("How do I camp?", reply)) == ["flag cut_off"]


@pytest.mark.parametrize(
    "reply",
    [
        TWO,
        f"{TWO}Always take more pegs.",
        f"{TWO}- pegs\n- poles and a mallet for the very hard ground of the mountains",
        f"{TWO}Best wishes,\nAnna",
        f"{PARAGRAPH} {PARAGRAPH} One more thing that people who write in a hurry leave unstopped",
        f"{TWO}Come and see it for yourself, and bring your family along! #tents #camping #outdoor",
        f"{TWO}There is more about all of this on our pages https://example.org/camping",
        f"{TWO}```python\nfor peg in pegs:\n    print(peg)\n```",
        "Roses are red\nViolets are blue\nA tent in the rain\nIs a shelter for two\n" * 4,
        "def pitch(tent):\n    pegs = tent.pegs\n    for peg in pegs:\n        peg.hit()\n" * 3
        + "    return tent",
        "เต็นท์ควรกางบนพื้นที่สูงกว่าบริเวณรอบๆ เล็กน้อย เพื่อไม่ให้น้ำไหลเข้ามาเวลาฝนตก " * 4,
        "short and without a stop of the",
    ],
    ids=["whole", "stop", "list", "letter", "one paragraph", "post", "address", "fence", "poem",
         "code", "Thai", "short"],
)  # fmt: skip
def test_other_ends_without_a_full_stop_stay(says, talk, reply: str) -> None:
    assert says(CutOff(), talk("How do I camp?", reply)) == []


def test_the_length_that_is_looked_at_is_a_setting(frame, talk) -> None:
    reply = "Take more pegs with you than you think you will need, since one of the"
    record = frame(talk("How do I camp?", reply))
    assert len(CutOff(min_characters=71)(record)) == 0
    assert CutOff(min_characters=50)(record)["value"].to_list() == [len(reply)]


def test_one_paragraph_with_a_stop_does_not_tell_how_the_text_is_written(says, talk) -> None:
    unstopped = f"{PARAGRAPH.replace('tent', 'tarp')[:-1]} and that is dry all day long as well"
    one, two = f"{PARAGRAPH}\n\n{unstopped * 2}", f"{TWO}{unstopped}"
    assert says(CutOff(), talk("How do I camp?", one)) == []
    assert says(CutOff(), talk("How do I camp?", two)) == ["flag cut_off"]


def test_a_reply_of_just_the_length_is_looked_at(frame, talk) -> None:
    reply = "Take more pegs with you than you think you will need, since one of the"
    record = frame(talk("How do I camp?", reply))
    assert len(CutOff(min_characters=len(reply))(record)) == 1
    assert len(CutOff(min_characters=len(reply) + 1)(record)) == 0
