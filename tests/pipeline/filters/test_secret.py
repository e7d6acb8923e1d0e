"""Keys and passwords are found wherever they stand; variables, words and hashes are none."""

import pytest

from pipeline.filters.secret import Secret, entropy, secrets
from schemas.message import Function, Message, ToolCall
from schemas.record import Record

DRAWN = "q7Xw2Lp9Rt4Zk8Vb3Ny6Hc1Jd5Gf0SmTaEuW"
"""36 characters that no issuer ever gave out; joined to a prefix only while the tests run."""

FOUND = [
    "AKIA" + "IOSFODNN7EXAMPLE",
    "ghp_" + DRAWN,
    "github_pat_" + DRAWN,
    "glpat-" + DRAWN[:20],
    "xoxb-" + DRAWN[:24],
    "sk_live_" + DRAWN[:24],
    "sk-ant-" + DRAWN,
    "sk-proj-" + DRAWN,
    "sk-" + DRAWN,
    "AIza" + DRAWN[:35],
    "hf_" + "qWzXvLpRtYkUvBnNyHcJdGfSmTaEuQwXz",
    "npm_" + DRAWN,
    "key-" + "9f8e7d6c5b4a39281706f5e4d3c2b1a0",
    "12345678:AA" + DRAWN[:33],
    "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0NTY3ODkwIn0." + DRAWN,
    "-----BEGIN EC PRIVATE KEY-----\nMIIEpAIBAAKCAQEA0Z3VS5J\n-----END EC PRIVATE KEY-----",
]

PASSED_OVER = [
    "api_key = os.environ['API_KEY']",
    'api_key = "YOUR_API_KEY"',
    "api_key: sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "The password is password123.",
    "The password is secret.",
    "password: ********",
    "password = input('Your password: ')",
    "token = request.headers.get('X-Token')",
    "token = tokenizer.decode(ids)",
    "mysql://user:password@localhost/db",
    "postgres://app:${DB_PASSWORD}@db/app",
    "The key point is that 3.14159265358979 is pi.",
    "commit 9f8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c",
    "550e8400-e29b-41d4-a716-446655440000",
    "A secret garden grew behind the house2go shop.",
    "sk-learn is written scikit-learn.",
    "La clave es la paciencia, y todo llega.",
    "密码：至少八个字符，包括大小写字母。",
]


@pytest.mark.parametrize("secret", FOUND)
def test_the_forms_of_issuers_are_found_and_masked(says, talk, secret: str) -> None:
    reply = f"Use {secret} for now."
    assert says(Secret(), talk("Which key?", reply)) == ["flag secret"]
    assert Secret().mask(reply) == "Use [SECRET] for now."


@pytest.mark.parametrize(
    "text",
    [
        'api_key = "9f2Kq81LmZx04Tt7"',
        "API key: 9f2Kq81LmZx04Tt7",
        "The password is k7#Rt29!vX.",
        "Das Passwort ist k7#Rt29!vX",
        "contraseña: k7#Rt29!vX",
        "密码：k7Rt29vXp0",
        "client_secret='Zx04Tt7k7Rt29vXp'",
        "Authorization: Bearer 9f2Kq81LmZx04Tt7aB3d",
        "postgres://app:k7Rt29vXp0@db.example.org/app",
    ],
)
def test_a_value_that_is_given_to_a_name_and_looks_drawn_is_found(says, talk, text: str) -> None:
    assert says(Secret(), talk("How do I log in?", text)) == ["flag secret"]


@pytest.mark.parametrize("text", PASSED_OVER)
def test_what_nobody_has_to_revoke_is_passed_over(says, talk, text: str) -> None:
    assert says(Secret(), talk("How do I log in?", text)) == []
    assert Secret().mask(text) == text


def test_a_password_that_the_user_asked_to_make_up_is_no_secret(says, talk) -> None:
    record = talk("Generate a strong password for me.", "Your password is k7#Rt29!vX.")
    assert says(Secret(), record) == []


def test_system_texts_and_calls_are_looked_at_too(frame) -> None:
    call = ToolCall(function=Function(name="f", arguments=f'{{"key": "{FOUND[0]}"}}'))
    turns = (
        Message(role="system", content=f"The token is {FOUND[1]}"),
        Message(role="user", content="Go on."),
        Message(role="assistant", tool_calls=(call,)),
    )
    found = Secret()(frame(Record(messages=turns, source="x")))
    assert found["value"].to_list() == [2.0]


@pytest.mark.parametrize(("action", "said"), [("drop", "drop"), ("mask", "flag"), ("flag", "flag")])
def test_the_action_is_a_setting(says, talk, action: str, said: str) -> None:
    assert says(Secret(action=action), talk("Which key?", FOUND[0])) == [f"{said} secret"]


def test_masking_twice_changes_nothing_more() -> None:
    text = " and ".join(FOUND)
    once = Secret().mask(text)
    assert once.count("[SECRET]") == len(secrets(text)) == len(FOUND)
    assert Secret().mask(once) == once


def test_entropy_is_in_bits_a_character() -> None:
    assert entropy("aaaa") == 0
    assert entropy("abcd") == 2


@pytest.mark.parametrize("value", ["aabb1122", "ab12ab12", "1a1a1a1a1a1a"])
def test_a_value_of_few_different_characters_is_not_random(says, talk, value: str) -> None:
    assert says(Secret(), talk("How do I log in?", f"password: {value}")) == []
