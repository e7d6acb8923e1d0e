"""Random chats as each app exports them: every text is in one turn, counted, or refused."""

import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ME, OTHERS = "Ton Krüger", ("Mara Vogt", "李雷", "علي", "+49 170 1234567")

PHRASES = (
    "where is it?", "Ja: morgen um 10:12 - vielleicht", "ça va « bien » ?", "你好，世界",
    "مرحبا بك", "नमस्ते", "こんにちは", "🏺🔥", "12.03.24", "a\nb\n\nc", "[x] done",
    "- one\n- two", "fin.", "https://kiln.example/a?b=1", 'she said "no"', "1,5 kg; 2|3\t4",
    "Ton Krüger: hi",
)  # fmt: skip

WORDS = st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters="<>"), max_size=9)


class Event(NamedTuple):
    kind: str
    who: str
    time: datetime
    text: str


@st.composite
def chats(draw: st.DrawFn) -> list[Event]:
    """A chat of up to forty messages with pauses of seconds, hours and days."""
    people = [ME, *OTHERS[: draw(st.integers(1, len(OTHERS)))]]
    time = datetime(2023, draw(st.integers(1, 12)), draw(st.integers(1, 28)), tzinfo=UTC)
    events = []
    for number in range(draw(st.integers(2, 40))):
        minutes = draw(st.sampled_from((0, 1, 2, 7, 30, 400, 700, 3000, 20_000)))
        time += timedelta(minutes=minutes, seconds=draw(st.integers(0, 59)))
        kind = draw(st.sampled_from(("text",) * 6 + ("media", "service", "deleted")))
        text = f"m{number}q {draw(st.sampled_from(PHRASES))} {draw(WORDS)}".strip()
        events.append(Event(kind, draw(st.sampled_from(people)), time, text))
    return events


def two(number: int) -> str:
    return f"{number:02}"


def half(time: datetime, words: tuple[str, str]) -> tuple[int, str]:
    return (time.hour - 1) % 12 + 1, words[time.hour >= 12]


def arabic(text: str) -> str:
    return text.translate({ord("0") + n: chr(0x660 + n) for n in range(10)})


def us(time: datetime) -> str:
    hour, word = half(time, ("AM", "PM"))
    return f"{time.month}/{time.day}/{time:%y}, {hour}:{time:%M}\u202f{word} - "


def spanish(time: datetime) -> str:
    hour, word = half(time, ("a.\u00a0m.", "p.\u00a0m."))
    return f"[{time.day}/{time.month}/{time:%y}, {hour}:{time:%M:%S} {word}] "


def chinese(time: datetime) -> str:
    hour, word = half(time, ("上午", "下午"))
    return f"[{time.year}/{time.month}/{time.day} {word}{hour}:{time:%M:%S}] "


def egyptian(time: datetime) -> str:
    hour, word = half(time, ("ص", "م"))
    clock = f"{two(hour)}:{time:%M} {word}"
    return arabic(f"\u200f{time.day}\u200f/{time.month}\u200f/{time.year}، {clock} - ")


PHONES: dict[str, tuple[Callable[[datetime], str], str]] = {
    "de, iPhone": (lambda time: f"[{time:%d.%m.%y, %H:%M:%S}] ", "\u200eBild weggelassen"),
    "de, Android": (lambda time: f"{time:%d.%m.%y, %H:%M} - ", "<Medien ausgeschlossen>"),
    "en-US, Android": (us, "<Media omitted>"),
    "en-US, iPhone": (lambda time: f"[{time:%m/%d/%Y, %H:%M:%S}] ", "\u200eimage omitted"),
    "fr, Android": (lambda time: f"{time:%d/%m/%Y à %H:%M} - ", "<Médias omis>"),
    "es, iPhone": (spanish, "\u200eimagen omitida"),
    "pt-BR, Android": (lambda time: f"{time:%d/%m/%Y %H:%M} - ", "<Mídia oculta>"),
    "nl, Android": (lambda time: f"{time:%d-%m-%Y %H:%M} - ", "<Media weggelaten>"),
    "ru, Android": (lambda time: f"{time:%d.%m.%Y, %H:%M} - ", "<Без медиафайлов>"),
    "fi, iPhone": (lambda time: f"[{time:%d.%m.%Y klo %H.%M.%S}] ", "\u200ekuva jätettiin pois"),
    "ja, Android": (lambda time: f"{time:%Y/%m/%d, %H:%M} - ", "<メディアなし>"),
    "zh, iPhone": (chinese, "\u200e图像已忽略"),
    "ar, Android": (egyptian, "<تم استبعاد الوسائط>"),
    "vi, Android": (lambda time: f"{time:%H:%M, %d/%m/%Y} - ", "<Bỏ qua phương tiện>"),
}


def whatsapp(events: list[Event], phone: str) -> str:
    head, picture = PHONES[phone]
    lines = []
    for event in events:
        body = {"media": picture, "deleted": "This message was deleted"}.get(event.kind, event.text)
        if event.kind == "service" and "iPhone" in phone:
            body = f"\u200e{event.who} changed the subject to “a: b”"
        name = f"{event.who} left" if event.kind == "service" else f"{event.who}: {body}"
        name = f"{event.who}: {body}" if "iPhone" in phone else name
        lines.append(head(event.time) + name)
    return "\r\n".join(lines) + "\r\n"


