"""A set of our own writing with invented secrets and personal data, and with what looks like them.

Values are made by a seeded program, so that no file of this repository holds a key. In templates
`{…}` is what must be found; everything else must not be.
"""

import random
import re
import string
from collections import defaultdict
from collections.abc import Callable

from stdnum import luhn

from pipeline.filters.personal_data import PersonalData
from pipeline.filters.secret import secrets

LETTERS = string.ascii_letters + string.digits
ROUNDS = 20
"""Values of each kind."""

Make = Callable[[random.Random], str]


def _drawn(chance: random.Random, count: int, letters: str = LETTERS) -> str:
    return "".join(chance.choices(letters, k=count))


def _iban(chance: random.Random) -> str:
    account = _drawn(chance, 18, string.digits)
    check = 98 - int(f"{account}131400") % 97
    whole = f"DE{check:02}{account}"
    return " ".join(whole[place : place + 4] for place in range(0, 22, 4))


def _card(chance: random.Random) -> str:
    first = "4" + _drawn(chance, 14, string.digits)
    number = first + luhn.calc_check_digit(first)
    return " ".join(number[place : place + 4] for place in range(0, 16, 4))


def _mail(chance: random.Random) -> str:
    names, hosts = ("anna.berger", "k_wu", "j.ortega88", "ivanova"), ("fernhill", "tarn-post")
    return f"{chance.choice(names)}@{chance.choice(hosts)}.{chance.choice(('net', 'co.uk', 'de'))}"


def _password(chance: random.Random) -> str:
    return _drawn(chance, 6) + chance.choice("#!%?@") + _drawn(chance, 5) + "7kQ"


SECRETS: dict[str, Make] = {
    "My key is {}.": lambda r: f"AKIA{_drawn(r, 16, string.ascii_uppercase + string.digits)}",
    "export GITHUB_TOKEN={}": lambda r: f"ghp_{_drawn(r, 36)}",
    'client = OpenAI(api_key="{}")': lambda r: f"sk-proj-{_drawn(r, 48)}",
    "STRIPE={}": lambda r: f"sk_live_{_drawn(r, 24)}",
    "curl -H 'Authorization: Bearer {}'": lambda r: _drawn(r, 40) + "9Zx",
    "DATABASE_URL=postgres://app:{}@db.fernhill.net/shop": lambda r: _drawn(r, 14) + "4q",
    "The password is {}, please change it.": _password,
    "Das Passwort lautet {}": _password,
    "password: {}\nuser: anna": _password,
    "I log in with anna and {}.": _password,
    "secret_key = '{}'": lambda r: _drawn(r, 32),
    "密码是{}": lambda r: _drawn(r, 10) + "7k",
}
"""One of the twelve has no word before the value that tells what it is: nothing finds it."""

PERSONAL: dict[str, Make] = {
    "Write to {} today.": _mail,
    "<{}> wrote:": _mail,
    "My number is {}.": lambda r: f"+49 30 90182{r.randint(100, 999)}",
    "Reach me on {} after five.": lambda r: f"(212) 736-5{r.randint(100, 999)}",
    "Ruf an: {}": lambda r: f"030 90182{r.randint(100, 999)}",
    "Transfer it to {}.": _iban,
    "Card {} expires in May.": _card,
    "SSN {} on file.": lambda r: f"536-{r.randint(10, 99)}-{r.randint(1000, 9999)}",
}

NEITHER = (
    "api_key = os.environ['{d}']", 'password = "changeme"', "password: your_password_{d}",
    "token = tokens[{d}]", "sha256 {h}", "commit {h}", "The order {d} ships today.",
    "ISBN 978-3-16-1484{d}", "Call 555-01{d2} now.", "Write to support@fernhill.net.",
    "Write to anna{d2}@example.org.", "In 19{d2}-20{d2}, at 10:{d2}.", "{d}{d}{d} atoms",
    "IP 10.{d2}.0.{d2}", "The key is to wait{d2} longer.", "3.14159{d}{d}",
    "UUID 550e8400-e29b-{h4}",
    "{d} * {d} = {d}", "tracking 1Z{d}{d}", "secret: the garden of house {d2}",
    "Generate a token: tok_example_{d}", "version {d2}.{d2}.{d2}-{d}", "GPS 52.{d}, 13.{d}",
    "part no. {d2}-{d}-{d2}",
)  # fmt: skip


def precision_and_recall() -> dict[str, tuple[int, int, int]]:
    """Of each kind: how many there are, how many places were found, how many of these are right."""
    chance = random.Random(7)
    scores: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for _ in range(ROUNDS):
        for template, make in SECRETS.items():
            _score(scores["secret"], template, make(chance), _secrets)
        for template, make in PERSONAL.items():
            _score(scores["personal_data"], template, make(chance), _personal)
        for template in NEITHER:
            text = _filled(template, chance)
            scores["secret"][1] += len(_secrets(text))
            scores["personal_data"][1] += len(_personal(text))
    return {kind: (there, found, right) for kind, (there, found, right) in scores.items()}


def _score(score: list[int], template: str, value: str, find: Callable[[str], list[str]]) -> None:
    found = find(template.format(value))
    score[0] += bool(value)
    score[1] += len(found)
    score[2] += bool(value) and value in found


def _filled(template: str, chance: random.Random) -> str:
    """The template with digits and hexadecimal digits drawn anew at each place."""
    made = {
        "{d}": lambda: str(chance.randint(1000, 9_999_999)),
        "{d2}": lambda: str(chance.randint(10, 99)),
        "{h}": lambda: _drawn(chance, 40, "0123456789abcdef"),
        "{h4}": lambda: _drawn(chance, 12, "0123456789abcdef"),
    }
    return re.sub(r"\{\w+\}", lambda place: made[place[0]](), template)


def _secrets(text: str) -> list[str]:
    return [text[span.begin : span.end] for span in secrets(text)]


def _personal(text: str) -> list[str]:
    return [text[span.begin : span.end] for span in PersonalData().spans(text)]
