"""Flags show something and remove nothing."""

from pipeline.filters.label_conflict import LabelConflict
from pipeline.filters.undetermined_language import UndeterminedLanguage


def test_a_reply_whose_language_nobody_can_tell_is_flagged(says, talk) -> None:
    flagged = ["flag undetermined_language"]
    assert says(UndeterminedLanguage(), talk("What is 6 times 7?", "42")) == flagged
    assert says(UndeterminedLanguage(), talk("What is 6 times 7?", "42", language="en")) == []
    assert says(UndeterminedLanguage(), talk("a?", "The answer is well known to be 42.")) == []


def test_a_conversation_that_was_labelled_differently_is_flagged_with_its_count(
    frame, talk
) -> None:
    records = [talk("a?", "b", domain=domain) for domain in ("x", "y", "y")]
    [verdict] = LabelConflict()(frame(*records)).to_dicts()
    assert (verdict["action"], verdict["reason"]) == ("flag", "label_conflict")
    assert verdict["value"] == 3
    assert len(LabelConflict()(frame(*records[1:]))) == 0
