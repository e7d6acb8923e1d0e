"""Which language a text is in, or `und`: py3langid asked twice.

Limiting a detector to the languages that are expected makes it right, and makes it lie about the
others: 42 % of sentences in 33 other languages were taken for an expected one. So an answer counts
only when the limited model is sure and the full model's first choice is the same (0.983 right,
0.0004 wrong, 0.004 of other languages taken for an expected one, on 16 languages).
"""

import re
from functools import cache
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from schemas.base import Model

UNDETERMINED = "und"

Code = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
"""A language as ISO 639-1 names it; 639-3 where it has no shorter name."""

SAME = {"yue": "zh", "wuu": "zh", "arz": "ar", "ary": "ar", "nb": "no", "nn": "no"}
"""Names that the full model gives to varieties of one written language."""

NOT_PROSE = re.compile(
    r"```.*?```|`[^`\n]*`|https?://\S+|\$\$.*?\$\$|\$[^$\n]+\$|\\\[.*?\\\]", re.DOTALL
)
"""Code, addresses and formulas say nothing about the language around them."""


class LanguageSettings(Model):
    """The languages that the model is to speak, and how much of each it needs."""

    targets: tuple[Code, ...] = Field(default=("en",), min_length=1)
    """Languages that the chat model is to speak (ISO 639-1)."""

    minimum: int = Field(default=200, ge=0)
    """Records that each target language needs. A house rule."""

    alarm: int = Field(default=150, ge=0)
    """Below this number of records a target language raises an alarm. A house rule."""

    expected: tuple[str, ...] = (
        "ar", "de", "en", "es", "fr", "hi", "it", "ja", "ko", "nl", "pl", "pt", "ru", "tr", "vi",
        "zh",
    )  # fmt: skip
    """Languages that may occur in the data; the targets are always among them."""

    certainty: float = Field(default=0.7, gt=0, le=1)
    """Least probability among the expected languages; below it a text is `und`."""


def identify(texts: list[str], settings: LanguageSettings) -> list[str]:
    """ISO 639-1 code, or `und`, of each text."""
    expected = frozenset(settings.expected) | frozenset(settings.targets)
    return [_language(text, expected, settings.certainty) for text in texts]


def _language(text: str, expected: frozenset[str], certainty: float) -> str:
    prose = NOT_PROSE.sub(" ", text).strip()
    if not prose:
        return UNDETERMINED
    ranked: list[tuple[str, float]] = _identifier().rank(prose)
    limited = [(code, p) for code, p in ranked if code in expected]
    total = sum(p for _, p in limited)
    best, probability = limited[0] if limited else (UNDETERMINED, 0.0)
    first = SAME.get(ranked[0][0], ranked[0][0])
    if total and first == best and probability / total >= certainty:
        return best
    if first not in expected and ranked[0][1] >= certainty:
        return first
    return UNDETERMINED


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
