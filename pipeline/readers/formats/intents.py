"""Intents of a chatbot: `{"intents": [{"tag": …, "patterns": […], "responses": […]}, …]}`."""

from typing import Any

from pipeline.readers.candidate import Candidate, LeftOut, Refused
from pipeline.readers.formats.left_out import is_empty
from schemas.reasons import Rejection

PATTERN_NAMES = ("patterns", "questions", "examples", "utterances", "user_says")
RESPONSE_NAMES = ("responses", "answers", "replies", "response")
TAG_NAMES = ("tag", "intent", "name")


def to_candidates(row: Any) -> list[Candidate | Refused] | None:
    """A conversation for each pattern, or None when a row holds no intents.

    Pattern i gets response i, and the first again behind the last, so that each response is learnt
    about as often. A tag with more responses than patterns has some that are left out by name.
    """
    if not isinstance(row, dict):
        return None
    if "intents" not in row:
        return _conversations(row) if _is_intent(row) else None
    intents = row["intents"]
    if isinstance(intents, dict):  # By tag.
        items = intents.items()
        intents = [{"tag": tag, **item} for tag, item in items if isinstance(item, dict)]
    if not isinstance(intents, list) or not any(map(_is_intent, map(_with_patterns, intents))):
        return None
    return [candidate for intent in intents for candidate in _read(_with_patterns(intent))]


def _with_patterns(intent: Any) -> Any:
    """An intent whose patterns are called `text`, as one of many intents may call them."""
    if not isinstance(intent, dict) or any(name in intent for name in PATTERN_NAMES):
        return intent
    return {"patterns" if name == "text" else name: cell for name, cell in intent.items()}


def _is_intent(intent: Any) -> bool:
    if not isinstance(intent, dict) or not any(name in intent for name in TAG_NAMES):
        return False
    return _texts(intent, PATTERN_NAMES) is not None and _texts(intent, RESPONSE_NAMES) is not None


def _read(intent: Any) -> list[Candidate | Refused]:
    """The conversations of one of several intents, or why it has none."""
    if _is_intent(intent):
        return _conversations(intent)
    tag = _tag(intent) if isinstance(intent, dict) else None
    name = "an intent" if tag is None else f"the intent {str(tag)[:40]}"
    why = f"{name} is no tag with a list of patterns and a list of responses"
    return [Refused(Rejection.unreadable, why)]


def _tag(intent: dict[str, Any]) -> Any:
    return next((intent[name] for name in TAG_NAMES if name in intent), None)


def _conversations(intent: dict[str, Any]) -> list[Candidate | Refused]:
    patterns, responses = _texts(intent, PATTERN_NAMES), _texts(intent, RESPONSE_NAMES)
    tag = _tag(intent)
    if not patterns or not responses:
        missing = "pattern" if not patterns else "response"
        reason = Rejection.no_user_turn if not patterns else Rejection.no_assistant_turn
        return [Refused(reason, f"the intent {str(tag)[:40]} has no {missing}")]
    left_out = [LeftOut("intents.responses", True)] if len(responses) > len(patterns) else []
    known = {*PATTERN_NAMES, *RESPONSE_NAMES, *TAG_NAMES}
    left_out += [
        LeftOut(f"intents.{name}", False)
        for name in intent
        if name not in known and not is_empty(intent[name])
    ]
    return [
        Candidate(
            [
                {"role": "user", "content": pattern},
                {"role": "assistant", "content": responses[place % len(responses)]},
            ],
            domain=tag,
            left_out=left_out,
        )
        for place, pattern in enumerate(patterns)
    ]


def _texts(intent: dict[str, Any], names: tuple[str, ...]) -> list[str] | None:
    """The texts under the first of these names that are not blank; None where there is no list."""
    cell = next((intent[name] for name in names if name in intent), None)
    listed = [cell] if isinstance(cell, str) else cell
    if not isinstance(listed, list) or not all(isinstance(text, str) for text in listed):
        return None
    return [text for text in listed if text.strip()]
