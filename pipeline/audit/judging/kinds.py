"""The faults that a judge can name, in plain words, and the reasons that look for each."""

from enum import StrEnum

from schemas.reasons import Reason


class Flaw(StrEnum):
    """What may be wrong with one record; the value is what the judge reads."""

    no_answer = "nothing is said: no reply, or one that is no answer (N/A, a slot to fill)"
    open_slot = "a slot was left open in the reply ([Your Name])"
    damaged_text = "letters are damaged"
    other_turns = "leftovers of a template, or the turn of somebody else, stand in the reply"
    breaks_off = "the reply stops in the middle"
    repeats_itself = "the reply repeats itself, or gets stuck in a loop"
    repeats_question = "the reply only repeats the question"
    language = "the reply is in a language that nobody asked for"
    about_itself = "the reply talks about being a model, unasked"
    not_there = "question or reply is about something that is missing: a picture, a link, options"
    too_short = "the reply is too short to learn from, though more was asked for"
    private = "a secret or personal data"
    turns = "the turns are in a wrong order"
    other = "something else: wrong, off the point, harmful, nonsense"


REASONS: dict[Flaw, tuple[Reason, ...]] = {
    Flaw.no_answer: (Reason.empty_reply, Reason.non_answer, Reason.placeholder),
    Flaw.open_slot: (Reason.slot_in_document, Reason.placeholder),
    Flaw.damaged_text: (Reason.damaged_encoding,),
    Flaw.other_turns: (Reason.leaked_tag, Reason.glued_task),
    Flaw.breaks_off: (Reason.cut_off,),
    Flaw.repeats_itself: (Reason.repetition,),
    Flaw.repeats_question: (Reason.echo,),
    Flaw.language: (Reason.wrong_language,),
    Flaw.about_itself: (Reason.boilerplate,),
    Flaw.not_there: (Reason.missing_context, Reason.missing_reference),
    Flaw.too_short: (Reason.short_reply,),
    Flaw.private: (Reason.secret, Reason.personal_data),
    Flaw.turns: (Reason.role_order,),
    Flaw.other: (),
}
"""What finds each fault. Other reasons are no statement about one record, or none about a fault."""

SINGLE = tuple(dict.fromkeys(reason for reasons in REASONS.values() for reason in reasons))
"""Reasons that say that something is wrong with one record."""

PAIRED = (
    Reason.exact_repeat,
    Reason.near_duplicate,
    Reason.same_question_other_answer,
    Reason.same_template,
    Reason.guarded_pair,
)
"""Reasons that say of two records whether they ask for the same."""

DIFFERENT = frozenset((Reason.guarded_pair,))
"""Of `PAIRED` those that say that the two do not ask for the same."""


def faults_of(reason: Reason) -> frozenset[Flaw]:
    """The faults that make a finding of a reason right."""
    return frozenset(fault for fault, reasons in REASONS.items() if reason in reasons)
