"""A conversation flattened into one text, with tags that say who speaks.

A text is split only where its tags are of a known template and both sides speak: without tags, no
guess. `templates` knows more, since it sees the other rows of the file.
"""

import re

from pipeline.readers.candidate import Turn
from pipeline.readers.formats.harmony import harmony_turns
from pipeline.readers.formats.role_labels import (
    Labels,
    TakenApart,
    is_answered,
    role_of_label,
    split_labels,
)
from pipeline.readers.formats.special_tokens import (
    ROLE_OF_TAG,
    TEMPLATE_START,
    TOKEN_TEMPLATES,
    TokenTemplate,
    waits_for_reply,
    without_end,
    without_start,
)
from pipeline.readers.formats.spoken import spoken_turns
from pipeline.readers.formats.turns import merge_turns

PERSONS = tuple(
    (word, role)
    for role, words in {
        "system": ("system",),
        "user": ("user", "human", "customer", "用户", "客户"),
        "assistant": (
            "assistant", "ai assistant", "bot", "chatbot", "agent", "ai", "gpt", "falcon", "助手",
            "客服",
        ),
        "tool": ("tool", "tool response", "tool result", "tool output", "function response"),
    }.items()
    for word in words
)  # fmt: skip
"""Names of speakers that are tags in a text by itself, where it begins with the user's."""

PARAGRAPHS = Labels((("human", "user"), ("assistant", "assistant")), frozenset(("paragraph",)))
"""Anthropic's old template: `Human:` after a blank line; one inside a message is content."""

BRACKETS = Labels(PERSONS, frozenset(("bracket",)))
LINES = Labels(PERSONS, frozenset(("line", "mark", "heading")))
ANYWHERE = Labels(PERSONS)
PHI = Labels((("instruct", "user"), ("output", "assistant")), frozenset(("line", "end")))

REACT = Labels(
    (
        *((label, role) for label, role in PERSONS if role in ("user", "assistant")),
        ("question", "user"),
        ("thought", "assistant"),
        ("final answer", "assistant"),
        ("observation", "tool"),
    ),
    frozenset(("line",)),
)
"""Transcripts of agents that think, act and observe; only where they say `Action:` as well."""

PERSON_START = re.compile(
    r"\s*(?:\#{1,6}[ \t]*|\*\*|__|<\|?|\[|【)?(?:system|user|human|customer|instruct|用户|客户)"
    r"(?:\*\*|__|\|?>|\]|】)?[ \t]*(?:[:：>\n]|\][ \t])",
    re.I,
)
"""How a prompt begins that is a transcript."""

LINE_LABEL = re.compile(
    r"^[ \t]*(?:\#{1,6} ?|\*\*|\[)?(?P<label>[^\W\d_][\w ]{0,19})(?:\*\*|\])?[:：]", re.M
)
WIDE_ANSWERS = ("助手", "助理", "客服", "机器人", "答", "回答", "答案")
"""Answering labels that may stand inside of a line, since Chinese has no blanks."""

ALPACA_PRELUDE = "Below is an instruction"
"""Alpaca's template begins so: words of the template, not of the conversation."""


def transcript_turns(text: str) -> list[Turn] | None:
    """The turns of a text in which both sides speak; None when its tags are not known."""
    if (turns := _token_turns(text)) is not None:
        return turns
    split = _split_persons(text, answered=False) or _split_said(text)
    return split.turns if split else None


def prompt_turns(text: str) -> list[Turn]:
    """The turns of a prompt: those of a transcript that waits for a reply, or one question."""
    text = without_separator(text)
    return _unanswered_turns(text) or [{"role": "user", "content": text}]


def without_separator(text: str) -> str:
    """A prompt without the `\n###` or ` ->` that guides to the old completion models put there."""
    stripped = text.rstrip()
    if stripped.endswith("\n###"):
        return stripped.removesuffix("###").rstrip()
    return without_arrow(text)


def without_arrow(text: str) -> str:
    """A question without the arrow at its end; an arrow that is one of several is content."""
    stripped = text.rstrip()
    if not stripped.endswith((" ->", "\n->")) or text.count("->") > 1:
        return text
    return stripped.removesuffix("->").rstrip()


def without_arrows(turns: list[Turn]) -> list[Turn]:
    """The turns with the users' without the arrow that a converted completion file left there."""
    for turn in turns:
        if turn["role"] == "user" and isinstance(turn["content"], str) and "->" in turn["content"]:
            return [_without_arrow(turn) if turn["role"] == "user" else turn for turn in turns]
    return turns


def _without_arrow(turn: Turn) -> Turn:
    content = turn["content"]
    if isinstance(content, str) and "->" in content:
        return {**turn, "content": without_arrow(content)}
    return turn


