"""HTML and Slack's marks become plain text."""

import re
from html.parser import HTMLParser

HTML = re.compile(r"<br\s*/?>|</(p|div|span|blockquote|td)>", re.I)
"""What tells that a text is HTML; a customer who asks about a `<div>` writes none of these."""

ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&nbsp;": " ", "&amp;": "&"}
"""What Slack and mails escape; `&copy=2` in a link is no sign."""

BREAKS = frozenset({"p", "div", "br", "li", "tr", "ul", "ol", "h1", "h2", "h3"})
UNSEEN = frozenset({"style", "script", "head", "title"})

SLACK_LINK = re.compile(r"<(?:https?|mailto):[^<>|]+\|([^<>]+)>|<((?:https?://|mailto:)[^<>|]+)>")
SLACK_MENTION = re.compile(
    r"<(?:@[UW]|#C|!subteam\^S)[A-Z0-9]+(?:\|([^<>]*))?>|<!(?:here|channel)>"
)


def text_of(text: str) -> str:
    """The text that a reader sees, with its line breaks; quotations as lines with `>`."""
    text = text.replace("\r\n", "\n")
    if HTML.search(text):
        page = _Page()
        page.feed(text)
        page.close()
        text = re.sub(r"[ \t]*\n[ \t]*", "\n", "".join(page.pieces))
    else:
        text = SLACK_LINK.sub(lambda link: link[1] or link[2], text)
        text = SLACK_MENTION.sub(lambda mention: mention[1] or "", text)
        for entity, sign in ENTITIES.items():
            text = text.replace(entity, sign)
    lines = (line.rstrip() for line in text.replace("\xa0", " ").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Page(HTMLParser):
    """Collects what is seen of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._unseen = 0
        self._quoted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in UNSEEN
        self._quoted += tag == "blockquote"
        if tag in BREAKS or tag == "blockquote":
            self._break()

    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(0, self._unseen - (tag in UNSEEN))
        self._quoted = max(0, self._quoted - (tag == "blockquote"))
        if tag in BREAKS or tag == "blockquote":
            self._break()

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            mark = "> " if self._quoted and data.strip() else ""
            self.pieces.append(mark + re.sub(r"\s*\n\s*", " ", data))

    def _break(self) -> None:
        if self.pieces and self.pieces[-1] != "\n":
            self.pieces.append("\n")
