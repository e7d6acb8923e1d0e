"""Keys, tokens and passwords in a conversation."""

import math
import re
from collections import Counter
from functools import cache

import polars as pl

from pipeline.features.texts import everything
from pipeline.filters.screen import with_measure
from pipeline.filters.spans import Span, disjoint, write_masks
from pipeline.filters.stage import FlagDropOrMask, Stage
from pipeline.filters.word_lists import word_list
from schemas.reasons import Reason

SECRET_MASK = "[SECRET]"

_FORM_SCREEN = (
    r"AKIA|ASIA|gh[pousr]_|github_pat_|glpat-|xox[a-z]-|hooks\.slack|k_live_|sk-|AIza|hf_|r8_|gsk_"
    r"|npm_|pypi-|SG\.|key-[0-9a-f]{32}|shp[a-z]{2}_|dop_v1_|\d{8}:AA|AccountKey=|eyJ[\w-]{10}"
    r"|PRIVATE KEY|://[^/\s:@]{1,60}:[^/\s:@]{6,80}@"
)

_FORMS = re.compile(
    r"""
    (?<![A-Za-z0-9]) (?:
    A[KS]IA[0-9A-Z]{16}                                       # AWS
    | gh[pousr]_[A-Za-z0-9]{36,251} | github_pat_\w{22,255}   # GitHub
    | glpat-[\w-]{20,}                                        # GitLab
    | xox[abeoprs]-[\w-]{10,} | hooks\.slack\.com/services/T\w+/B\w+/\w{16,}
    | [sr]k_live_[0-9A-Za-z]{16,}                             # Stripe
    | sk-(?:ant|proj|svcacct|admin)-[\w-]{20,} | sk-[A-Za-z0-9]{32,}
    | AIza[\w-]{35}                                           # Google
    | hf_[A-Za-z]{30,} | r8_\w{30,} | gsk_\w{40,}             # Hugging Face, Replicate, Groq
    | npm_[A-Za-z0-9]{36} | pypi-AgEI[\w-]{50,}
    | SG\.[\w-]{22}\.[\w-]{43} | key-[0-9a-f]{32}             # SendGrid, Mailgun
    | shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32} | dop_v1_[0-9a-f]{64}  # Shopify, DigitalOcean
    | \d{8,10}:AA[\w-]{33}                                    # Telegram
    | AccountKey=[A-Za-z0-9+/]{86}==                          # Azure
    | eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}                # a signed web token
    ) (?![A-Za-z0-9])
    """,
    re.VERBOSE,
)
"""Forms that issuers give to their keys so that they can be found."""

_PRIVATE_KEY = re.compile(
    r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY(?: BLOCK)?-----\s+\S{20}"
    r"(?:.*?-----END (?:[A-Z]+ )?PRIVATE KEY(?: BLOCK)?-----|\S*)",
    re.DOTALL,
)

_BEARER = re.compile(r"(?i)\bbearer\s+(?P<value>[\w.~+/-]{16,})")

_IN_ADDRESS = re.compile(
    r"\b[a-z][a-z0-9+.-]{2,20}://[^\s/:@\"'<>]{1,60}:(?P<value>[^\s/:@\"'<>]{6,80})@"
)

_MIN_ENTROPY = 2.75
"""Bits a character. Ten random characters have 3.2 on average; `xxxxxxxx-1` has 1.1."""

_MIN_ENTROPY_OF_FORMS = 2.5


class Secret(Stage):
    """Find keys, tokens and passwords.

    All of a conversation is searched, system texts and tool calls too: for the forms of some twenty
    issuers, private keys, passwords in addresses, and values that are given to a name such as
    `api_key` and look random. Revoke what is found: leaving the record out does not make it secret
    again.
    """

    measures = "number of secrets"

    action: FlagDropOrMask = "flag"
    """What a finding does: `flag` keeps the record and shows the finding, `drop` leaves the record
    out, `mask` writes [SECRET] in place of the secret."""

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; each value is what this stage `measures`."""
        few = records.filter(pl.col("messages").str.contains(_screen()))
        asks_for_one = f"(?i){word_list('secret', 'asks_for_one').whole}"
        given = ~few["question"].str.contains(asks_for_one)
        texts = zip(few["messages"], given, strict=True)
        counts = [len(secrets(everything(text), given=is_given)) for text, is_given in texts]
        matching = with_measure(few, counts)
        return self.verdicts(matching, self.action, Reason.secret, pl.col("measure"))

    def mask(self, text: str) -> str:
        """The text with [SECRET] in place of each secret."""
        return write_masks(text, secrets(text))


def secrets(text: str, *, given: bool = True) -> list[Span]:
    """Where secrets are in a text, in order.

    Args:
        text: Any text.
        given: Also find values that are given to a name such as `password`; false where they are
            made up.
    """
    spans = [Span(*match.span(), SECRET_MASK) for match in _PRIVATE_KEY.finditer(text)]
    for match in _FORMS.finditer(text):
        if entropy(match[0]) >= _MIN_ENTROPY_OF_FORMS:
            spans.append(Span(*match.span(), SECRET_MASK))
    for pattern in _given() if given else ():
        for match in pattern.finditer(text):
            value = match["value"].rstrip(".!?:")
            if _looks_random(value):
                begin = match.start("value")
                spans.append(Span(begin, begin + len(value), SECRET_MASK))
    return disjoint(spans)


def _looks_random(value: str) -> bool:
    """Whether a value is of letters and digits, in no order that anybody would think of."""
    mixed = any(c.isdigit() for c in value) and any(c.isalpha() for c in value)
    return mixed and not _invented().search(value) and entropy(value) >= _MIN_ENTROPY


def entropy(text: str) -> float:
    """Shannon entropy of the characters of a text, in bits a character."""
    counts = Counter(text)
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values())


def _screen() -> str:
    """A quick look for all that `secrets` finds. Rust's syntax."""
    names = word_list("secret", "screen").anywhere
    return rf"{_FORM_SCREEN}|(?i:{names}).{{0,12}}[:=：\s是].{{0,3}}[^\s]{{8}}"


@cache
def _given() -> tuple[re.Pattern[str], ...]:
    """Patterns of a `value` that is given to a name of secrets, and of passwords in addresses."""
    names, equals = word_list("secret", "names").anywhere, word_list("secret", "equals").whole
    named = re.compile(
        rf"(?i)(?:{names})[\"']?\s*(?:[:=：]|{equals})\s*[\"'`]?"
        r"(?P<value>(?a:[\w!#$%&*+./:=?@^|~-]{8,200}))"
    )
    return named, _BEARER, _IN_ADDRESS


@cache
def _invented() -> re.Pattern[str]:
    """Finds that a value is no real secret: a variable, a word, counting."""
    return re.compile(
        r"(?i)\*{3}|\.{3}|^\$|\$[{(]|%[sd(]|%\w+%|self\.|://|^[a-z]+[_.-][a-z_.-]+\d?$"
        rf"|{word_list('secret', 'invented').anywhere}"
    )
