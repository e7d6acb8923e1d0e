"""SillyTavern marks the user itself, and a chat with it is one conversation."""

import json

HEADER = {"user_name": "Mara", "character_name": "Ton", "create_date": "2024-5-3@10h12m",
          "chat_metadata": {"note_prompt": ""}}  # fmt: skip


def line(who: str, text: str, **fields) -> dict:
    return {"name": who, "is_user": who == "Mara", "is_system": False, "mes": text,
            "send_date": "May 3, 2024 10:12am", "extra": {}, **fields}  # fmt: skip


def lines(*rows: dict) -> str:
    return "\n".join(map(json.dumps, rows))


def test_sides_are_known_and_other_replies_and_hidden_lines_are_counted(talks) -> None:
    read = talks(
        lines(
            HEADER,
            line("Ton", "Welcome to the kiln."),
            line("Mara", "How hot?"),
            line("Ton", "900.", swipes=["Cold.", "900."], extra={"reasoning": "Say it."}),
            line("Narrator", "It rains.", is_system=True),
            line("Mara", "And now?", send_date="June 9, 2024 8:00pm"),
            line("Ton", "Warm."),
        )
    )
    assert read.texts == [["u: How hot?", "a: 900.", "u: And now?", "a: Warm."]]
    [record] = read.records
    assert record.source == "file:3"
    assert record.messages[1].reasoning == "Say it."
    assert read.cuts == {
        "service message": 1,
        "reply that was not chosen": 1,
        "assistant before the user": 1,
    }


def test_each_header_begins_a_chat_and_a_file_may_have_none(talks) -> None:
    talk = [line("Mara", "Hot?"), line("Ton", "Yes.")]
    assert len(talks(lines(HEADER, *talk, HEADER, *talk)).records) == 2
    assert len(talks(lines(*talk)).records) == 1


def test_a_line_that_is_broken_is_refused_and_the_rest_is_read(talks) -> None:
    read = talks(lines(HEADER, line("Mara", "Hot?")) + '\n{"name": \n' + lines(line("Ton", "Yes.")))
    assert len(read.records) == len(read.rejected) == 1


def test_a_row_about_two_people_that_holds_more_is_no_header(talks) -> None:
    row = {"user_name": "Mara", "character_name": "Ton", "question": "Hot?", "answer": "Yes."}
    assert talks(lines(row, row)).texts == [["u: Hot?", "a: Yes."]] * 2
