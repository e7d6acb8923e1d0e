"""The turns of a candidate put in order: who speaks, and what one side says in several lines.

People write two lines in a row, desks greet before they are asked, tools are called side by side.
Chat templates know none of that, so lines of one side become one turn, and what the assistant says
before the user has spoken is cut and counted.
"""

from collections import Counter
from functools import lru_cache
from itertools import pairwise
from typing import Any

from pipeline.readers.candidate import Refused, Turn
from pipeline.readers.formats.parts import media_kind, text_of_part
from pipeline.readers.formats.roles import CALLING_WORDS
from schemas.reasons import Rejection

ROLES = frozenset(("system", "developer", "user", "assistant", "tool"))
SIDES = frozenset(("user", "assistant"))

GREETING = "assistant before the user"
"""The kind of cut for what the assistant says first."""


def in_order(turns: list[Turn], cuts: Counter[str]) -> list[Turn] | Refused:
    """The turns with OpenAI's roles, one a side, from the user's first; or why there are none.

    Turns that are in order are given back as they are.

    Args:
        turns: What a format made of a row.
        cuts: Counts by kind of what is cut, which grow.
    """
    try:
        if _is_in_order(tuple([turn["role"] for turn in turns])):
            for turn in turns:
                if not isinstance(turn["content"], str):
                    break
            else:
                return turns
    except (KeyError, TypeError):  # No role, or one that is a list.
        pass
    return _put_in_order(turns, cuts)


@lru_cache(maxsize=4096)
def _is_in_order(roles: tuple[Any, ...]) -> bool:
    """Whether turns of these roles are as they should be; cached, as most chats have few."""
    sides = [role for role in roles if role not in ("system", "developer")]
    doubled = any(one == other and one in SIDES for one, other in pairwise(roles))
    return ROLES.issuperset(roles) and not doubled and sides[:1] != ["assistant"]


def _put_in_order(turns: list[Turn], cuts: Counter[str]) -> list[Turn] | Refused:
    roles = [turn.get("role") for turn in turns]
    if not ROLES.issuperset(role for role in roles if isinstance(role, str)) or None in roles:
        named = _with_roles(turns)
        if isinstance(named, Refused):
            return named
        turns, roles = named, [turn["role"] for turn in named]
    for number, turn in enumerate(turns, 1):
        if not isinstance(turn.get("content"), str) and (fault := _fault(number, turn)):
            return fault
    if any(one == other and one in SIDES for one, other in pairwise(roles)):
        turns = _joined(turns)
        roles = [turn["role"] for turn in turns]
    first = next((role for role in roles if role not in ("system", "developer")), None)
    if first == "assistant" and "user" in roles and _answers_later(roles):
        start = roles.index("user")
        cuts[GREETING] += 1
        return [turn for turn in turns[:start] if turn["role"] in ("system", "developer")] + turns[
            start:
        ]
    return turns


def _answers_later(roles: list[Any]) -> bool:
    """Whether the assistant speaks again once the user has spoken."""
    return "assistant" in roles[roles.index("user") :]


def _with_roles(turns: list[Turn]) -> list[Turn] | Refused:
    """The turns with the role of a speaker who is not known, where the other side tells it."""
    words = list(dict.fromkeys(str(turn.get("role")) for turn in turns))
    unknown = [word for word in words if word not in ROLES]
    known = [word for word in words if word in SIDES]
    if unknown[0].strip().lower() in CALLING_WORDS:
        number = 1 + [str(turn.get("role")) for turn in turns].index(unknown[0])
        why = f"turn {number} calls a tool, but is not the JSON of a name and arguments"
        return Refused(Rejection.unreadable, why)
    if len(unknown) == 1 and len(known) == 1:
        other = "assistant" if known == ["user"] else "user"
        return [
            turn | {"role": other} if str(turn.get("role")) == unknown[0] else turn
            for turn in turns
        ]
    number = 1 + [str(turn.get("role")) for turn in turns].index(unknown[0])
    names = ", ".join(f'"{word[:40]}"' for word in unknown[:4])
    why = f"turn {number} is by {names}; call the speakers user and assistant"
    return Refused(Rejection.unknown_format, why)


def _fault(number: int, turn: Turn) -> Refused | None:
    """What is wrong with a turn whose content is not a text; None for nothing."""
    content = turn.get("content")
    if content is None:
        if turn.get("tool_calls"):
            return None
        why = f"turn {number} ({turn['role']}) says nothing and calls no tool: its content is null"
        return Refused(Rejection.unreadable, why)
    parts = content if isinstance(content, list) else [content]
    for part in parts:
        if text_of_part(part) is None:
            kind = media_kind(part)
            if kind:
                why = f"turn {number} holds {kind}, and only text is trained on here"
                return Refused(Rejection.not_text, why)
            what: Any = type(part).__name__
            if isinstance(part, dict):
                what = part.get("type") or next(iter(part), "an empty object")
            why = f"turn {number} holds a part that is not text: {str(what)[:40]}"
            return Refused(Rejection.unreadable, why)
    return None


def _joined(turns: list[Turn]) -> list[Turn]:
    """The turns where those of one side that follow each other are one."""
    joined: list[Turn] = []
    for turn in turns:
        last = joined[-1] if joined else None
        if last is not None and _belong_together(last, turn):
            joined[-1] = _one_turn(last, turn)
        else:
            joined.append(turn)
    return joined


def _belong_together(turn: Turn, following: Turn) -> bool:
    """Whether two turns are of one side, and alike in whether they are learnt and who is named."""
    if turn["role"] not in SIDES or turn["role"] != following["role"]:
        return False
    same = all(turn.get(key) == following.get(key) for key in ("learn", "name"))
    # After a call comes its result: a text behind it that does not wait is another turn.
    return same and (not turn.get("tool_calls") or bool(following.get("tool_calls")))


def _one_turn(turn: Turn, following: Turn) -> Turn:
    texts = [_text(turn), _text(following)]
    content: Any = "\n".join(text for text in texts if text)
    both = turn | following | {"content": content}
    calls = [*turn.get("tool_calls", ()), *following.get("tool_calls", ())]
    if calls:
        both |= {"tool_calls": calls, "content": content or None}
    thoughts = [part["reasoning"] for part in (turn, following) if part.get("reasoning")]
    return both | {"reasoning": "\n".join(thoughts)} if thoughts else both


def _text(turn: Turn) -> str:
    content = turn["content"]
    if isinstance(content, list):
        return "\n".join(text for part in content if (text := text_of_part(part)))
    return content or ""