def telegram(events: list[Event]) -> dict[str, Any]:
    messages = []
    for number, event in enumerate(events):
        message: dict[str, Any] = {"id": number, "type": "message", "text": ""}
        message |= {"date": event.time.strftime("%Y-%m-%dT%H:%M:%S"), "from_id": f"u{event.who}"}
        if event.kind == "service":
            message |= {"type": "service", "actor": event.who, "action": "pin_message"}
        elif event.kind == "text":
            words = event.text.split(" ", 1)
            pieces: list[Any] = [f"{words[0]} ", {"type": "bold", "text": words[-1]}]
            message |= {"from": event.who, "text": pieces if len(words) > 1 else event.text}
        else:
            message |= {"from": event.who, "photo": "photos/1.jpg"}
        messages.append(message)
    chat = {"name": "x", "type": "private_group", "id": 1, "messages": messages}
    return {"about": "Here is the data.", "chats": {"about": "x", "list": [chat]}}


def discord(events: list[Event]) -> dict[str, Any]:
    messages = [
        {
            "id": str(number),
            "type": "GuildMemberJoin" if event.kind == "service" else "Default",
            "timestamp": event.time.isoformat(),
            "content": event.text if event.kind == "text" else "",
            "author": {"id": event.who, "name": event.who, "isBot": False},
            "attachments": [{"url": "x"}] if event.kind in ("media", "deleted") else [],
        }
        for number, event in enumerate(events)
    ]
    return {"guild": {}, "channel": {"name": "help"}, "messages": messages}


def messenger(events: list[Event]) -> dict[str, Any]:
    messages = []
    for event in reversed(events):
        name = event.who.encode().decode("latin-1")
        message: dict[str, Any] = {"sender_name": name, "type": "Generic"}
        message["timestamp_ms"] = int(event.time.timestamp() * 1000)
        if event.kind == "text":
            message["content"] = event.text.encode().decode("latin-1")
        elif event.kind == "service":
            message |= {"type": "Call", "call_duration": 3, "content": "called"}
        else:
            message |= {"is_unsent": True} if event.kind == "deleted" else {"photos": [{}]}
        messages.append(message)
    return {"participants": [{"name": "x"}], "messages": messages, "title": "x"}


def sillytavern(events: list[Event]) -> str:
    lines: list[dict[str, Any]] = [{"user_name": "x", "character_name": ME, "chat_metadata": {}}]
    lines += [
        {
            "name": event.who,
            "is_user": event.who != ME,
            "is_system": event.kind == "service",
            "mes": event.text if event.kind in ("text", "service") else "",
        }
        for event in events
    ]
    return "\n".join(map(json.dumps, lines))


APPS: dict[str, Callable[[list[Event]], Any]] = {
    **{phone: lambda events, phone=phone: whatsapp(events, phone) for phone in PHONES},
    "Telegram": telegram,
    "Discord": discord,
    "Messenger": messenger,
    "SillyTavern": sillytavern,
}

TOKEN = re.compile(r"m\d+q")


@pytest.mark.parametrize("app", APPS)
@given(events=chats())
@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
def test_every_text_is_in_exactly_one_turn_or_counted_or_in_a_refused_row(
    talks, app: str, events: list[Event]
) -> None:
    sent = {event.text.split()[0]: event for event in events if event.kind == "text"}
    kinds = Counter(event.kind for event in events)
    speakers = {event.who for event in sent.values()}
    if ME not in speakers or len(speakers) < 2:
        return  # One refused row for the whole chat; its texts stay in its file.
    read = talks(APPS[app](events), ME)
    roles = {
        token: turn.role
        for record in read.records
        for turn in record.messages
        for token in TOKEN.findall(turn.text)
    }
    kept = [token for texts in read.texts for text in texts for token in TOKEN.findall(text)]
    refused = [token for row in read.rejected for token in TOKEN.findall(row.text)]
    assert len(set(kept) | set(refused)) == len(kept) + len(refused)
    trimmed = read.cuts["assistant before the user"] + read.cuts["user after the last reply"]
    assert len(kept) + len(refused) + trimmed == len(sent)
    assert all((sent[token].who == ME) == (role == "assistant") for token, role in roles.items())
    left_out = sum(read.cuts[kind] for kind in KINDS)
    assert left_out == kinds["media"] + kinds["service"] + kinds["deleted"]
    for record in read.records:
        assert [turn.role for turn in record.messages[:1]] == ["user"]
        assert record.messages[-1].role == "assistant"
        assert TOKEN.findall(record.messages[0].text)[0] in kept


KINDS = ("service message", "deleted message", "picture, sound or file")


@pytest.mark.parametrize("app", PHONES)
@given(events=chats())
@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
def test_texts_of_a_phone_are_kept_word_for_word(talks, app: str, events: list[Event]) -> None:
    sent = [Event("text", (ME, OTHERS[0])[n % 2 == 0], events[0].time, e.text)
            for n, e in enumerate(events)]  # fmt: skip
    [record] = talks(APPS[app](sent[: len(sent) // 2 * 2]), ME).rows
    assert [turn.text for turn in record.messages] == [e.text for e in sent[: len(sent) // 2 * 2]]
