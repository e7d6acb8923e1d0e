"""The text of a WhatsApp export as a container: its lines become one row, the whole chat.

There is no one form. iPhones write `[03.05.24, 10:12:33] Mara: Hello`, Android writes
`5/3/24, 10:12 AM - Mara: Hello`, older versions `2016-06-27, 8:04:08 AM: Mara: Hello` or
`02-12-18 22:55:45 Mara: Hello`; dates, digits, words and invisible marks are those of the phone's
language. So a line is known by what all of them share: three numbers of a date and two or three of
a time, then a sign. Which sign it is, and which spelling, most lines of the file say; a line of
another spelling, such as a pasted chat, is text that goes on.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO, NamedTuple

from pipeline.readers.chats.whatsapp_times import Stamp, seconds_of_stamps
from pipeline.readers.containers.row import BadRow, Row
from pipeline.readers.containers.unpacked import UNPACK_ERRORS

NAME = "WhatsApp chat"
"""The container's name for people."""

_M = "[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]*"
_S = "[ \u00a0\u2007\u2009\u202f]"
_GAP = "[ \u00a0\u2007\u2009\u202f\u200e\u200f\u202a-\u202e\u2066-\u2069]*"
_WORD = r"[^\W\d_](?:[^\d\n:\[\]،,/\-–—]{0,13}[^\d\s:\[\]،,/\-–—])?"

_DATE = (
    rf"(?P<one>\d{{1,4}}){_M}(?P<sep>[./\-年년]){_S}?{_M}(?P<two>\d{{1,2}}){_M}[./\-月월]{_S}?{_M}"
    rf"(?P<three>\d{{1,4}}){_M}(?:{_S}?[.日일])?(?:{_S}?г\.?)?"
)
_CLOCK = (
    rf"(?P<hour>\d{{1,2}})(?:[:.]|{_S}?h{_S}?)(?P<minute>\d{{2}})"
    rf"(?:(?:[:.]|{_S}?min{_S}?)(?P<second>\d{{2}}))?(?:{_S}?(?:s|min)\b)?(?!:?\d)"
)
_STAMPS = (
    rf"{_DATE}{_M}[,،]?{_GAP}(?:(?P<before>{_WORD}){_GAP})?{_CLOCK}(?:{_GAP}(?P<after>{_WORD}))?",
    rf"(?:(?P<before>{_WORD}){_GAP})?{_CLOCK}(?:{_GAP}(?P<after>{_WORD}))?{_M}[,،]?{_GAP}{_DATE}",
)
_HALF_STAMP = _STAMPS[0].replace(f"(?P<after>{_WORD})", rf"(?P<after>[AaPp]\.?{_S}?[Mm]\b\.?)")

HEADS = tuple(
    re.compile(_M + head)
    for head in (
        *(rf"\[{_M}{stamp}{_M}\]{_S}?" for stamp in _STAMPS),
        *(rf"{stamp}{_GAP}[-–—]{_S}" for stamp in _STAMPS),
        rf"{_HALF_STAMP}:{_S}",
        rf"{_HALF_STAMP}{_S}(?![-–—\[])",
    )
)
"""What stands before `Name: text`, by the sign behind the time: `]`, ` - `, `: ` or a blank."""

SAID = re.compile(
    rf"{_GAP}(?P<name>[^:\n][^\n]{{0,99}}?){_S}?:(?:{_S}|{_M}(?=\n|\Z))(?P<text>.*)", re.DOTALL
)
"""A name, up to the first colon before a blank or the end of the line, and what is said."""

MAYBE = re.compile(rf"{_M}\[?{_M}(?:\d|[^\W\d_]{{1,8}}{_S}?\d)")
"""How every such line begins; asked first, because it is fast."""

LEVELS = frozenset(("info", "warn", "warning", "error", "debug", "trace", "critical", "fatal"))
"""Names in the log of a program, which looks the same."""

SAMPLE_LINES = 2000
LEAST_SHARE = 0.1
"""Part of the lines that a spelling must have, so that they are messages."""


class TextChat(dict[str, Any]):
    """The row of a whole chat; a class of its own, as no JSON file can hold one."""


class _Head(NamedTuple):
    """A line that begins a message."""

    spelling: tuple[Any, ...]
    """What all lines of an export have in common."""
    stamp: Stamp
    rest: str


