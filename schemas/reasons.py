"""The closed vocabulary: why a row was rejected, why a record was dropped or flagged.

The text of each member is its manual, shown by `curate explain --reason NAME`.
"""

from enum import StrEnum


class Documented(StrEnum):
    """A string with a manual of one paragraph."""

    manual: str

    def __new__(cls, value: str, manual: str = "") -> "Documented":
        """Keep the manual beside the value, so that neither can be forgotten."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.manual = manual
        return member


class Rejection(Documented):
    """Why a row of a file could not become a record. The row stands in the rejected file."""

    unreadable = "unreadable", "The row is no JSON, no CSV row, or breaks OpenAI's chat form."
    unknown_format = "unknown_format", "The row's fields fit none of the formats that are read."
    no_user_turn = "no_user_turn", "Nobody asks: there is no message of a user."
    no_assistant_turn = "no_assistant_turn", "Nobody answers: there is nothing to learn."
    not_chat = (
        "not_chat",
        "The row is no conversation: labels of a classifier, pairs of sentences, a benchmark, "
        "speeches without speakers.",
    )
    unsupported = (
        "unsupported",
        "The row asks for another kind of training: a KTO label, weights of messages, a "
        "comparison without a winner.",
    )
    missing_parent = (
        "missing_parent",
        "The message answers another one that its file does not hold.",
    )


class Reason(Documented):
    """Why a record was dropped or flagged."""

    rejected_by_reviewer = (
        "rejected_by_reviewer",
        "A person rejected the record in review. Decided before any filter looks.",
    )
    replaced = (
        "replaced",
        "A person wrote a better reply. The other record is the correction that stands instead.",
    )
    superseded = (
        "superseded",
        "A correction whose decision was taken back or changed. The other record is its parent.",
    )
    empty_reply = "empty_reply", "The last reply of the assistant is empty or blank."
    role_order = (
        "role_order",
        "Turns do not alternate: two users or two assistants in a row, an assistant first, "
        "or a system message in the middle.",
    )
    placeholder = (
        "placeholder",
        "A reply is a slot that somebody meant to fill: `[Insert response here]`, "
        "`{{reply}}`, `TODO`, lorem ipsum, or a leaked template tag.",
    )
    wrong_language = (
        "wrong_language",
        "The reply is in another language than the one that was asked for.",
    )
    short_reply = (
        "short_reply",
        "Every reply is shorter than the least number of tokens that teaches a model to answer.",
    )
    exact_repeat = (
        "exact_repeat",
        "The same question and the same answer stand in another record, apart from case, "
        "white space, width of characters and outer punctuation.",
    )
    near_duplicate = (
        "near_duplicate",
        "The question is nearer than the threshold to that of a record that was kept.",
    )
    slot_in_document = (
        "slot_in_document",
        "Slots such as `[Your Name]` in a letter or form that the user asked for.",
    )
    undetermined_language = (
        "undetermined_language",
        "Too little text to tell the language; `und` rather than a guess.",
    )
    near_rejected = (
        "near_rejected",
        "The question is nearer than the threshold to that of a record that a person rejected.",
    )
    label_conflict = (
        "label_conflict",
        "The same conversation was given with different labels; the commonest won.",
    )
    too_long = (
        "too_long",
        "More tokens than the training length: the end would be cut off, so it is left out.",
    )
    no_trained_token = (
        "no_trained_token",
        "After the template no token of the assistant is left to learn from.",
    )
    near_heldout = (
        "near_heldout",
        "The question is near a held-out one, so training on it would spoil the evaluation.",
    )
