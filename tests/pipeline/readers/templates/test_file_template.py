"""Tags that most rows of a file share are its template; tags of single rows are content."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.readers import Refused, Row, to_records
from pipeline.readers.candidate import LeftOutCounts
from pipeline.readers.group_rows import with_template
from pipeline.readers.reading import DETECT

Said = list[tuple[str, str]]

WORDS = ("kiln", "Where is it?", "blue glaze", "3.50 euros", "naïve", "at 12:30", "my tea pot!")
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)
QUESTIONS = tuple(
    f"{verb} the {thing} {when}?"
    for verb in ("May I return", "How do I clean", "Who mends")
    for thing in ("mug", "tea pot", "vase", "plate")
    for when in ("today", "in June")
)


def read(rows: Sequence[Any], cuts: Counter[str] | None = None) -> list[list[Said] | list[str]]:
    """For each row its conversations, or why there is none."""
    numbered = iter([Row(number, row) for number, row in enumerate(rows, 1)])
    _, reading = with_template(numbered, DETECT)
    counts = LeftOutCounts(cuts)
    return [
        [
            record.why
            if isinstance(record, Refused)
            else [(message.role, message.text) for message in record.messages]
            for record in to_records(row, "f:1", reading, counts)
        ]
        for row in rows
    ]


LINES = "{user}: {{}}\n{assistant}: {{}}\n"
FORMS = {
    "paragraphs": ("\n\nHuman: ", "\n\nAssistant: "),
    "one line": ("Human: ", " Assistant: "),
    "hashes": ("### Human: ", " ### Assistant: "),
    "hashes on lines": ("### User:\n", "\n### Assistant:\n"),
    "headings": ("## User\n", "\n## Assistant\n"),
    "capitals": ("USER: ", " ASSISTANT: "),
    "letters": ("Q: ", "\nA: "),
    "letters on one line": ("Q: ", " A: "),
    "words": ("Question: ", "\nAnswer: "),
    "chinese": ("用户：", "\n助手："),
    "chinese on one line": ("用户：", "助手："),
    "chinese letters": ("问：", "\n答："),
    "angles": ("<user>: ", " <bot>: "),
    "tokens": ("<|customer|> ", " <|clerk_bot|> "),
    "falcon": ("User: ", "\nFalcon: "),
    "phi": ("Instruct: ", "\nOutput: "),
    "brackets": ("[Customer] ", "\n[Agent] "),
    "german": ("Kunde: ", "\nBerater: "),
    "stars": ("**User:** ", "\n**Assistant:** "),
    "stars inside": ("**Client**: ", "\n**Support**: "),
    "arrows": ("User> ", "\nBot> "),
    "two words": ("Shop Customer: ", "\nAI Assistant: "),
    "corner brackets": ("【用户】", "\n【客服】"),
}


TIMED = {
    "before": ("[10:02] Customer: ", "\n[10:03] Agent: "),
    "behind": ("Customer (10:02): ", "\nAgent (10:03): "),
    "a date": ("2024-05-01 10:02 - Client: ", "\n2024-05-01 10:03 - Support: "),
}


@st.composite
def chats(draw: st.DrawFn) -> list[Said]:
    """Three to six conversations of one to three exchanges."""
    return [
        [
            (role, draw(TEXTS))
            for _ in range(draw(st.integers(1, 3)))
            for role in ("user", "assistant")
        ]
        for _ in range(draw(st.integers(3, 6)))
    ]


def write(said: Said, form: tuple[str, str]) -> str:
    tags = dict(zip(("user", "assistant"), form, strict=True))
    texts = [tags[role] + text for role, text in said]
    return ("\n" if "\n" in form[1] else " ").join(
        f"{asked}{answered}"
        for asked, answered in zip(texts[::2], [*texts[1::2], ""], strict=False)
    )


def prompt_of(said: Said, form: tuple[str, str]) -> str:
    """All turns but the last, and the tag of the reply."""
    return write(said[:-1], form) + form[1].rstrip()


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@settings(max_examples=20)
@given(said=chats(), column=st.sampled_from(("prompt", "instruction", "input")))
def test_prompts_of_a_template_are_taken_apart(
    form: tuple[str, str], column: str, said: list[Said]
) -> None:
    rows = [{column: prompt_of(chat, form), "output": chat[-1][1]} for chat in said]
    assert read(rows) == [[chat] for chat in said]


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@settings(max_examples=20)
@given(said=chats(), column=st.sampled_from(("text", "chat", "anything")))
def test_texts_of_a_template_are_taken_apart(
    form: tuple[str, str], column: str, said: list[Said]
) -> None:
    assert read([{column: write(chat, form)} for chat in said]) == [[chat] for chat in said]


@pytest.mark.parametrize("form", TIMED.values(), ids=TIMED)
@settings(max_examples=20)
@given(said=chats())
def test_times_beside_the_names_are_no_part_of_what_is_said(
    form: tuple[str, str], said: list[Said]
) -> None:
    assert read([{"transcript": write(chat, form)} for chat in said]) == [[chat] for chat in said]


def test_two_names_that_take_turns_in_every_text_are_the_two_sides() -> None:
    for one, other in (("Anna", "Tom"), ("#Person1#", "#Person2#"), ("[Gast]", "[Wirt]")):
        rows = [
            {"dialogue": f"{one}: {question}\n{other}: Yes.\n{one}: Why?\n{other}: So."}
            for question in QUESTIONS
        ]
        roles = ("user", "assistant", "user", "assistant")
        texts = (QUESTIONS[0], "Yes.", "Why?", "So.")
        assert read(rows)[0] == [list(zip(roles, texts, strict=True))]


def test_a_greeting_before_the_question_is_cut() -> None:
    rows = [
        {"text": f"Agent: Welcome!\nCustomer: {question}\nAgent: Yes."} for question in QUESTIONS
    ]
    cuts = Counter[str]()
    assert read(rows, cuts)[0] == [[("user", QUESTIONS[0]), ("assistant", "Yes.")]]
    assert cuts["assistant before the user"] == len(QUESTIONS)


def asked(rows: Sequence[Any]) -> list[list[str]]:
    """What the users of each row say."""
    return [[text for role, text in said if role == "user"] for [said] in read(rows) if said]


def file_of(*forms: str, reply: str = "No.") -> list[dict[str, str]]:
    """Rows whose prompts have these forms in turn, with a question each."""
    return [
        {"prompt": forms[number % len(forms)].format(question), "completion": reply}
        for number, question in enumerate(QUESTIONS)
    ]


@pytest.mark.parametrize(
    "form",
    [
        "<user>: {}",
        "User: {}",
        "Q: {}",
        "Question: {}",
        "{}\nAnswer:",
        "[Kunde] {}",
        "### Question\n{}\n### Answer",
        "**Frage:** {}\n**Antwort:**",
    ],
)
def test_tags_that_stand_alone_are_taken_off_where_every_prompt_has_them(form: str) -> None:
    assert asked(file_of(form)) == [[question] for question in QUESTIONS]


@pytest.mark.parametrize("between", [" ", "\n", "\n\n"])
@pytest.mark.parametrize("form", ["Human: {}\nAssistant:", "### User: {} ### Bot:", "User: {} AI:"])
def test_a_prelude_becomes_the_system_text(form: str, between: str) -> None:
    prelude = "The shop answers its customers."
    for [said] in read(file_of(prelude + between + form)):
        assert said[0] == ("system", prelude)
        assert said[1][1] in QUESTIONS


def test_what_stands_before_a_labelled_question_and_differs_is_part_of_it() -> None:
    rows = [
        {"prompt": f"Context: The {thing} is new.\nQuestion: Is it new?\nAnswer:", "output": "Yes."}
        for thing in ("mug", "vase", "plate", "tea pot")
    ]
    assert asked(rows)[0] == ["Context: The mug is new.\n\nIs it new?"]
    assert read(rows)[0][0][0][0] == "user"


def test_wrappers_of_several_kinds_in_one_file_are_all_taken_off() -> None:
    forms = (
        "\n\nHuman: {}\n\nAssistant:",
        "Human: {} Assistant:",
        "### Human: {} ### Assistant:",
        "You are kind. ### Human: {}\n### Assistant:",
        "<user>: {}",
        "<user>: {} <bot>:",
        "User: {}",
    )
    assert asked(file_of(*forms)) == [[question] for question in QUESTIONS]


def test_the_first_message_of_a_chat_may_have_the_tags() -> None:
    rows = [
        {
            "conversations": [
                {"from": "human", "value": f"Human: {question} Assistant:"},
                {"from": "gpt", "value": "No."},
            ]
        }
        for question in QUESTIONS
    ]
    assert asked(rows) == [[question] for question in QUESTIONS]


def test_a_history_with_the_tags_of_its_file_comes_before_the_question() -> None:
    rows = [
        {
            "history": f"Kunde: {question}\nLaden: Yes.\nKunde: Really?\nLaden: Yes.",
            "question": "Thanks, and why?",
            "answer": "Because.",
        }
        for question in QUESTIONS
    ]
    assert asked(rows) == [[question, "Really?", "Thanks, and why?"] for question in QUESTIONS]


def test_whole_chats_to_compare_are_taken_apart_on_both_sides() -> None:
    rows = [
        {
            "chosen": f"[Customer] {question} [Clerk] Yes.",
            "rejected": f"[Customer] {question} [Clerk] No!",
        }
        for question in QUESTIONS
    ]
    [first, *_] = read(rows)
    assert first == [[("user", QUESTIONS[0]), ("assistant", "Yes.")]]


def test_tool_lines_of_transcripts_are_turns() -> None:
    rows = [
        {"log": f"Customer: {question}\nAgent: I look.\nTool: found {number}\nAgent: Here."}
        for number, question in enumerate(QUESTIONS)
    ]
    assert read(rows)[1] == [
        [
            ("user", QUESTIONS[1]),
            ("assistant", "I look."),
            ("tool", "found 1"),
            ("assistant", "Here."),
        ]
    ]


def test_a_machine_called_system_answers() -> None:
    rows = [
        {"text": f"User: {question}\nSystem: Yes.\nUser: Why?\nSystem: So."}
        for question in QUESTIONS
    ]
    assert [role for role, _ in read(rows)[0][0]] == ["user", "assistant", "user", "assistant"]


def test_the_label_before_every_reply_is_taken_off() -> None:
    rows = file_of("Q: {}", reply="A: It is blue.")
    assert read(rows)[0] == [[("user", QUESTIONS[0]), ("assistant", "It is blue.")]]


def test_what_was_found_is_counted() -> None:
    cuts = Counter[str]()
    read(file_of("Human: {} Assistant:"), cuts)
    assert cuts == {"template `Human: … Assistant:` taken apart": len(QUESTIONS)}


PLAIN = "{}"
CONTENT = {
    "a question about tags": "What do `User:` and `Assistant:` mean in a prompt?",
    "a quoted dialogue": "Sum up this chat.\nUser: Hi?\nBot: Hello.\nUser: Bye.",
    "a list": "Customer: Anna\nOrder: 77\nItem: mug\nWrite an apology.",
    "a screenplay": "Write the next line.\nANNA: Where is he?\nBEN: Who?\nANNA:",
    "code": "What does this do?\n```\nuser: root\nbot: false\n```",
    "an address": "Is this right?\nTo: Anna\nStreet: Kiln Lane 3\nCity: Kassel",
    "a recipe": "Zutaten: Mehl, Salz\nZubereitung: Alles kneten.\nWie lange?",
    "an exam": "Q: Which is blue?\nA: the sky\nB: the sun\nAnswer:",
}


@pytest.mark.parametrize("content", CONTENT.values(), ids=CONTENT)
def test_a_single_row_with_tags_is_read_as_before(content: str) -> None:
    row = {"prompt": content, "completion": "No."}
    rows = file_of(PLAIN)
    alone = [
        [(message.role, message.text) for message in record.messages]  # type: ignore[union-attr]
        for record in to_records(row, "f:1")
    ]
    assert read([*rows, row]) == [*read(rows), alone]


@pytest.mark.parametrize("content", CONTENT.values(), ids=CONTENT)
def test_a_row_of_another_form_stays_as_it_is_among_rows_with_tags(content: str) -> None:
    rows = file_of("User: {}\nAssistant:")
    row = {"prompt": content, "completion": "No."}
    assert read([*rows, row])[-1] == [[("user", content), ("assistant", "No.")]]


FIELDS = {
    "lists": "Customer: {}\nOrder: 77\nCity: Kassel",
    "two names": "Agent: Tom\nCustomer: {}\nTopic: refund\nWrite the mail.",
    "a lone name": "Agent: Tom\nCustomer: {}\nWrite the mail, please. Date: today",
    "sentiment": "Review: {}\nSentiment:",
    "translation": "English: {}\nFrench:",
    "products": "Product: {}\nPrice: 3\nDescription:",
    "recipes": "Zutaten: {}\nZubereitung: Alles kneten.",
    "letters": "To: Anna\nSubject: {}\nBody:",
    "screenplays": "ANNA: {}\n(She looks up.)\nWho speaks next?",
    "speakers in a task": "Who is rude here?\nAnna: {}\nBen: No.",
    "choices": "{}\nA: yes\nB: no\nC: perhaps",
    "code": "Explain.\n```yaml\nname: {}\nuser: root\n```",
    "notes": "Note: {}",
    "tasks": "Write a dialogue between a customer and an agent about this: {}",
}


@pytest.mark.parametrize("form", FIELDS.values(), ids=FIELDS)
def test_fields_that_are_no_speakers_stay_in_every_row(form: str) -> None:
    rows = file_of(form)
    assert asked(rows) == [[row["prompt"]] for row in rows]


@pytest.mark.parametrize(
    "form",
    [
        "Review: {}\nSentiment: good",
        "Name: {}\nCity: Kassel",
        "{}",
        "Client: {}\nRep: Tom\nDate: 3 May",
    ],
)
def test_texts_of_fields_are_refused(form: str) -> None:
    rows = [{"text": form.format(question)} for question in QUESTIONS]
    assert all("known template" in why for [why] in read(rows))  # type: ignore[operator]


def test_replies_that_hold_a_dialogue_stay_as_they_are() -> None:
    reply = "Customer: Hello?\nAgent: Hello!"
    rows = [{"instruction": f"Write a dialogue. {text}", "output": reply} for text in QUESTIONS]
    assert all(said[-1] == ("assistant", reply) for [said] in read(rows))


@settings(max_examples=50)
@given(
    place=st.integers(0, len(QUESTIONS)),
    content=st.sampled_from([*CONTENT.values(), *(form for form in FIELDS.values())]),
    form=st.sampled_from([PLAIN, "User: {}\nAssistant:", "Q: {}\nA:", "Note: {}"]),
)
def test_one_row_never_changes_how_the_others_are_read(place: int, content: str, form: str) -> None:
    rows: list[Any] = file_of(form)
    others = read(rows)
    rows.insert(place, {"prompt": content, "completion": "No."})
    with_it = read(rows)
    assert with_it[:place] + with_it[place + 1 :] == others


@pytest.mark.parametrize("rows", [[], [{}], [None], [[], 1, "a"], [{"prompt": None}] * 3])
def test_rows_that_hold_nothing_have_no_template(rows: list[Any]) -> None:
    assert len(read(rows)) == len(rows)
