"""What machines write into a conversation: receipts, status changes, absence notes."""

import re

MAX_NOTE_LENGTH = 600
"""Characters; a longer message is not taken for an automatic note."""

DONE_WORDS = (
    "closed|solved|resolved|merged|assigned|opened|created|received|updated|transferred|reopened"
)

NOTE_PATTERNS = (
    r"this is an? (?:automated|automatic|auto-? ?generated) (?:message|reply|response|e-?mail)",
    r"do not reply to this (?:e-?mail|message)",
    r"^(?:automatic|auto)[ -]?(?:reply|response)\b|^out of (?:the )?office\b",
    r"^(?:automatische antwort|abwesenheitsnotiz|réponse automatique|respuesta automática)\b",
    r"has been received and is being reviewed by our",
    r"^(?:your |the |this )?(?:ticket|case|request|chat|conversation) ?\(?#?\d+\)? "
    rf"(?:has been|was|is now)\b[^\n]{{0,20}}\b(?:{DONE_WORDS})\b[^\n]{{0,60}}\Z",
    r"^(?:this |the )?(?:conversation|chat) (?:has been |was |has )?"
    r"(?:started|ended|closed|transferred|assigned|rated)\b[^\n]{0,80}\Z",
    r"^[^\n]{1,60} (?:has )?(?:joined|left|entered|ended) (?:the|this) "
    r"(?:chat|conversation|channel)\.?\Z",
    r"^(?:transferr(?:ed|ing)|assigned) (?:to|from) [^\n]{1,60}\Z",
)
"""Notes of help desks and chats, and automatic answers of mailboxes. An agent who writes that a
ticket is closed names no number, or says more."""

AUTOMATIC_NOTE = re.compile("|".join(NOTE_PATTERNS), re.IGNORECASE)


def is_automatic_note(text: str) -> bool:
    """Whether a message is, as a whole, one that no person wrote."""
    return len(text) <= MAX_NOTE_LENGTH and AUTOMATIC_NOTE.search(text) is not None
