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
    empty_reply = (
        "empty_reply",
        "The last reply of the assistant is empty or blank, and calls no tool: there is nothing"
        " to learn. Of a set of 1,000 reference answers 369 were empty. The value is 0, its "
        "length. `[empty_reply] enabled = false` turns it off; the training then finds no token"
        " to learn.",
    )
    role_order = (
        "role_order",
        "Turns do not alternate: two users or two assistants in a row, an assistant first, or a"
        " system message in the middle. Chat templates refuse such rows or mask the wrong "
        "turns. The value is the number of turns. Mend the order in the file, or `[role_order] "
        "enabled = false`.",
    )
    damaged_encoding = (
        "damaged_encoding",
        "A reply was decoded wrongly before it came here: `Ã©` for é, `â€™` for an apostrophe, "
        "U+FFFD for a lost character, or question marks in place of a whole script. It cannot "
        "be repaired by guessing: export the source again as UTF-8. The value is the number of "
        "damaged places. Code, and questions that show such damage themselves, are passed over."
        ' `[damaged_encoding] action = "flag"` keeps such records.',
    )
    leaked_tag = (
        "leaked_tag",
        "Tags of a chat template stand in a reply as text: `<|im_end|>`, `[/INST]`, `### "
        "Human:`, `User:` at the beginning of a line. A model that learns them writes the other"
        " side's turns too. Passed over in code, where the question has them or is about such "
        "tags, and where a dialogue was asked for. The value is the number of tags. "
        '`[leaked_tag] action = "flag"` keeps such records.',
    )
    placeholder = (
        "placeholder",
        "A reply is a slot that somebody meant to fill: `[Insert response here]`, `{{reply}}`, "
        "`TODO`, lorem ipsum. The value is the share of its letters inside slots; from "
        "`[placeholder] share` (0.5) it is dropped, below it is flagged as slot_in_document, "
        "since 221 of 227 models write `[Your Name]` in a letter that was asked for.",
    )
    non_answer = (
        "non_answer",
        "A reply is `<nooutput>`, `N/A`, `none` or `null` and nothing else: the generator had "
        "no answer, and wrote that down (14 of 9,229 rows of Alpaca). `None` stays where the "
        "question can be answered so. A refusal is an answer and stays. The value is the number"
        ' of such replies. `[non_answer] action = "flag"` keeps them.',
    )
    boilerplate = (
        "boilerplate",
        'A reply says unasked that it comes from a model: "As an AI language model, I do not '
        "have opinions\". It teaches a model to talk about itself, and of another maker's name. "
        "Passed over where the question is about such models, or something harmful is declined."
        " Flagged in thirteen languages; the value is the number of such phrases. "
        '`[boilerplate] action = "drop"` leaves them out.',
    )
    missing_context = (
        "missing_context",
        "The question is about a picture, a link or a text that is not there: the reply must be"
        " made up, and teaches to make up (in Alpaca 46 rows name a link or article, 13 a "
        "picture). The value is the length of the question in characters. Flagged; "
        '`[missing_context] action = "drop"` leaves them out.',
    )
    glued_task = (
        "glued_task",
        "The next task of a list is glued to a reply: `… in 1969.\\n\\n## 18. Instruction: Name "
        "…`. It comes of generating many tasks at once (10 of 9,229 rows of Alpaca; a judge "
        "kept none). The value is the number of tasks that begin. Flagged; `[glued_task] action"
        ' = "drop"` leaves them out.',
    )
    cut_off = (
        "cut_off",
        "The last reply stops in the middle of a sentence or of a code block, as it does when "
        "its generator reached a limit (198 of 9,229 rows of Alpaca). Looked at from `[cut_off]"
        " min_characters` (200). Lists, poems, code, and scripts without full stops are passed "
        'over. The value is the length in characters. Flagged; `[cut_off] action = "drop"` '
        "leaves them out.",
    )
    repetition = (
        "repetition",
        "A reply repeats itself: sentences or lines that come three times or more make up "
        "`[repetition] share` (0.3) of it. A model that learns this loops. The value is that "
        'share. Songs do it too, so it is flagged; `[repetition] action = "drop"` leaves them '
        "out.",
    )
    echo = (
        "echo",
        "The reply is the question, or the input that was given with it, word for word (13 of "
        "9,229 rows of Alpaca). Passed over where it was to be repeated or corrected. The value"
        ' is its length in characters. Flagged; `[echo] action = "drop"` leaves them out.',
    )
    wrong_language = (
        "wrong_language",
        "The reply is in none of `[language] targets`, or in another language than its question"
        " though no translation was asked for. Only where the languages are sure: `und` is "
        "never wrong. The value is the number of tokens of the longest reply. Flagged; "
        '`[wrong_language] action = "drop"` leaves them out. Synthesis refuses candidates so.',
    )
    secret = (
        "secret",
        "A key, a token or a password stands somewhere in the conversation, in system text and "
        "tool calls too: forms of some twenty issuers, private keys, passwords in addresses, "
        "and values given to a name such as `api_key` that look drawn. A model can be made to "
        "recite it: revoke it, whatever you do here. The value is their number. Flagged; "
        '`[secret] action` may be "drop", or "mask", which writes [SECRET] in its place.',
    )
    personal_data = (
        "personal_data",
        "An e-mail address, a telephone number, an IBAN, a card number or a national number "
        "stands in the conversation; numbers are checked by numbering plan or checksum. "
        "Mailboxes of offices, example.org and the 555-01xx of films are no findings. Names and"
        " streets are not looked for. The value is their number. Flagged; `[personal_data] "
        'action` may be "drop", or "mask", which writes [EMAIL], [PHONE] … in their place.',
    )
    short_reply = (
        "short_reply",
        "Every reply is shorter than `[short_reply] min_tokens` (10) of a real tokenizer: too "
        "little to learn how to answer. Where the task asks for little (yes or no, a fact, "
        "label, number, title, translation, a line of code) the record stays, flagged: a judge "
        "kept short answers to such tasks more often than long ones, while in open chat people "
        "rated them half as good. The value is the tokens of the longest reply. `[short_reply] "
        'exempt = "none"` drops them all.',
    )
    exact_repeat = (
        "exact_repeat",
        "The same question and the same answer stand in another record, apart from case, white "
        "space, width of characters and outer punctuation. The commonest dirt by far: 5,876 of "
        "37,369 rows of small projects. The other record is the one that stands. "
        "`[exact_repeat] enabled = false` keeps all.",
    )
    near_duplicate = (
        "near_duplicate",
        "The question is nearer than `[near_duplicate] threshold` to that of a record that was "
        "kept, and the answer says the same. All user turns together are compared, among records "
        "with the same tools, by the embedding model in the languages that it knows and by hashed "
        "character n-grams in all others. Of two the reviewed or corrected one stays, then the "
        "human one, then the fuller answer. The value is the cosine; the other record is the "
        "survivor that is nearest.",
    )
    same_question_other_answer = (
        "same_question_other_answer",
        "The question is a near-duplicate of one that was kept, but the answer is another one: "
        "fewer than 80 % of their words are the same. The better one stays; `[near_duplicate] "
        'answers = 3` keeps the three best, `answers = "all"` every one, and those that stay '
        "beside the first are flagged with this. The value is the cosine of the questions.",
    )
    guarded_pair = (
        "guarded_pair",
        "The question is as near to a kept one as a duplicate, but the two differ in a number, a "
        "unit, a negation or an opposite (before and after, with and without): of such pairs 69 "
        "to 92 % are above 0.92. Both stay. Units, negation and opposites are known of some "
        "languages only. The value is the cosine; the other record is the nearest such.",
    )
    template_reply = (
        "template_reply",
        "The same reply of more than `[template_reply] min_characters` (40) stands under "
        "`[template_reply] min_questions` (3) different questions or more: a text module, of "
        "which one may be enough (20 % of the rows of small projects). Near-duplicates are "
        "found by their questions and never see it. The value is the number of questions. "
        'Flagged; `[template_reply] action = "drop"` leaves all of them out.',
    )
    slot_in_document = (
        "slot_in_document",
        "Slots such as `[Your Name]` in a letter or form that the user asked for. The value is "
        "the share of the reply's letters in slots; from `[placeholder] share` the reply falls.",
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
        "More tokens in all turns than `[too_long] max_tokens`: at training it is left out "
        "rather than cut. The value is the number of tokens, by `[tokens] tokenizer`; the "
        "training measures again with its own tokenizer and template. Keep it at `[train] "
        "max_length`.",
    )
    no_trained_token = (
        "no_trained_token",
        "After the template no token of the assistant is left to learn from.",
    )
    near_heldout = (
        "near_heldout",
        "The question is near a held-out one, so training on it would spoil the evaluation.",
    )
