"""What no training of that length can take is flagged with its tokens, of all turns."""

import pytest
from pydantic import ValidationError

from pipeline.filters.too_long import TooLong


def test_all_turns_count(frame, talk) -> None:
    record = talk("word " * 300, "word " * 300, "word " * 300, "word " * 300)
    [verdict] = TooLong()(frame(record)).to_dicts()
    assert (verdict["action"], verdict["reason"]) == ("flag", "too_long")
    assert 1200 <= verdict["value"] < 1220
    assert len(TooLong(max_tokens=1300)(frame(record))) == 0


def test_short_conversations_are_not_even_counted(frame, talk) -> None:
    described = frame(talk("word " * 40, "word " * 40))
    assert described["conversation_tokens"].to_list() == [None]
    assert len(TooLong(max_tokens=500)(described)) == 0


def test_a_limit_below_what_is_counted_is_refused() -> None:
    with pytest.raises(ValidationError, match="max_tokens"):
        TooLong(max_tokens=100)


def test_what_just_fits_is_not_flagged(frame, talk) -> None:
    record = frame(talk("word " * 300, "word " * 300))
    [tokens] = TooLong(max_tokens=512)(record)["value"].to_list()
    assert len(TooLong(max_tokens=int(tokens))(record)) == 0
    assert len(TooLong(max_tokens=int(tokens) - 1)(record)) == 1
