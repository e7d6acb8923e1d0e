"""HTML becomes the text that a reader of the mail sees, whatever program wrote it."""

import pytest

from pipeline.readers.helpdesk.markup import MAX_TAGS, visible_text

PAGES = {
    "paragraphs": ("<p>Dear Jo,</p><p>it is&nbsp;5 &lt; 6.</p>", "Dear Jo,\nit is 5 < 6."),
    "line breaks": ("one<br>two<br/>three", "one\ntwo\nthree"),
    "blocks beside text": ("<div>one</div>two<div>three</div>", "one\ntwo\nthree"),
    "Gmail's empty lines": ("<div>Hi<div><br></div><div>there</div></div>", "Hi\nthere"),
    "a heading": ("<p>see</p><h4>Title</h4>text", "see\nTitle\ntext"),
    "a rule": ("one<hr>two<br>", "one\ntwo"),
    "a list": ("<ol><li><p>one</p></li><li>two</li></ol>", "one\ntwo"),
    "a table": ("<table><tr><td>Sum</td><td>5</td></tr><tr><td>a</td></tr></table>", "Sum 5\na"),
    "spans": ("<span>a</span><span>b</span>", "ab"),
    "a link": ('<a href="https://x.example">link</a> text<br>', "link text"),
    "lines of the source": ("line one\nstill one<br>two", "line one still one\ntwo"),
    "Outlook's conditions": ("<p>Done.</p><!--[if mso]><p>Outlook</p><![endif]-->", "Done."),
    "Word's list": ("<p>a</p><![if !supportLists]>1.<![endif]><p>b</p>", "a\n1.\nb"),
    "Word's paragraphs": ("<p>Hi<o:p></o:p></p><p>Jo<o:p>&nbsp;</o:p></p>", "Hi\nJo"),
    "style and title": ("<head><title>Re</title><style>p {}</style></head><p>x</p>", "x"),
    "a script that begins a comment": ('<p>a</p><script>"<!--"</script><p>b</p>', "a\nb"),
    "a comment in a word": ("<p>a<!-- hidden -->b</p>", "ab"),
    "a comment without an end": ("<p>a</p><!-- <p>b</p>", "a"),
    "an attribute with a bracket": ('<p title="a > b">c</p>', "c"),
    "a broken tag": ("<p>a <b b</p>", "a"),
    "tags without an end": ("<p>one <b>bold<p>two</p>", "one bold\ntwo"),
    "an end without a tag": ("</p>one</div>", "one"),
    "bare brackets": ("<p>1 < 2 and 3 > 2</p>", "1 < 2 and 3 > 2"),
    "escaped tags": ("<p>Use &lt;div&gt; inside &amp;lt;</p>", "Use <div> inside &lt;"),
    "entities": ("caf&eacute; &#8364;5<br>", "café €5"),
    "a quotation": ("<p>ok</p><blockquote>a <b>b</b> <p>c</p></blockquote>", "ok\n> a b\n> c"),
    "quotations in quotations": (
        "<blockquote><blockquote>x</blockquote>y</blockquote>z<br>", "> x\n> y\nz",
    ),
    "a quotation without an end": ("<blockquote><p>x</p>", "> x"),
}  # fmt: skip


@pytest.mark.parametrize(("page", "text"), PAGES.values(), ids=PAGES)
def test_a_page_becomes_the_text_that_is_seen(page: str, text: str) -> None:
    assert visible_text(page) == text


def test_a_page_of_too_many_tags_keeps_its_text_and_is_read_at_once() -> None:
    assert visible_text("<div>" * MAX_TAGS + "one &amp; two<br>") == "one & two"


def test_half_a_character_stays_to_be_refused() -> None:
    assert "\ud800" in visible_text("<p>\ud800</p>")


@pytest.mark.parametrize("text", ["Use a <div> and a <p>.", "a < b", "List<String> x", "<b>"])
def test_tags_that_somebody_asks_about_stay(text: str) -> None:
    assert visible_text(text) == text