def is_chat_text(head: bytes) -> bool:
    """Whether a text that begins with `head` is an export of WhatsApp.

    A file is one if a line of its first five, and in all every twentieth at least, begins a message
    with a name.
    """
    start = head[:400].decode("utf-8", "replace")
    if not any(map(MAYBE.match, filter(None, map(str.strip, start.split("\n"))))):
        return False
    lines = [line for line in _text_lines(head)[:SAMPLE_LINES] if line.strip()]
    form = _form_of(lines)
    if form is None:
        return False
    named = [number for number, line in enumerate(lines) if _name(form, line)]
    names = {_name(form, lines[number]).strip().casefold() for number in named}
    begins = any(_head(form, line) for line in lines[:5])
    return begins and len(named) * 20 >= len(lines) and not names <= LEVELS


def chat_rows(stream: BinaryIO) -> Iterator[Row | BadRow]:
    """The whole chat as one row: `{"app": "WhatsApp", "messages": [{"line", "time", …}]}`.

    A message without `from` is a line of the app. A file that breaks off gives what came before.
    """
    lines: list[str] = []
    broken: Exception | None = None
    try:
        for line in stream:
            lines.append(line.decode("utf-8", "replace").rstrip("\r\n"))
    except UNPACK_ERRORS as error:
        broken = error
    if lines:
        yield Row(1, TextChat(app="WhatsApp", messages=_messages(lines)))
    if broken:
        why = f"the file is damaged or breaks off behind line {len(lines)}: {broken}"
        yield BadRow(len(lines) + 1, why, "")


def _messages(lines: list[str]) -> list[dict[str, Any]]:
    form = _form_of([line for line in lines[: 4 * SAMPLE_LINES] if line.strip()])
    heads = [_head(form, line) if form else None for line in lines]
    spellings = Counter(head.spelling for head in heads if head)
    usual = {
        spelling
        for spelling, count in spellings.items()
        if count >= LEAST_SHARE * spellings.total()
    }
    begun: list[tuple[int, _Head]] = []
    texts: list[list[str]] = []
    for number, (line, head) in enumerate(zip(lines, heads, strict=True), 1):
        if head and head.spelling in usual:
            begun.append((number, head))
            texts.append([head.rest])
        elif texts:
            texts[-1].append(line)
        elif line.strip():
            begun.append((number, _Head((), Stamp((0, 0, 0), (0, 0, 0), ""), "")))
            texts.append([line])
    times = seconds_of_stamps([head.stamp for _, head in begun])
    return [
        _message(number, time, "\n".join(text).rstrip())
        for (number, _), time, text in zip(begun, times, texts, strict=True)
    ]


def _message(number: int, time: float | None, text: str) -> dict[str, Any]:
    said = SAID.match(text)
    if not said:
        return {"line": number, "time": time, "text": text}
    return {"line": number, "time": time, "from": said["name"].strip(), "text": said["text"]}


def _text_lines(head: bytes) -> list[str]:
    return [line.rstrip("\r") for line in head.decode("utf-8", "replace").split("\n")]


def _form_of(lines: Sequence[str]) -> re.Pattern[str] | None:
    """The form of head by which most lines begin a message with a name."""
    found = Counter[re.Pattern[str]]()
    for line in lines:
        if MAYBE.match(line):
            found.update(form for form in HEADS if _name(form, line))
    return max(HEADS, key=lambda form: found[form]) if found else None


def _name(form: re.Pattern[str], line: str) -> str:
    head = _head(form, line)
    said = SAID.match(head.rest) if head else None
    return said["name"] if said else ""


def _head(form: re.Pattern[str], line: str) -> _Head | None:
    match = form.match(line) if MAYBE.match(line) else None
    if match is None:
        return None
    date = (int(match["one"]), int(match["two"]), int(match["three"]))
    clock = (int(match["hour"]), int(match["minute"]), int(match["second"] or 0))
    if clock[0] > 24 or clock[1] > 59 or clock[2] > 59:
        return None
    word = (match["before"] or match["after"] or "").strip()
    four = max(len(match["one"]), len(match["three"])) > 2
    spelling = (match["sep"], match["second"] is None, bool(match["before"]), four)
    return _Head(spelling, Stamp(date, clock, word), line[match.end() :])
