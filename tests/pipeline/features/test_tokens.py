"""Tokens are counted as a chat model would, in every script."""

from pathlib import Path

import pytest

from pipeline.features.tokens import RULES, TokenSettings, count_tokens
from schemas.errors import UserError

CHINESE = "订单已发货，请耐心等待送达。"
THAI = "พัสดุของคุณจะมาถึงในอีกสองวันทำการ"


def count(text: str, tokenizer: str = RULES) -> int:
    return count_tokens([[text]], TokenSettings(tokenizer=tokenizer))[0]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", 0),
        ("Yes.", 2),
        ("It isn't 3.5 €!", 9),
        (CHINESE, 14),
        ("ひらがな", 4),
        ("한국어", 3),
        ("ไทย", 3),
        ("état", 1),
    ],
)
def test_rules_count_words_signs_and_characters_of_scripts_without_spaces(
    text: str, tokens: int
) -> None:
    assert count(text) == tokens


@pytest.mark.parametrize("text", [CHINESE, THAI])
def test_an_english_tokenizer_does_not_make_a_sentence_of_another_script_short(text: str) -> None:
    """A WordPiece gives one `[UNK]` for a whole Thai sentence."""
    assert count(text, TokenSettings().tokenizer) >= 10


def test_the_packaged_tokenizer_counts_pieces_and_no_special_tokens() -> None:
    assert count("Yes.", TokenSettings().tokenizer) == 2
    assert count("antidisestablishmentarianism", TokenSettings().tokenizer) > 1


def test_the_longest_reply_counts_and_no_reply_is_none() -> None:
    counts = count_tokens([["one", "one two"], [], [""]], TokenSettings(tokenizer=RULES))
    assert counts == [2, 0, 0]


@pytest.mark.parametrize("tokenizer", [RULES, TokenSettings().tokenizer])
def test_a_long_reply_is_counted_to_its_end(tokenizer: str) -> None:
    assert count("word " * 50_000, tokenizer) == 50_000


@pytest.mark.parametrize("name", ["package:nothing-known", "broken.json", "folder"])
def test_a_tokenizer_that_cannot_be_loaded_is_the_users_mistake(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("broken.json").write_text("{}")
    Path("folder").mkdir()
    with pytest.raises(UserError) as caught:
        count("a", name)
    assert caught.value.remedy
