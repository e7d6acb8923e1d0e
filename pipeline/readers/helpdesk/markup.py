"""HTML and Slack's marks become plain text."""

import html
import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

HTML_SIGN = re.compile(r"<br\s*/?>|</(p|div|span|blockquote|td)>", re.I)
"""What tells that a text is HTML; a customer who asks about a `<div>` writes none of these."""

ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&nbsp;": " ", "&amp;": "&"}
"""What Slack and mail programs escape in plain text; `&copy=2` in a link is not an entity."""

BLOCKS = frozenset(
    (
        "address", "article", "blockquote", "br", "center", "dd", "div", "dl", "dt", "fieldset",
        "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li",
        "main", "nav", "ol", "p", "pre", "section", "table", "tr", "ul",
    )
)  # fmt: skip
"""Elements that begin a new line, and end it."""

CELLS = frozenset(("td", "th"))
"""Elements with a blank before them."""

UNSEEN = frozenset(("head", "noscript", "script", "style", "template", "title"))
"""Elements whose text no reader sees."""

MAX_TAGS = 50_000
"""The parser's time grows with the square of the depth: 100,000 nested elements take 46 s. A page
with more tags than this has them cut out and is not parsed; no mail has as many."""

SLACK_LINK = re.compile(r"<(?:https?|mailto):[^<>|]+\|([^<>]+)>|<((?:https?://|mailto:)[^<>|]+)>")
SLACK_MENTION = re.compile(
    r"<(?:@[UW]|#C|!subteam\^S)[A-Z0-9]+(?:\|([^<>]*))?>|<!(?:here|channel)>"
)


def visible_text(text: str) -> str:
    """The text that a reader sees, with its line breaks; quotations as lines with `>`."""
    text = text.replace("\r\n", "\n")
    if HTML_SIGN.search(text):
        text = _page_text(text)
    else:
        text = SLACK_LINK.sub(lambda link: link[1] or link[2], text)
        text = SLACK_MENTION.sub(lambda mention: mention[1] or "", text)
        for entity, sign in ENTITIES.items():
            text = text.replace(entity, sign)
    lines = (line.rstrip() for line in text.replace("\xa0", " ").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _page_text(page: str) -> str:
    """The text of a page, a line for each block, however broken the page is."""
    if page.count("<") > MAX_TAGS:
        return html.unescape(re.sub(r"<[^<>]*>", "\n", page))
    try:
        body = LexborHTMLParser(page.encode()).body
    except UnicodeEncodeError:
        return page  # Half of a character, which the parser would drop: the record is refused.
    return re.sub(r"\n[ \n]*", "\n", "".join(_pieces(body))) if body else ""


def _pieces(body: LexborNode) -> Iterator[str]:
    """The texts inside a page's body and the breaks between them, in order."""
    quotes, at_line_start = 0, True
    for node, begins in _nodes(body):
        if node.tag == "-text":
            if begins:
                text = re.sub(r"\s+", " ", node.text_content or "")
                has_words = text != " "
                yield f"> {text}" if quotes and at_line_start and has_words else text
                at_line_start = at_line_start and not has_words
        elif node.tag in BLOCKS:
            yield "\n"
            at_line_start = True
            if node.tag == "blockquote":
                quotes += 1 if begins else -1
        elif node.tag in CELLS and begins:
            yield " "


def _nodes(body: LexborNode) -> Iterator[tuple[LexborNode, bool]]:
    """Every node inside a page's body that a reader sees: when it begins (True) and when it ends.

    Goes from node to node, since a page may nest more deeply than Python can recurse.
    """
    node = body.first_child
    while node is not None:
        yield node, True
        child = None if node.tag in UNSEEN else node.first_child
        if child is not None:
            node = child
            continue
        yield node, False
        while (following := node.next) is None:
            node = node.parent
            if node is None or node.tag == "body":
                return
            yield node, False
        node = following
