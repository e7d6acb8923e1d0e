"""A conversation flattened into one text, with tags that say who speaks.

A text is split only where its tags are of a known template and both sides speak: without tags, no
guess.
"""

import re

from pipeline.readers.candidate import Turn
from pipeline.readers.formats.roles import ROLE_OF_WORD
from pipeline.readers.formats.turns import merge_turns

TEMPLATE_TAGS = (
    re.compile(r"<\|im_start\|>\s*(?P<who>\w+)"),
    re.compile(r"<\|start_header_id\|>\s*(?P<who>\w+)\s*<\|end_header_id\|>"),
    re.compile(r"<start_of_turn>\s*(?P<who>\w+)"),
    re.compile(r"<\|(?P<who>system|user|assistant|human|bot|prompter|model)\|>"),
    re.compile(r"(?P<who>\[/?INST\])"),
    re.compile(
        r"### *(?P<who>System|Instruction|Input|Response|Output|Human|User|Bot|Assistant):", re.I
    ),
    re.compile(r"\b(?P<who>USER|ASSISTANT): "),
)
"""Tags of chat templates; the text before the first is the system text."""

NAME_TAGS = (
    re.compile(r"<(?P<who>system|user|human|customer|bot|assistant|agent)> *:", re.I),
    re.compile(r"(?:\A\s*|\n\n)(?P<who>Human|Assistant):"),
    re.compile(
        r"^[ \t]*(?P<who>system|user|human|customer|bot|chatbot|assistant|agent|ai)[ \t]*:",
        re.I | re.M,
    ),
)
"""Names before each turn. People write such lines in replies too, so the text must begin with
one."""

ROLE_OF_TAG = ROLE_OF_WORD | {
    **dict.fromkeys(("[inst]", "instruction", "input"), "user"),
    **dict.fromkeys(("[/inst]", "response", "output"), "assistant"),
}
TRANSCRIPT_START = re.compile(
    r"\s*(?:<s>|<\||<start_of_turn>|\[INST\]|### |<?(?:user|human|customer|system)>?[ \t]*:"
    r"|Below is an instruction)",
    re.I,
)
END_TOKENS = (
    "<|im_end|>", "<|eot_id|>", "<end_of_turn>", "<|endoftext|>", "<|end_of_text|>", "<|end|>",
    "<|begin_of_text|>", "<s>", "</s>", "<bos>", "<eos>",
)  # fmt: skip
"""Tokens that a template puts between turns and behind the last."""

SYSTEM_IN_USER = re.compile(r"\s*<<SYS>>(?P<system>.*?)<</SYS>>(?P<user>.*)", re.S)
ALPACA_PRELUDE = "Below is an instruction"
"""Alpaca's template begins so: words of the template, not of the conversation."""


def transcript_turns(text: str) -> list[Turn] | None:
    """The turns of a text in which both sides speak; None when its tags are not known."""
    for pattern in TEMPLATE_TAGS:
        if (turns := _split(pattern, text, prelude=True)) is not None:
            return turns
    for pattern in NAME_TAGS:
        if (turns := _split(pattern, text, prelude=False)) is not None:
            return turns
    return None


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


def without_end(text: str) -> str:
    """A text without the end-of-text tokens of a template behind it."""
    while (stripped := text.rstrip()).endswith(END_TOKENS):
        token = next(token for token in END_TOKENS if stripped.endswith(token))
        text = stripped.removesuffix(token)
    return text


def _without_arrow(turn: Turn) -> Turn:
    content = turn["content"]
    if isinstance(content, str) and "->" in content:
        return {**turn, "content": without_arrow(content)}
    return turn


def _unanswered_turns(text: str) -> list[Turn] | None:
    """The turns of a transcript up to where the assistant should answer; None for other texts.

    A transcript that ends with a reply is what the question is about, and stays one text.
    """
    if not TRANSCRIPT_START.match(text):
        return None
    turns = transcript_turns(text)
    if turns is None:
        return None
    if turns[-1]["role"] == "assistant" and not turns[-1]["content"]:
        return turns[:-1]
    return turns if turns[-1]["role"] == "user" else None


def _split(pattern: re.Pattern[str], text: str, prelude: bool) -> list[Turn] | None:
    """The turns between the tags of one template; None where these do not make a conversation.

    `prelude`: there may be a text before the first tag, which is the system text.
    """
    tags = list(pattern.finditer(text))
    if len(tags) < 2:
        return None
    before = without_end(text[: tags[0].start()]).strip()
    if before and not prelude:
        return None
    turns: list[Turn] = []
    if before and not before.startswith(ALPACA_PRELUDE):
        turns.append({"role": "system", "content": before})
    ends = [tag.start() for tag in tags[1:]] + [len(text)]
    for tag, end in zip(tags, ends, strict=True):
        word = tag["who"].lower()
        content = without_end(text[tag.end() : end]).strip()
        turns += _tagged_turns(ROLE_OF_TAG.get(word, word), content)
    turns = merge_turns(turns, "\n\n")
    speakers = [turn["role"] for turn in turns if turn["role"] != "system"]
    return turns if speakers[:1] == ["user"] and "assistant" in speakers else None


def _tagged_turns(role: str, content: str) -> list[Turn]:
    """One turn, or two: Llama 2's template puts the system text into the user's first turn."""
    parts = SYSTEM_IN_USER.fullmatch(content) if role == "user" else None
    if parts is None:
        return [{"role": role, "content": content}]
    return [
        {"role": "system", "content": parts["system"].strip()},
        {"role": "user", "content": parts["user"].strip()},
    ]
