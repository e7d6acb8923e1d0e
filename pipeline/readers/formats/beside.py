"""What the names of columns beside a conversation mean: system text, history, reasoning, labels.

Names are compared without case, blanks and punctuation, so that `systemPrompt` and `System Prompt`
are one.
"""

import re
from functools import lru_cache
from typing import Any, NamedTuple

SYSTEM_NAMES = ("preamble", "persona", "instructions", "sysprompt", "developer", "rolesetting")
"""Besides every name that begins with `system`."""

SCRIPTED_NAMES = frozenset(("utterances", "scenario"))
"""Columns of dialogues that people played."""

HISTORY_BEGINNINGS = ("previous", "prior", "past", "earlier")
"""Besides every name that ends in `history`; followed by `HISTORY_ENDINGS`."""

HISTORY_ENDINGS = ("turns", "messages", "conversation", "dialogue", "dialog", "chat")

REASONING_NAMES = frozenset(
    (
        "reasoning", "reasoningcontent", "thinking", "thought", "thoughts", "chainofthought", "cot",
        "complexcot", "rationale", "reasoningtrace", "thinkingtrajectory", "reasoningtext",
        "scratchpad", "think", "reasoningprocess", "thoughtprocess", "innermonologue",
    )
)  # fmt: skip
"""Columns, and fields of messages, that say what was thought before the answer."""

MEDIA_NAMES = {
    "a picture": ("image", "picture", "photo", "img", "pixelvalues", "screenshot"),
    "sound": ("audio", "speech", "sound", "voice"),
    "a video": ("video",),
}
SWITCH_NAMES = frozenset(("weight", "lossweight", "train", "training", "trainable", "learn"))
"""Columns in which 0 or false says that a row is not to be trained on."""

FILE_NAMES = frozenset(("file", "files", "attachment", "attachments", "media", "assets"))
"""Columns of files of any kind, which count where one is a picture, sound or a video."""

MEDIA_ENDINGS = {
    "a picture": (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tiff", ".heic"),
    "sound": (".mp3", ".wav", ".ogg", ".flac", ".m4a", ".opus"),
    "a video": (".mp4", ".mov", ".webm", ".avi", ".mkv"),
}

MEDIA_FORMS = ("", "s", "path", "paths", "url", "urls", "file", "files", "id", "ids", "bytes")
"""What may follow such a name: `images`, `image_path`."""

MARK_NAMES = frozenset(
    (
        "label", "kto", "ktotag", "ktolabel", "desirable", "isdesirable", "feedback", "rating",
        "thumbs", "thumb", "vote", "userfeedback", "humanfeedback", "liked", "isgood", "good",
        "accepted", "approved", "quality", "annotation", "thumbsup", "upvoted", "preferred",
    )
)  # fmt: skip
"""Columns, and fields of messages, in which people or trainers say whether a reply is good."""

MARK_ENDINGS = ("rating", "feedback", "reaction", "vote", "thumbs")
"""Ends of longer names of such columns: `user_rating`, `customer_feedback`."""

INVERSE_MARK_NAMES = frozenset(
    (
        "thumbsdown",
        "thumbdown",
        "downvoted",
        "disliked",
        "isbad",
        "bad",
        "undesirable",
        "isrejected",
    )
)  # fmt: skip
"""Columns in which yes means that the reply is bad."""

TOOL_NAMES = frozenset(("tools", "functions", "availabletools", "toolspec", "toolconfig"))
LANGUAGE_NAMES = frozenset(("language", "lang"))
DOMAIN_NAMES = ("domain", "category")


class ColumnsBeside(NamedTuple):
    """The columns of a row by what they are for, in the order of `names`."""

    system: tuple[str, ...]
    history: tuple[str, ...]
    reasoning: tuple[str, ...]
    media: tuple[tuple[str, str], ...]
    """Name, and what it holds: `a picture`."""
    marks: tuple[str, ...]
    """Labels that say whether the reply is good."""
    files: tuple[str, ...]
    """Columns of files of any kind."""
    switches: tuple[str, ...]
    """Columns that may say that the row is not to be trained on."""
    tools: tuple[str, ...]
    language: tuple[str, ...]
    domain: tuple[str, ...]

    def without(self, used: tuple[str, ...]) -> "ColumnsBeside":
        """The columns that were not used."""
        groups = {
            kind: tuple(column for column in columns if column not in used)
            for kind, columns in self._asdict().items()
        }
        groups["media"] = tuple((name, kind) for name, kind in self.media if name not in used)
        return ColumnsBeside(**groups)


@lru_cache(maxsize=1024)
def columns_beside(names: tuple[Any, ...]) -> ColumnsBeside:
    """The columns among these names; cached, as the rows of a file have few sets of columns."""
    keys = {name: column_key(name) for name in names if isinstance(name, str)}
    is_played = not SCRIPTED_NAMES.isdisjoint(keys.values())
    system = [name for name, key in keys.items() if is_system_name(key, is_played)]
    return ColumnsBeside(
        # `system` itself goes first: others may say something about it.
        system=tuple(sorted(system, key=lambda name: column_key(name) != "system")),
        history=tuple(name for name, key in keys.items() if _is_history(key)),
        reasoning=tuple(name for name, key in keys.items() if key in REASONING_NAMES),
        media=tuple((name, kind) for name, key in keys.items() if (kind := _media_kind(key))),
        marks=tuple(name for name, key in keys.items() if is_mark_name(key)),
        switches=tuple(name for name, key in keys.items() if key in SWITCH_NAMES),
        files=tuple(name for name, key in keys.items() if key in FILE_NAMES),
        tools=tuple(name for name, key in keys.items() if key in TOOL_NAMES),
        language=tuple(name for name, key in keys.items() if key in LANGUAGE_NAMES),
        domain=tuple(
            name for wanted in DOMAIN_NAMES for name, key in keys.items() if key == wanted
        ),
    )


@lru_cache(maxsize=4096)
def column_key(name: object) -> str:
    """A name without case, blanks and punctuation: `System Prompt` becomes `systemprompt`."""
    return re.sub(r"[\W_]+", "", str(name)).lower()


def is_mark_name(key: str) -> bool:
    """Whether a column or field of this key says whether a reply is good."""
    return key in MARK_NAMES or key.endswith(MARK_ENDINGS) or key in INVERSE_MARK_NAMES


def is_system_name(key: str, is_played: bool) -> bool:
    """Whether a column of this key holds what the assistant is told before the conversation.

    `is_played`: people played the dialogue, and were told what to say in such columns.
    """
    return key.startswith("system") or (key in SYSTEM_NAMES and not is_played)


def _is_history(key: str) -> bool:
    if key.endswith("history"):
        return True
    return key.startswith(HISTORY_BEGINNINGS) and key.endswith(HISTORY_ENDINGS)


def _media_kind(key: str) -> str:
    for kind, names in MEDIA_NAMES.items():
        for name in names:
            if key.startswith(name) and key[len(name) :] in MEDIA_FORMS:
                return kind
    return ""
