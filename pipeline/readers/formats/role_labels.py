"""Names before each turn of a flattened conversation, known by their form: `User:`, `[Kunde]`.

A label is a short name at the beginning of a line, followed by a colon or in brackets, stars or
hashes. Which labels are tags is decided by whoever calls: by words that everybody uses where there
is one text alone (`transcript`), by what most rows do where there is a file (`templates`).
"""

import re
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from pipeline.readers.candidate import Turn
from pipeline.readers.formats.roles import NAMING_WORDS, ROLE_OF_WORD, name_words, side_of_name
from pipeline.readers.formats.special_tokens import without_end, without_start
from pipeline.readers.formats.spoken import spoken_turns
from pipeline.readers.formats.turns import merge_turns

KINDS = frozenset(("bracket", "mark", "heading", "line", "inline", "end"))
"""Where labels stand: `<user>` or `[user]` anywhere, `### User:` anywhere, `### User` on a line of
its own, `User:` at the beginning of a line, inside of one, or as the last word of a prompt. Only
for whoever asks: `paragraph`, after a blank line."""

SAID_WORDS = frozenset(
    (
        "q", "question", "questions", "prompt", "prompts", "query", "request", "problem", "input",
        "inputs", "instruction", "instruct", "ask", "utterance", "source", "a", "answer", "answers",
        "response", "responses", "reply", "output", "outputs", "completion", "completions",
        "target", "targets", "solution", "问", "答", "问题", "問題", "提问", "输入", "回答", "答案",
        "回复", "回覆", "输出", "質問", "질문", "답변", "대답", "frage", "anfrage", "antwort",
        "pregunta", "respuesta", "pergunta", "resposta", "domanda", "risposta", "demande",
        "réponse", "reponse", "vraag", "antwoord", "pytanie", "odpowiedź", "вопрос", "ответ",
        "soru", "cevap", "yanıt", "سؤال", "جواب", "إجابة", "प्रश्न", "उत्तर",
    )
)  # fmt: skip
"""Words for what is said. All other words of a side are words for who says it."""

WIDE = re.compile(r"[\u2e80-\uffdc]")
"""Letters of languages that put no blank before a label."""

OPENING = r"(?:<\|?|\[|【)"
CLOSING = r"(?:\|?>|\]|】)"
HASHES = r"(?:\#{1,6}[ \t]*(?:\*\*)?|\*\*|__)"
MARK_END = r"(?:\*\*|__|\#{1,3})?"
TIME_BEFORE = (
    r"(?:[\[(]?\d{1,4}[-:./]\d{1,2}[-:./ \dT,]{0,16}(?:[AaPp][Mm])?[\])]?[ \t]*(?:-[ \t]+)?)?"
)
TIME_BEHIND = r"(?:[ \t]*[\[(][\d:., /-]{4,20}(?:[AaPp][Mm])?[\])])?"
"""The time of a turn, before or behind the name."""


class Labels(NamedTuple):
    """The labels of one template."""

    roles: tuple[tuple[str, str], ...]
    """Each label in lower case and the role it stands for."""
    kinds: frozenset[str] = KINDS
    """Where its labels stand."""


class TakenApart(NamedTuple):
    """A text taken apart."""

    turns: list[Turn]
    """Without what stands before the first label, and without a last label that nothing follows."""
    prelude: str
    """What stands before the first label."""
    is_open: bool
    """Whether the last label waits for the reply."""
    kinds: frozenset[str]
    tags: tuple[str, ...]
    """The labels as they are written, with what is around them."""
    roles: tuple[str, ...]
    """The role of each."""


@lru_cache(maxsize=4096)
def role_of_label(label: str) -> str | None:
    """The role that a label names by its words; None for any other label."""
    word = " ".join(label.lower().split())
    return ROLE_OF_WORD.get(word.replace(" ", "_")) or side_of_name(label)


@lru_cache(maxsize=4096)
def is_person(label: str) -> bool:
    """Whether a label of a side names who speaks (`Customer`) and not what is said (`Answer`)."""
    words = name_words(label)
    return not SAID_WORDS.intersection(words) or not NAMING_WORDS.isdisjoint(words)


