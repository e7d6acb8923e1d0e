"""A conversation flattened into one text, with tags that say who speaks.

A text is split only where its tags are of a known template and both sides speak: no tags, no guess.
"""

import re

from pipeline.readers.formats.roles import ROLES
from pipeline.readers.formats.turns import Turn, joined

TEMPLATES = (
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
"""Tags of chat templates; what stands before the first is the system text."""

LABELS = (
    re.compile(r"<(?P<who>system|user|human|customer|bot|assistant|agent)> *:", re.I),
    re.compile(r"(?:\A\s*|\n\n)(?P<who>Human|Assistant):"),
    re.compile(
        r"^[ \t]*(?P<who>system|user|human|customer|bot|chatbot|assistant|agent|ai)[ \t]*:",
        re.I | re.M,
    ),
)
"""Names before what is said. People write such lines in replies too, so the text must begin so."""

WORDS = ROLES | {
    **dict.fromkeys(("[inst]", "instruction", "input"), "user"),
    **dict.fromkeys(("[/inst]", "response", "output"), "assistant"),
}
BEGIN = re.compile(
    r"\s*(?:<s>|<\||<start_of_turn>|\[INST\]|### |<?(?:user|human|customer|system)>?[ \t]*:"
    r"|Below is an instruction)",
    re.I,
)
END = (
    "<|im_end|>", "<|eot_id|>", "<end_of_turn>", "<|endoftext|>", "<|end_of_text|>", "<|end|>",
    "<|begin_of_text|>", "<s>", "</s>", "<bos>", "<eos>",
)  # fmt: skip
"""Tokens that a template puts between turns and behind the last."""

SYSTEM_IN_USER = re.compile(r"\s*<<SYS>>(?P<system>.*?)<</SYS>>(?P<user>.*)", re.S)
ALPACA_PRELUDE = "Below is an instruction"
"""Alpaca's template begins so: words of the template, not of the conversation."""


def whole(text: str) -> list[Turn] | None:
    """The turns of a text in which both sides speak; None when its tags are not known."""
    for pattern in TEMPLATES:
        if (said := _split(pattern, text, prelude=True)) is not None:
            return said
    for pattern in LABELS:
        if (said := _split(pattern, text, prelude=False)) is not None:
            return said
    return None


def asked(text: str) -> list[Turn]:
    """The turns of a prompt: those of a transcript, or the one question."""
    text = without_separator(text)
    return history(text) or [{"role": "user", "content": text}]


def history(text: str) -> list[Turn] | None:
    """The turns of a question that is a transcript up to where the assistant should answer.

    A transcript that ends with a reply is what the question is about, and stays one text.
    """
    if not BEGIN.match(text):
        return None
    said = whole(text)
    if said is None:
        return None
    if said[-1]["role"] == "assistant" and not said[-1]["content"]:
        return said[:-1]
    return said if said[-1]["role"] == "user" else None


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


def without_end(text: str) -> str:
    """A text without the end-of-text tokens of a template behind it."""
    while (stripped := text.rstrip()).endswith(END):
        token = next(token for token in END if stripped.endswith(token))
        text = stripped.removesuffix(token)
    return text


def _split(pattern: re.Pattern[str], text: str, prelude: bool) -> list[Turn] | None:
    tags = list(pattern.finditer(text))
    if len(tags) < 2:
        return None
    before = without_end(text[: tags[0].start()]).strip()
    if before and not prelude:
        return None
    said: list[Turn] = []
    if before and not before.startswith(ALPACA_PRELUDE):
        said.append({"role": "system", "content": before})
    ends = [tag.start() for tag in tags[1:]] + [len(text)]
    for tag, end in zip(tags, ends, strict=True):
        word = tag["who"].lower()
        content = without_end(text[tag.end() : end]).strip()
        said += _turns(WORDS.get(word, word), content)
    said = joined(said, "\n\n")
    speakers = [one["role"] for one in said if one["role"] != "system"]
    return said if speakers[:1] == ["user"] and "assistant" in speakers else None


def _turns(who: str, content: str) -> list[Turn]:
    inside = SYSTEM_IN_USER.fullmatch(content) if who == "user" else None
    if inside is None:
        return [{"role": who, "content": content}]
    return [
        {"role": "system", "content": inside["system"].strip()},
        {"role": "user", "content": inside["user"].strip()},
    ]
