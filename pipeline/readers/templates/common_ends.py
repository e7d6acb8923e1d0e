"""What nearly all questions or all replies of a file begin or end with: labels, stop words.

Files for the old completion models put ` ->` or `\n\n###\n\n` behind each prompt, and ` END` behind
each completion. Learnt in a chat, the model would say it.
"""

import re
from collections import Counter
from collections.abc import Sequence

from pipeline.readers.formats.role_labels import is_person, role_of_label
from pipeline.readers.formats.special_tokens import END_TOKENS

NEARLY_ALL = 0.9
LEAST = 3
"""Texts that a file must have before anything is called common."""

SEPARATORS = ("->", "=>", "→", ">>>", "###", "===", "---", "***", "|", "~~~", "::")
"""What ends the prompts of completion files; behind them a stop word is looked for."""

SIGNS = r"(?:[-=~]+>+|→|⇒|>{2,}|:{2,}|(?P<sign>[#=~|*-])(?P=sign)*)"
"""Signs that no sentence ends with: arrows, and one sign again and again. No smileys."""
SEPARATOR = re.compile(rf"(?<=\s){SIGNS}\Z|(?<=[^\W_])(?:\#{{2,6}}|\|{{2,}}|={{3,}}|~{{2,}})\Z")
STOP = re.compile(
    r"(?P<token>(?<=\s)[A-Z]{2,12}|<[\w/|]{2,20}>|\[[A-Z_/]{2,20}\]|<\|\w{2,30}\|>"
    r"|\#{2,6}(?:\s?[A-Z]{2,10}\s?\#{2,6})?|(?<=\s)(?:end|stop)|(?<=\n)\W{0,6}[A-Za-z]{2,12}:"
    r"|(?<=\s)(?P<sign>[#=~|*-])(?P=sign)+)\Z"
)
"""What may be a stop word: capitals, a token in brackets, hashes, signs, the user's label."""

LABEL = re.compile(
    r"\s*(?:\#{1,6}[ \t]*|\*\*|<\|?|\[|【)?(?P<label>[^\W\d_](?:[\w'-]| (?=\w)){0,24}?)"
    r"(?:\*\*|\|?>|\]|】)?[ \t]*[:：](?:\*\*)?"
)
"""A label at the beginning of a reply."""

CERTAIN_STOPS = frozenset(("END", "STOP", "EOS", "EOT", "DONE", "end", "stop"))
"""Words that are stop words also where the prompts have no separator."""


def common_separator(questions: Sequence[str]) -> str | None:
    """The signs that nearly all questions end with, and that no sentence ends with."""
    found = Counter[str]()
    for text in questions:
        if match := SEPARATOR.search(text.rstrip()[-40:]):
            found[match[0]] += 1
    for signs, rows in found.most_common(1):
        return signs if _enough(rows, questions) else None
    return None


def common_stop(replies: Sequence[str], *, is_separated: bool) -> str | None:
    """The stop word that nearly all replies end with.

    Args:
        replies: The last reply of each conversation.
        is_separated: Whether the prompts end with a separator: then any word in capitals will do.
    """
    found, alone = Counter[str](), 0
    for text in replies:
        stripped = text.rstrip()
        match = STOP.search(stripped[-60:])
        if match and not stripped.endswith(("```", *END_TOKENS)):
            found[match["token"]] += 1
            alone += stripped == match["token"]
    for token, rows in found.most_common(1):
        if not _enough(rows, replies) or alone > len(replies) / 2:
            return None
        if token.endswith(":") and role_of_label(token.strip("#*: \n")) != "user":
            return None
        is_word = token.isalpha() and token not in CERTAIN_STOPS
        return None if is_word and not is_separated else token
    return None


def common_label(replies: Sequence[str], *, is_labelled: bool) -> str | None:
    """The label of the assistant that nearly all replies begin with, such as `Assistant:`.

    Args:
        replies: The last reply of each conversation.
        is_labelled: Whether the questions have labels: then `A:` and `Answer:` are labels too.
    """
    found = Counter[str]()
    for text in replies:
        if match := LABEL.match(text):
            found[match["label"]] += 1
    for label, rows in found.most_common(1):
        if _enough(rows, replies) and role_of_label(label) == "assistant":
            return label if is_labelled or is_person(label) else None
    return None


def without_label(text: str, label: str) -> str | None:
    """A reply without the label before it; None for one that has none, or is nothing else."""
    match = LABEL.match(text)
    if match is None or match["label"] != label:
        return None
    return text[match.end() :].strip() or None


def ends_with_separator(text: str) -> bool:
    """Whether a prompt ends as those for the old completion models do."""
    return text.rstrip().endswith(SEPARATORS)


def without_common_end(text: str, end: str) -> str | None:
    """A text without the common end; None for one that does not have it, or is nothing else."""
    stripped = text.rstrip()
    if not stripped.endswith(end):
        return None
    rest = stripped.removesuffix(end)
    if end[0].isalnum() and not rest[-1:].isspace():
        return None
    return rest.rstrip() or None


def _enough(rows: int, texts: Sequence[str]) -> bool:
    return rows >= max(LEAST, NEARLY_ALL * len(texts))
