"""What machines write into a conversation."""

import re

LENGTH = 600
"""Characters of the longest message that is taken for a note."""

DONE = "closed|solved|resolved|merged|assigned|opened|created|received|updated|transferred|reopened"

NOTES = (
    r"this is an? (?:automated|automatic|auto-? ?generated) (?:message|reply|response|e-?mail)",
    r"do not reply to this (?:e-?mail|message)",
    r"^(?:automatic|auto)[ -]?(?:reply|response)\b|^out of (?:the )?office\b",
    r"^(?:automatische antwort|abwesenheitsnotiz|réponse automatique|respuesta automática)\b",
    r"has been received and is being reviewed by our",
    r"^(?:your |the |this )?(?:ticket|case|request|chat|conversation) ?\(?#?\d+\)? "
    rf"(?:has been|was|is now)\b[^\n]{{0,20}}\b(?:{DONE})\b[^\n]{{0,60}}\Z",
    r"^(?:this |the )?(?:conversation|chat) (?:has been |was |has )?"
    r"(?:started|ended|closed|transferred|assigned|rated)\b[^\n]{0,80}\Z",
    r"^[^\n]{1,60} (?:has )?(?:joined|left|entered|ended) (?:the|this) "
    r"(?:chat|conversation|channel)\.?\Z",
    r"^(?:transferr(?:ed|ing)|assigned) (?:to|from) [^\n]{1,60}\Z",
)
"""Notes of desks and chats, and answers of mailboxes. An agent who writes that he has closed a
ticket names no number, or says more."""

NOTE = re.compile("|".join(NOTES), re.IGNORECASE)


def is_note(text: str) -> bool:
    """Whether a whole message is one that no person wrote."""
    return len(text) <= LENGTH and NOTE.search(text) is not None