def split_labels(text: str, labels: Labels, *, answered: bool) -> TakenApart | None:
    """A text taken apart at its labels; None where these do not make a conversation.

    Args:
        text: The text.
        labels: Which labels are tags, and where.
        answered: Whether the reply stands elsewhere: then the text ends with the assistant's label,
            or with what the user says. Otherwise the assistant has to speak in it.
    """
    text = without_start(text).strip()
    plain = _split(text, labels, labels.kinds - {"inline"}, answered)
    if "inline" not in labels.kinds:
        return plain
    inline = _split(text, labels, labels.kinds, answered)
    if inline is None or "inline" not in inline.kinds:
        return plain
    # Inside of a line a label may be a word of a sentence, unless the sides take turns.
    speakers = [role for role in inline.roles if role in ("user", "assistant")]
    alternates = all(one != other for one, other in pairwise(speakers))
    if alternates and (plain is None or len(inline.tags) > len(plain.tags)):
        return inline
    return plain


def is_answered(speakers: list[Any]) -> bool:
    """Whether the assistant speaks behind the user; it may have greeted before."""
    sides = [role for role in speakers if role in ("user", "assistant")]
    begins = sides.index("user") if "user" in sides else len(sides)
    return "assistant" in sides[begins:] and begins <= 1


def _split(text: str, labels: Labels, kinds: frozenset[str], answered: bool) -> TakenApart | None:
    roles = dict(labels.roles)
    if not kinds:
        return None
    tags = [tag for tag in _pattern(labels.roles, kinds).finditer(text) if _may_stand(tag)]
    if not tags:
        return None
    ends = [tag.start() for tag in tags[1:]] + [len(text)]
    turns: list[Turn] = []
    last = len(tags) - 1
    is_open = False
    for number, (tag, end) in enumerate(zip(tags, ends, strict=True)):
        role = roles[_label(tag)]
        content = _content(text[tag.end() : end], tag)
        if not content and number == last and (answered or role == "user"):
            is_open = role == "assistant"
            break
        if not content and number != last:
            return None
        turns += spoken_turns(role, content)
    turns = merge_turns(turns, "\n\n")
    speakers = [turn["role"] for turn in turns]
    fits = is_answered([*speakers, "assistant"]) if answered else is_answered(speakers)
    if not fits or (answered and speakers[-1] == "assistant"):
        return None
    written = tuple(tag[0].strip() for tag in tags)
    used = frozenset(str(tag.lastgroup) for tag in tags)
    prelude = without_end(text[: tags[0].start()]).strip()
    named = tuple(roles[_label(tag)] for tag in tags)
    return TakenApart(turns, prelude, is_open, used, written, named)


def _label(tag: re.Match[str]) -> str:
    return " ".join(tag[str(tag.lastgroup)].lower().split())


def _may_stand(tag: re.Match[str]) -> bool:
    """Whether a label inside of a line is written as a name."""
    return tag.lastgroup != "inline" or not tag["inline"][0].islower()


def _content(text: str, tag: re.Match[str]) -> str:
    content = without_end(text).strip()
    if tag.lastgroup == "bracket" and content.endswith(">"):
        content = content.removesuffix(f"</{tag['bracket']}>").rstrip()
    return content


@lru_cache(maxsize=256)
def _pattern(roles: tuple[tuple[str, str], ...], kinds: frozenset[str]) -> re.Pattern[str]:
    """What finds the labels where they may stand; the group that matches is called as the kind."""
    names = sorted((label for label, _ in roles), key=len, reverse=True)
    name = _either(names)
    wide = _either([label for label in names if WIDE.search(label)])
    last = _either([label for label, role in roles if role == "assistant"])
    colon = r"[ \t]*[:：]"
    forms = {
        "bracket": rf"{OPENING} ?(?P<bracket>{name}) ?{CLOSING}(?!\()[ \t]*[:：]?",
        "mark": rf"{HASHES}(?P<mark>{name}){MARK_END}{colon}(?:\*\*|__)?",
        "heading": rf"^[ \t]*{HASHES}(?P<heading>{name})(?:\*\*|__)?[ \t]*(?=\r?\n|\Z)",
        "line": rf"^[ \t]*{TIME_BEFORE}(?P<line>{name})(?:{TIME_BEHIND}{colon}|>(?=[ \t]|\Z))",
        "paragraph": rf"(?:\A\s*|\n\n)(?P<paragraph>{name}):",
        "inline": rf"(?:(?<=\s)|(?={wide}))(?P<inline>{name}){colon}",
        "end": rf"(?:(?<=[\s.!?。？！…)\"'」”])|(?={wide}))(?P<end>{last}){colon}\Z",
    }
    chosen = "|".join(form for kind, form in forms.items() if kind in kinds)
    return re.compile(chosen, re.M | re.I)


def _either(names: list[str]) -> str:
    """A pattern of names; one that matches nothing for none."""
    return (
        "(?:" + "|".join(r"\s+".join(map(re.escape, name.split())) for name in names) + ")"
        if names
        else r"(?!)"
    )
