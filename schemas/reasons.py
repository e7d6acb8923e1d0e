"""Every reason there is: why a row was rejected, and why a record was dropped or flagged.

The text beside each is its manual, which `curate explain --reason NAME` shows: what the reason
means, why it matters, which number is shown with it, and how to change what happens.
"""

from enum import StrEnum


class Documented(StrEnum):
    """A string with a manual of one paragraph."""

    manual: str

    def __new__(cls, value: str, manual: str = "") -> "Documented":
        """Take the manual beside the value, so that neither can be forgotten."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.manual = manual
        return member


class Rejection(Documented):
    """Why a row could not be read as a conversation. It is kept in a `*.rejected.jsonl`."""

    unreadable = (
        "unreadable",
        "The row is not valid JSON, is not a row of the CSV table, or breaks the rules of OpenAI's "
        "chat format.",
    )
    unknown_format = (
        "unknown_format",
        "The fields of the row match none of the formats that curate can read. If it is a "
        "conversation, name its columns: `--map user=COLUMN,assistant=COLUMN`.",
    )
    no_user_turn = (
        "no_user_turn",
        "The conversation has no message from a user, so nobody asks anything.",
    )
    no_assistant_turn = (
        "no_assistant_turn",
        "The conversation has no message from the assistant, so there is nothing to learn from it.",
    )
    not_chat = (
        "not_chat",
        "The row is not a conversation. It may be a label for a classifier, a pair of sentences, a "
        "question of a benchmark, or speech without speakers.",
    )
    unsupported = (
        "unsupported",
        "The row is made for another kind of training: it has weights other than 0 and 1 for its "
        "messages, or a comparison without a winner.",
    )
    not_text = (
        "not_text",
        "The row holds a picture, sound or a video, in a part of a message, in a column such as "
        "`images`, or as a mark such as `<image>`. Only text is trained on here, and without the "
        "picture the reply would be made up.",
    )
    marked_bad = (
        "marked_bad",
        "Somebody marked the reply as bad: a KTO label that is false, a thumb that points down. It "
        "is not learnt. Of a conversation in which an earlier reply is marked, that reply becomes "
        "context and the others are learnt.",
    )
    unknown_speaker = (
        "unknown_speaker",
        "The row is the chat of several people, exported from WhatsApp, Telegram, Discord, "
        "Messenger or Instagram, and nothing says who of them is the assistant. Read the file again"
        " with `--me NAME`: what NAME writes becomes the replies, what all others write the "
        "questions.",
    )
    missing_parent = (
        "missing_parent",
        "The message replies to another message, which is not in the same file.",
    )


class Reason(Documented):
    """Why a record was dropped or flagged."""

    rejected_by_reviewer = (
        "rejected_by_reviewer",
        "A person rejected the record in review. That counts before any filter looks at it.",
    )
    replaced = (
        "replaced",
        "A person corrected the reply in review. The corrected record is used in place of this one;"
        " it is the other record shown.",
    )
    superseded = (
        "superseded",
        "This record is a correction, and the decision that made it was changed or taken back. The "
        "other record shown is the one that had been corrected.",
    )
    empty_reply = (
        "empty_reply",
        "The assistant's last reply is empty or blank and calls no tool, so there is nothing to "
        "learn from it. In a set of 1,000 reference answers 369 were empty. The number shown is the"
        " length of the reply, which is 0. To keep such records, set `[empty_reply] enabled = "
        "false`; training will then find no token to learn in them.",
    )
    role_order = (
        "role_order",
        "The turns do not alternate: there are two user turns or two assistant turns in a row, the "
        "assistant speaks first, or a system message is in the middle. Chat templates refuse such "
        "conversations, or make the model learn the wrong turns. The number shown is the number of "
        "turns. Correct the order in your file, or keep such records with `[role_order] enabled = "
        "false`.",
    )
    damaged_encoding = (
        "damaged_encoding",
        "A reply was read with the wrong character encoding before it reached curate: it has "
        "`Ã©` for é, `â€™` for an apostrophe, U+FFFD for a lost character, or question marks in "
        "place of a whole script, or a text of letters that no language puts together "
        "(`РџСЂРёРІРµС‚`). A file that was misread as a whole is mended when it is read (`curate "
        "ingest --dry-run` says so); here single replies are found, which only their source can "
        "repair: export it again as UTF-8. Code is not looked at, and neither are replies to "
        "questions that show such damage themselves. The number shown is the number of damaged "
        'places. To keep such records, set `[damaged_encoding] action = "flag"`.',
    )
    leaked_tag = (
        "leaked_tag",
        "Tags of a chat template were left in a reply as text, such as `<|im_end|>`, `[/INST]`, "
        "`### Human:`, or `User:` at the beginning of a line. A model that learns them writes the "
        "user's turns, too. Tags are known by their form, whatever the question is about. They are "
        "fine in code and where the question has such tags itself, and names such as `User:` in a "
        "dialogue that was asked for. Only flagged are tags that a sentence mentions, tags in a "
        "question, which its reader should have taken apart, and turns of speakers who need not be "
        "a template's. The number shown is the number of tags. To keep all such records, set "
        '`[leaked_tag] action = "flag"`.',
    )
    placeholder = (
        "placeholder",
        "A reply consists mostly of a slot that somebody meant to fill: `[Insert response here]`, "
        "`{{reply}}`, `TODO`, lorem ipsum. The number shown is the share of its letters that are "
        "inside slots. From `[placeholder] share` (0.5) the record is dropped. Below that it is "
        "only flagged, as slot_in_document, since 221 of 227 models write `[Your Name]` in a letter"
        " that a user asked for.",
    )
    non_answer = (
        "non_answer",
        "A reply is only `<nooutput>`, `N/A`, `none` or `null`: the generator had no answer and "
        "wrote that down (14 of 9,229 rows of Alpaca). `None` is fine where it can be the right "
        "answer, and a refusal is an answer, too. The number shown is the number of such replies. "
        'To keep such records, set `[non_answer] action = "flag"`.',
    )
    boilerplate = (
        "boilerplate",
        'A reply says, unasked, that it comes from a model: "As an AI language model, I do not have'
        ' opinions". A model that learns this talks about itself, often under the name of another '
        "maker. It is fine where the question is about such models, or where the reply declines "
        "something harmful. The number shown is the number of such phrases, which are known in "
        'thirteen languages. Such records are flagged; to drop them, set `[boilerplate] action = "'
        'drop"`.',
    )
    missing_context = (
        "missing_context",
        "The question is about a picture, a link or a text that the record does not have, or ends "
        "with a hint at it: `see photo`, `(image attached)`. The reply"
        " must be made up, and teaches the model to make things up. (In Alpaca 46 rows name a link "
        "or an article, 13 a picture.) The number shown is the length of the question in "
        'characters. Such records are flagged; to drop them, set `[missing_context] action = "'
        'drop"`.',
    )
    missing_reference = (
        "missing_reference",
        "A reply refers to something that the conversation does not have: it chooses an option "
        "(`the answer is (C)`, `故选C`) where none are listed, or points at a table, a chart or a "
        "picture (`as the chart below shows`, `see Figure 2`). Such replies come from questions "
        "that lost a part of theirs, and teach the model to talk about what is not there. "
        "Records with a system text or tools, which may hold it, are not looked at. The number "
        "shown is the number of such places. Such records are flagged; to drop them, set "
        '`[missing_reference] action = "drop"`.',
    )
    glued_task = (
        "glued_task",
        "The next task of a list is glued to the end of a reply: `… in 1969.\\n\\n## 18. "
        "Instruction: Name …`. This happens when a model generates many tasks at once (10 of 9,229 "
        "rows of Alpaca, none of which a judge kept). The number shown is the number of tasks that "
        "begin in the replies. Such records are flagged; to drop them, set `[glued_task] action = "
        '"drop"`.',
    )
    cut_off = (
        "cut_off",
        "The last reply stops in the middle of a sentence or of a code block, as it does when "
        "its generator reaches a limit (198 of 9,229 rows of Alpaca). Only replies of at least "
        "`[cut_off] min_characters` (40) are looked at, and of those under 200 only such as end "
        "in an article, a conjunction or a comma; lists, poems, code and scripts without full "
        "stops are not. The number shown is the length of the reply in characters. Such records "
        'are flagged; to drop them, set `[cut_off] action = "drop"`.',
    )
    repetition = (
        "repetition",
        "A reply repeats itself: sentences or lines that occur three times or more, or a loop of "
        "a few words that come four times or more in a row, make up at least `[repetition] "
        "share` (0.3) of it. A model that learns this gets stuck in loops. The number shown is "
        "that share. Songs repeat themselves too, so such records are flagged; to drop them, set "
        '`[repetition] action = "drop"`.',
    )
    echo = (
        "echo",
        "The reply repeats the question, or the input that was given with it, word for word (13 of "
        "9,229 rows of Alpaca). That is fine where the text was to be repeated or corrected. The "
        "number shown is the length of the reply in characters. Such records are flagged; to drop "
        'them, set `[echo] action = "drop"`.',
    )
    wrong_language = (
        "wrong_language",
        "The reply is in none of `[language] targets`, or in another language than its question "
        "although no translation was asked for. Only texts whose language is certain count: `und` "
        "(undetermined) is never wrong. The number shown is the number of tokens of the longest "
        'reply. Such records are flagged; to drop them, set `[wrong_language] action = "drop"`. '
        "Synthesis also refuses a new record for this reason, if it is not in the language that was"
        " asked for.",
    )
    secret = (
        "secret",
        "There is a key, a token or a password in the conversation, perhaps in the system text or "
        "in a tool call. Found are the key formats of some twenty issuers, private keys, passwords "
        "in addresses, and values that are given to a name such as `api_key` and look random. A "
        "model that was trained on a secret can be made to recite it, so revoke the secret, "
        "whatever you do here. The number shown is the number of secrets. Such records are flagged;"
        ' set `[secret] action` to "drop" to leave them out, or to "mask" to write [SECRET] in '
        "place of each.",
    )
    personal_data = (
        "personal_data",
        "There is an e-mail address, a telephone number, an IBAN, a card number or a national "
        "identity number in the conversation. Numbers are checked by numbering plan or checksum. "
        "Mailboxes of offices, example.org and the 555-01xx numbers of films do not count. Names "
        "and streets are not looked for. The number shown is the number of such places. Such "
        'records are flagged; set `[personal_data] action` to "drop" to leave them out, or to '
        '"mask" to write [EMAIL], [PHONE] and so on in their place.',
    )
    short_reply = (
        "short_reply",
        "Every reply is shorter than `[short_reply] min_tokens` (10), in tokens of a real "
        "tokenizer: too little to teach a model how to answer. Where a task is given the record is "
        "only flagged, since a short reply may be all that it asks for: a judge kept short replies "
        "in Alpaca more often than long ones. In open chat, where people rated them half as good, a"
        " short reply to a remark that asks nothing is dropped. Open chat is a file of at least 20 "
        "records, mostly of one line on both sides, in which the assistant asks back; if your file "
        'is taken for the wrong kind, set `[short_reply] chat` to "always" or "never". The number '
        "shown is the number of tokens of the longest reply. To drop every short reply, set "
        '`[short_reply] exempt = "none"`.',
    )
    exact_repeat = (
        "exact_repeat",
        "Another record has the same question and the same answer, apart from case, white space, "
        "width of characters and punctuation at the ends. This is by far the most common fault: "
        "5,876 of 37,369 rows of small projects. The other record shown is the one that is kept. To"
        " keep all of them, set `[exact_repeat] enabled = false`.",
    )
    near_duplicate = (
        "near_duplicate",
        "The question is nearly the same as that of a record that is kept, and the answer says the "
        "same. The number shown is the cosine of the two questions (1 means equal), which is above "
        "`[near_duplicate] threshold`. All user turns together are compared, among records with the"
        " same tools and the same system text: by the embedding model in the languages that it "
        "knows, and by hashed character n-grams in all others. Of two such records the reviewed or "
        "corrected one is kept, then the one by a human, then the one with the longer answer. The "
        "other record shown is the nearest one that is kept. To find a threshold that suits your "
        "data, run `curate calibrate`.",
    )
    same_question_other_answer = (
        "same_question_other_answer",
        "The question is nearly the same as one that is kept, but the answer is different: the two "
        "share fewer than 80 % of their words. The better record is kept. `[near_duplicate] answers"
        ' = 3` keeps the three best answers and `answers = "all"` every one; those that are kept '
        "beside the first are flagged with this reason. The number shown is the cosine of the two "
        "questions (1 means equal).",
    )
    same_template = (
        "same_template",
        "The question is one of many about different cases that are worded alike but for names, "
        "order numbers, dates, addresses or sums of money, as those of a help desk's form are. Such"
        " questions teach the same thing, so of each template only `[near_duplicate] per_template` "
        "(3) stay, those with the fullest answers. The number shown is how many questions the "
        "template has; the other record shown is the best of them. To keep all of them, set "
        '`per_template = "all"`.',
    )
    guarded_pair = (
        "guarded_pair",
        "The question is as near to a kept one as a duplicate would be, but the two differ in a "
        "number, a unit, a negation or an opposite (before and after, with and without). Of such "
        "pairs 69 to 92 % have a cosine above 0.92, although they ask for different things, so both"
        " records are kept. Units, negations and opposites are known for some languages only. "
        "Order numbers and what else belongs to one case make no difference. Where five or more "
        "questions differ in their numbers alone, this is not news, and they are not flagged. The "
        "number shown is the cosine; the other record shown is the nearest of this kind.",
    )
    template_reply = (
        "template_reply",
        "The same reply, of more than `[template_reply] min_characters` (40), is given to "
        "`[template_reply] min_questions` (3) or more different questions. It is probably a "
        "standard text, of which one copy may be enough (20 % of the rows of small projects). "
        "Near-duplicates are found by their questions, so they do not include it. The number shown "
        "is the number of questions. Such records are flagged. To thin them out, set "
        '`[template_reply] action = "drop"`: of each reply `keep` (3) records stay, those by '
        "people first; `keep = 0` leaves out all of them.",
    )
    slot_in_document = (
        "slot_in_document",
        "A reply has slots such as `[Your Name]`, `亲爱的XXX` or `![Image of a fox](fox.png)`, as "
        "letters and forms do that a user asked for. The number shown is the share of its "
        "letters that are inside slots; from `[placeholder] share` the record is dropped, as "
        "placeholder.",
    )
    undetermined_language = (
        "undetermined_language",
        "The reply has too little text to determine its language. So the record is counted by the "
        "language of its question, or as `und` (undetermined) where that has too little text, too. "
        "If that is wrong, name the language in a column `language`.",
    )
    near_rejected = (
        "near_rejected",
        "The record repeats one that a person rejected, or its question is nearly the same: the "
        "cosine is above `[near_duplicate] threshold`. You may want to look at this one, too. The "
        "number shown is the cosine; the other record shown is the rejected one.",
    )
    label_conflict = (
        "label_conflict",
        "The same conversation was found with different labels for its language or domain. The "
        "most common label is used. The number shown is how often the conversation was found.",
    )
    too_long = (
        "too_long",
        "All turns together have more tokens than `[too_long] max_tokens`. Training leaves such a "
        "record out rather than cut it. The number shown is the number of tokens, by `[tokens] "
        "tokenizer`; training measures again with its own tokenizer and chat template. Keep the "
        "setting equal to `[train] max_length`. Such records are flagged; to drop them before "
        'training, set `[too_long] action = "drop"`.',
    )
    no_trained_token = (
        "no_trained_token",
        "After the chat template was applied, no token of the assistant is left to learn from.",
    )
    near_heldout = (
        "near_heldout",
        "The question is nearly the same as one that is held out for evaluation. Training on it "
        "would make the evaluation look better than the model is.",
    )