def _unanswered_turns(text: str) -> list[Turn] | None:
    """The turns of a transcript up to where the assistant should answer; None for other texts.

    A transcript that ends with a reply is what the question is about, and stays one text.
    """
    if TEMPLATE_START.match(text) or waits_for_reply(text):
        turns = _token_turns(text)
        if turns is not None:
            return _to_answer(turns)
    if not PERSON_START.match(text):
        return None
    split = _split_persons(text, answered=True) or split_labels(text, PHI, answered=True)
    # A lone `User: admin` may be anything.
    is_one = split is not None and not split.prelude and "assistant" in split.roles
    return split.turns if split and is_one else None


def _split_persons(text: str, *, answered: bool) -> TakenApart | None:
    """A text that begins with the user's name, taken apart at the names of both sides."""
    is_react = "\nObservation:" in text and "Action:" in text
    for labels in (REACT,) if is_react else (BRACKETS, PARAGRAPHS, LINES):
        split = split_labels(text, labels, answered=answered)
        if split and not split.prelude and len(split.tags) > 1:
            return split
    if not PERSON_START.match(text):
        return None
    split = split_labels(text, ANYWHERE, answered=answered)
    return split if split and not split.prelude else None


def _split_said(text: str) -> TakenApart | None:
    """A text of `Q:` and `A:` in turn, or of any two such words, taken apart."""
    lines = [tag["label"].strip() for tag in LINE_LABEL.finditer(text)]
    if not lines or role_of_label(lines[0]) != "user":
        return None
    asking = lines[0].lower()
    answers = [word.lower() for word in lines if role_of_label(word) == "assistant"]
    answers += [word for word in WIDE_ANSWERS if word in text]
    for answering in dict.fromkeys(answers):
        if (asking == "q") != (answering == "a"):
            continue  # An `A:` that is none of the answers to a `Q:` is a choice.
        if not {word.lower() for word in lines} <= {asking, answering}:
            continue  # A list: `Client: Anna`, `Rep: Tom`, `Date: 3 May`.
        labels = Labels(((asking, "user"), (answering, "assistant")))
        split = split_labels(text, labels, answered=False)
        if split and not split.prelude and _takes_turns(split):
            return split
    return None


def _takes_turns(split: TakenApart) -> bool:
    """Whether each label is followed by the other, and the last one by a reply."""
    return len(split.turns) == len(split.tags) and split.turns[-1]["role"] == "assistant"


def _to_answer(turns: list[Turn]) -> list[Turn] | None:
    """The turns before the reply that is to come; None where a reply comes last."""
    last = turns[-1]
    if last["role"] == "assistant" and last.keys() == {"role", "content"} and not last["content"]:
        return turns[:-1]
    return turns if last["role"] in ("user", "tool") else None


def _token_turns(text: str) -> list[Turn] | None:
    """The turns of a text in a template that has tokens of its own."""
    if "<|start|>" in text and (turns := harmony_turns(text)) is not None:
        return turns if _is_conversation(turns) else None
    for template in TOKEN_TEMPLATES:
        if template.sign in text and (turns := _split_tokens(template, text)) is not None:
            return turns
    return None


def _split_tokens(template: TokenTemplate, text: str) -> list[Turn] | None:
    """The turns between the tags of one template; None where these do not make a conversation.

    What stands before the first tag is the system text.
    """
    tags = list(template.tag.finditer(text))
    if len(tags) < 2:
        return None
    turns: list[Turn] = []
    before = without_end(without_start(text[: tags[0].start()])).strip()
    if before and not before.startswith(ALPACA_PRELUDE):
        turns.append({"role": "system", "content": before})
    ends = [tag.start() for tag in tags[1:]] + [len(text)]
    for tag, end in zip(tags, ends, strict=True):
        role = _role(tag)
        content = without_end(text[tag.end() : end]).strip()
        if content or end == len(text) or not _closes(tag):
            turns += spoken_turns(role, content)
    turns = merge_turns(turns, "\n\n")
    return turns if _is_conversation(turns) else None


def _closes(tag: re.Match[str]) -> bool:
    """Whether a tag only ends what another began, so that nothing needs to follow."""
    return tag.lastgroup == "next" or (tag[0].startswith("[/") and tag[0] != "[/INST]")


def _role(tag: re.Match[str]) -> str:
    if tag.lastgroup != "who":
        return "tool" if tag.lastgroup == "tool" else "assistant"
    word = tag["who"].lower()
    return ROLE_OF_TAG.get(word, word)


def _is_conversation(turns: list[Turn]) -> bool:
    return is_answered([turn["role"] for turn in turns])
