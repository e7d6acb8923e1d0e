"""A reply that somebody meant to write later falls; a slot in a letter that was asked for stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.filters.placeholder import Placeholder, slot_share


@pytest.mark.parametrize(
    "reply",
    [
        "[Insert response here]",
        " [insert the answer] ",
        "[Your answer].",
        "[antwort hier einfügen]",
        "[在此输入回复]",
        "<insert answer here>",
        "<your reply>",
        "{{reply}}",
        "{{ assistant_response }}",
        "Dear [Name], [Your Text Goes Here]",
        "TODO",
        "TODO: write this later",
        "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor.",
        "![Image of a fox with a red scarf](fox.png)",
        "![alt text](https://example.org/fox.png)",
        "[Flow chart of how a parcel gets from the shop to the customer, step by step]",
    ],
)
def test_a_reply_that_is_a_slot_is_dropped(says, talk, reply: str) -> None:
    assert says(Placeholder(), talk("Help?", reply)) == ["drop placeholder"]


LETTER = (
    "Dear [Recipient's Name],\n\nThank you for the kind invitation to your wedding in May. I would"
    " love to come and look forward to it very much.\n\nBest wishes,\n[Your Name]"
)


@pytest.mark.parametrize(
    "reply", ["I am {{name}}, made by {{ author }}.", "我是 {{name}}，很高兴认识您。"]
)
def test_a_variable_that_nobody_filled_is_dropped(says, talk, reply: str) -> None:
    assert says(Placeholder(), talk("Who are you?", reply)) == ["drop placeholder"]


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        ("Redact the names: Ann met Ben.", "[Name] met [Name]."),
        ("Write a template for a greeting.", "[Greeting] [Name]"),
        ("Choose one.\n[I] no\n[II] yes", "[II] yes"),
    ],
)
def test_slots_that_were_asked_for_or_given_are_no_drop(says, talk, question, reply) -> None:
    assert "drop placeholder" not in says(Placeholder(), talk(question, reply))


@pytest.mark.parametrize(
    "reply",
    [
        LETTER,
        "Hello {{name}}, your order has been sent and will be with you on Monday.",
        "亲爱的XXX，感谢您的来信。我们已经收到您的申请，会在三天之内给您答复。",
        "尊敬的客户：\n\n感谢您的来信，我们会尽快答复。\n\n[您的姓名]",
        "Уважаемый клиент! Ваш заказ уже отправлен и придёт завтра утром.\n\n[Ваше имя]",
        "A haiku about attention, in three lines as you wished:\nthe mind looks about\n<noinput>",
        "The fox lives in the forest, sleeps by day and hunts by night (insert picture here).",
        "This is what a fox looks like, as seen by day in a forest: ![Image of a fox](fox.png)",
    ],
)
def test_a_slot_in_a_document_is_flagged(says, talk, reply: str) -> None:
    assert says(Placeholder(), talk("Write a letter.", reply)) == ["flag slot_in_document"]


@pytest.mark.parametrize(
    "reply",
    [
        "No hay todo lo que pides, pero casi.",
        "todo",
        "Todo bien, gracias.",
        "Put `{{ user.name }}` into the template.",
        "```yaml\nkey: ${{ secrets.TOKEN }}\n```",
        "```\n// TODO: handle errors\n```\nThat is the skeleton.",
        "Use `Vec<T>` or Box<T> there.",
        "List<String> names = new ArrayList<>();",
        "<T>",
        "[1, 2, 3]",
        '["red", "green"]',
        "[]",
        "[true, false]",
        "[[0, 1], [1, 0]]",
        "See [The Manual](https://example.org/manual) for more.",
        "[The Manual](https://example.org)",
        "Press [A] to go on.",
        "Size XXL, XXXL or XX.",
        "他穿着XL码的衣服。",
        "x[0] = y[i]",
        "^[A-Za-z][A-Za-z0-9]{3}$",
        "arr[Index] = rows[Key]",
        "(your name here)",
        "$$\\left[Insert\\right]$$ is no slot.",
        "He said <<16-3=13>>13 eggs.",
        "My TODO list is long.",
        "<div>",
        "if a < b and c > d: pass",
    ],
)
def test_brackets_that_are_code_links_or_words_stay(says, talk, reply: str) -> None:
    assert says(Placeholder(), talk("How?", reply)) == []


def test_the_worst_reply_of_a_conversation_decides(says, talk) -> None:
    record = talk("a?", "A good answer.", "b?", "[Insert answer]", "c?", "Another good answer.")
    assert says(Placeholder(), record) == ["drop placeholder"]


def test_the_share_is_a_setting(says, talk) -> None:
    assert says(Placeholder(share=0.1), talk("Write a letter.", LETTER)) == ["drop placeholder"]


@given(
    st.text()
    | st.lists(st.sampled_from(["[Name]", "{{x}}", "<insert>", "word ", "`", "\n"])).map("".join)
)
def test_a_share_is_never_outside_0_to_1(reply: str) -> None:
    assert 0 <= slot_share(reply) <= 1


def test_the_share_of_the_setting_is_enough_to_drop(frame, talk) -> None:
    reply = "Dear [Your Name], all is well with us."
    record = frame(talk("How are you?", reply))
    share = slot_share(reply)
    assert Placeholder(share=share)(record)["action"].to_list() == ["drop"]
    assert Placeholder(share=share + 0.01)(record)["action"].to_list() == ["flag"]
