"""Tags of a chat template in a text: special tokens and separators, known by their form."""

import re

from pipeline.readers.formats.special_tokens import TOKEN_SHAPES

ANY_TOKEN = "|".join(TOKEN_SHAPES.values())
"""A quick look, also for Polars."""

_ANY_TOKEN = re.compile(ANY_TOKEN)

_THOUGHT_MARKERS = re.compile(
    r"<\|(?:begin|end)_of_(?:thought|thinking|reasoning|solution|answer)\|>"
)
_STRUCK = re.compile(r"(?<=\S)[ \t]*<s>[^<\n]*</s>|<s>[^<\n]*</s>(?=[ \t]*\S)")
"""Text struck through in HTML, inside of a line. Around a whole line `<s>` is a token."""

_SHAPES = {family: re.compile(shape) for family, shape in TOKEN_SHAPES.items()}

_WORD_BEFORE = re.compile(r"[\w,;] \Z|[\"'“”„«‘(]\Z")
_SENTENCE_GOES_ON = re.compile(r" +(?![A-Z])\w|[,;)\"'”“»’]|[.:!?](?:\s|\Z)")
_UNSPACED_LETTER = re.compile(r"[^\W\d_a-zA-Z]")


def count_tokens_by_family(text: str) -> dict[str, tuple[int, int]]:
    """How many tokens of each family a text has: those that stand as a tag, and those mentioned.

    A token is mentioned where a sentence goes on around it: `end it with </s>, please`.
    """
    if not _ANY_TOKEN.search(text):
        return {}
    text = _THOUGHT_MARKERS.sub("", text)
    counts = {}
    for family, shape in _SHAPES.items():
        searched = _STRUCK.sub(" ", text) if family == "sequence" else text
        mentioned = [_is_mentioned(match) for match in shape.finditer(searched)]
        if mentioned:
            counts[family] = (mentioned.count(False), mentioned.count(True))
    return counts


def _is_mentioned(token: re.Match[str]) -> bool:
    before, after = token.string[: token.start()][-2:], token.string[token.end() :][:8]
    if _WORD_BEFORE.search(before) and _SENTENCE_GOES_ON.match(after):
        return True
    inside_of_letters = _UNSPACED_LETTER.match(before[-1:]) and _UNSPACED_LETTER.match(after)
    return inside_of_letters is not None and before[-1:].lower() == before[-1:].upper()
