"""A chat of WhatsApp from its lines to its conversations."""

from schemas.reasons import Rejection

CHAT = """\
\u200e[12.03.24, 09:00:00] Glaze Team: \u200eMessages and calls are end-to-end encrypted.
[12.03.24, 09:00:01] ~\u202fMara Vogt: Is the blue teapot in stock?
[12.03.24, 09:00:20] ~\u202fMara Vogt: And the cups: are they, too?

I need six.
\u200e[12.03.24, 09:01:00] ~\u202fMara Vogt: \u200eimage omitted
[12.03.24, 09:02:00] Tonkrug: Yes, two are left.
[12.03.24, 09:02:30] Tonkrug: \u200eThis message was deleted.
[12.03.24, 09:03:00] Tonkrug: The cups come on Friday. \u200e<This message was edited>
[12.03.24, 09:04:00] ~\u202fMara Vogt: Thank you!
[13.03.24, 18:00:00] Tonkrug: Good evening, the cups are here.
[13.03.24, 18:01:00] ~\u202fMara Vogt: Lovely. Until when are you open?
[13.03.24, 18:02:00] Tonkrug: Until seven.
[15.03.24, 18:02:00] ~\u202fMara Vogt: Anybody there?
"""


def test_a_chat_is_cut_by_silence_joined_and_trimmed_and_each_message_is_accounted_for(
    talks,
) -> None:
    read = talks(CHAT, "tonkrug")
    assert read.texts == [
        [
            "u: Is the blue teapot in stock?\nAnd the cups: are they, too?\n\nI need six.",
            "a: Yes, two are left.\nThe cups come on Friday.",
        ],
        ["u: Lovely. Until when are you open?", "a: Until seven."],
    ]
    assert [record.source for record in read.records] == ["file:2", "file:12"]
    assert [record.meta["columns"] for record in read.records] == [
        {"date": "2024-03-12 09:00"},
        {"date": "2024-03-13 18:01"},
    ]
    assert read.cuts == {
        "service message": 1,
        "picture, sound or file": 1,
        "deleted message": 1,
        "remark that a message was edited": 1,
        "user after the last reply": 1,
        "assistant before the user": 1,
    }
    [unanswered] = read.rejected
    assert (unanswered.source, unanswered.reason) == ("file:14", Rejection.no_assistant_turn)
    assert "Anybody there?" in unanswered.text


def test_without_a_name_a_chat_is_one_refused_row_that_lists_the_speakers(talks) -> None:
    [refused] = talks(CHAT).rows
    assert refused.reason is Rejection.unknown_speaker
    assert refused.why == (
        "is a chat of Mara Vogt (5 messages) and Tonkrug (4 messages);"
        " say who of them is the assistant to be: --me NAME"
    )
    assert "teapot" not in refused.text


ANDROID = """\
12/25/23, 9:58\u202fPM - Messages and calls are end-to-end encrypted. Tap to learn more.
12/25/23, 9:58\u202fPM - Mara Vogt created group "Kiln: week 52"
12/25/23, 9:59\u202fPM - Mara Vogt: Is it hot?
12/25/23, 9:59\u202fPM - Mara Vogt changed the subject from "Kiln: week 52" to "Kiln: hot"
12/25/23, 10:00\u202fPM - \u202a+49\u00a0170\u00a01234567\u202c: <Media omitted>
12/25/23, 10:01\u202fPM - \u202a+49\u00a0170\u00a01234567\u202c: It is at 900 degrees.
12/25/23, 10:02\u202fPM - Jo: How long?
12/25/23, 10:03\u202fPM - Mara Vogt: null
12/25/23, 11:59\u202fPM - \u202a+49\u00a0170\u00a01234567\u202c: Until two.
12/26/23, 12:10\u202fAM - Mara Vogt: Fine.
12/26/23, 12:11\u202fAM - \u202a+49\u00a0170\u00a01234567\u202c: Sleep well.
"""


def test_a_group_has_one_assistant_and_all_others_are_the_user(talks) -> None:
    read = talks(ANDROID, "+49 170 1234567")
    assert read.texts == [
        ["u: Is it hot?", "a: It is at 900 degrees.", "u: How long?", "a: Until two.",
         "u: Fine.", "a: Sleep well."]
    ]  # fmt: skip
    assert read.cuts == {"service message": 3, "picture, sound or file": 2}


def test_a_jump_back_to_another_export_ends_a_conversation(talks) -> None:
    first = "03.05.24, 10:12 - Mara: Hi?\n03.05.24, 10:13 - Jo: Hello.\n"
    read = talks(first + first.replace("03.05", "01.02"), "Jo")
    assert len(read.records) == 2
