from curate.report.twins import COMPARED, EXCERPT_LENGTH, LEAD, Piece, excerpts


def text(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def test_differing_words_are_marked_on_both_sides() -> None:
    one, other = excerpts(["I paid 30 euros twice", "I paid 40 euros twice"])
    assert [p.text for p in one if p.differs] == ["30"]
    assert [p.text for p in other if p.differs] == ["40"]
    assert text(one) == "I paid 30 euros twice"


def test_a_space_between_differing_words_is_no_agreement() -> None:
    one, _ = excerpts(["keep the red tent", "keep my blue tent"])
    assert [p.text for p in one if p.differs] == ["the red"]


def test_scripts_without_spaces_are_compared_by_character() -> None:
    one, other = excerpts(["会员积分可以转", "会员积分不以转"])
    assert [p.text for p in one if p.differs] == ["可"]
    assert [p.text for p in other if p.differs] == ["不"]


def test_long_twins_are_shown_around_their_first_difference() -> None:
    same = "word " * 200
    one, other = excerpts([f"{same} tail one", f"{same} tail two"])
    assert [p.text for p in one if p.differs] == ["one"]
    assert [p.text for p in other if p.differs] == ["two"]
    assert len(text(one)) <= EXCERPT_LENGTH + 4
    assert text(one).startswith("… word")


def test_long_texts_are_cut_and_empty_ones_have_no_pieces() -> None:
    assert len(text(excerpts(["x" * 5000])[0])) == EXCERPT_LENGTH
    assert excerpts([""]) == [[]]


def test_texts_that_differ_far_behind_are_shown_there() -> None:
    same = "word " * COMPARED
    one, other = excerpts([f"{same}one {same}", f"{same}two {same}"])
    assert [p.text for p in one if p.differs] == ["one"]
    assert [p.text for p in other if p.differs] == ["two"]
    assert len(text(one)) <= EXCERPT_LENGTH + 4
    assert text(one).startswith("… word")
    assert text(one).endswith(" …")


def test_what_comes_before_is_shown_without_spaces_too() -> None:
    one, _ = excerpts(["会员积分" * 200 + "可", "会员积分" * 200 + "不"])
    assert len(one[0].text) > LEAD
