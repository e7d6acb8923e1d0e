"""N-grams find small changes in any language, and leave different sentences apart."""

import numpy as np
import pytest

from pipeline.features.ngrams import ngrams

DIFFERENT = {
    "zh": "我的包裹什么时候到？|这顶帐篷能防暴雨吗？|怎么修改我的收货地址？|退款需要几天时间？",
    "th": "พัสดุของฉันจะมาถึงเมื่อไหร่|เต็นท์นี้กันฝนหนักได้ไหม|จะเปลี่ยนที่อยู่จัดส่งได้อย่างไร",
    "ka": "როდის მოვა ჩემი ამანათი?|უძლებს ეს კარავი წვიმას?|როგორ შევცვალო მისამართი?",
}


@pytest.mark.parametrize("language", DIFFERENT)
def test_different_sentences_are_far_apart(language: str) -> None:
    vectors = ngrams(DIFFERENT[language].split("|"))
    near = vectors @ vectors.T
    np.fill_diagonal(near, 0)
    assert near.max() < 0.6


def test_a_mark_a_blank_or_the_case_makes_a_copy() -> None:
    one, other = ngrams(["怎么修改我的收货地址,现在就要改?", " 怎么修改我的收货地址，现在就要改?"])
    assert one @ other > 0.999
    one, other = ngrams(["Where is  my parcel now, please?", "where is my parcel now, PLEASE?"])
    assert one @ other > 0.999


def test_vectors_have_length_one_but_for_an_empty_text() -> None:
    lengths = np.linalg.norm(ngrams(["a", "what?", ""]), axis=1)
    assert lengths[:2] == pytest.approx([1, 1], abs=1e-6)
    assert np.isfinite(lengths).all()


def test_the_order_of_letters_counts_beyond_pairs() -> None:
    """Both have the pairs aa, ab, ab and ba."""
    one, other = ngrams(["aabab", "abaab"])
    assert one @ other < 0.9


def test_collisions_do_not_add_up() -> None:
    """Long texts without a common letter fill all columns, and are apart all the same."""
    generator = np.random.default_rng(0)
    one, other = (
        "".join(generator.choice(list(letters), 3000)) for letters in ("abcdefghi", "jklmnopqr")
    )
    first, second = ngrams([one, other])
    assert abs(first @ second) < 0.2
