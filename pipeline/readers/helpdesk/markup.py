"""HTML and Slack's marks become plain text."""

import html
import re
from collections import Counter

HTML_SIGN = re.compile(r"<br\s*/?>|</(p|div|span|blockquote|td)>", re.I)
"""What tells that a text is HTML; a customer who asks about a `<div>` writes none of these."""

ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&nbsp;": " ", "&amp;": "&"}
"""What Slack and mails escape; `&copy=2` in a link is no sign."""

HTML_TAG = re.compile(
    r"<!--|-->|<!\[?[^<>]*>|<(?P<closing>/?)(?P<name>[a-z][a-z0-9]*)\b[^<>]*>", re.I
)

BREAKS = frozenset(("p", "div", "br", "li", "tr", "ul", "ol", "h1", "h2", "h3", "blockquote"))
UNSEEN = ("style", "script", "title", "comment")
NESTED = frozenset((*UNSEEN, "blockquote"))

SLACK_LINK = re.compile(r"<(?:https?|mailto):[^<>|]+\|([^<>]+)>|<((?:https?://|mailto:)[^<>|]+)>")
SLACK_MENTION = re.compile(
    r"<(?:@[UW]|#C|!subteam\^S)[A-Z0-9]+(?:\|([^<>]*))?>|<!(?:here|channel)>"
)


def visible_text(text: str) -> str:
    """The text that a reader sees, with its line breaks; quotations as lines with `>`."""
    text = text.replace("\r\n", "\n")
    if HTML_SIGN.search(text):
        text = _seen(text)
    else:
        text = SLACK_LINK.sub(lambda link: link[1] or link[2], text)
        text = SLACK_MENTION.sub(lambda mention: mention[1] or "", text)
        for entity, sign in ENTITIES.items():
            text = text.replace(entity, sign)
    lines = (line.rstrip() for line in text.replace("\xa0", " ").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _seen(page: str) -> str:
    """The text between the tags of a page; one tag after the other, since pages may be broken.

    The standard library's parser raises at `<![`, which Outlook writes.
    """
    pieces, at = list[str](), 0
    depth = Counter[str]()
    for tag in HTML_TAG.finditer(page):
        pieces.append(_said(page[at : tag.start()], depth))
        at = tag.end()
        name = "comment" if tag[0] in ("<!--", "-->") else (tag["name"] or "").lower()
        if name in NESTED:
            closing = tag["closing"] or tag[0] == "-->"
            depth[name] = max(0, depth[name] - 1) if closing else depth[name] + 1
        if name in BREAKS:
            pieces.append("\n")
    pieces.append(_said(page[at:], depth))
    return re.sub(r"\n[ \n]*", "\n", "".join(pieces))


def _said(data: str, depth: Counter[str]) -> str:
    if any(depth[name] for name in UNSEEN) or not data.strip():
        return " " if data else ""
    mark = "> " if depth["blockquote"] else ""
    return mark + re.sub(r"\s+", " ", html.unescape(data))
