"""Questions about something that is not there."""

import re

import polars as pl

from pipeline.filters.screen import measured
from pipeline.filters.stage import FlagOrDrop, Stage
from schemas.reasons import Reason
from schemas.verdict import Action

PICTURE = (
    r"(?:this|these|the following|the attached|attached|the given|the provided|the above|below)"
    r" (?:image|picture|photo|photograph|screenshot|painting|artwork|drawing|diagram|chart|graph"
    r"|video|audio|recording|clip)s?"
    r"|(?:image|picture|photo|screenshot|diagram|chart|video) (?:below|above|attached|provided)"
    r"|(?:dieses?|das folgende|angehängte) (?:bild|foto|video)|(?:esta|la siguiente) (?:imagen"
    r"|foto)"
    r"|cette (?:image|photo|vidéo)|quest[ao] (?:immagine|foto)|est[ae] (?:imagem|foto)"
    r"|deze (?:afbeelding|foto)"
)
PICTURE_UNSPACED = (
    r"(?:这|下|附)(?:张|幅|面的?|图的?)?(?:图片|照片|图像|视频)|この(?:画像|写真|動画)"
)

DOCUMENT = (
    r"(?:this|the following|the attached|attached|the given|the provided|the above)"
    r" (?:[a-z]+ )?(?:article|document|passage|paragraph|text|file|attachment|pdf|spreadsheet|table"
    r"|essay|story|email|link|website|web ?page|blog post|news article)"
)
LINK = r"https?://|www\."

SCREEN = rf"(?i)\b(?:{PICTURE}|{DOCUMENT})\b|{PICTURE_UNSPACED}|{LINK}"

SEES = re.compile(rf"(?i)\b(?:{PICTURE})\b|{PICTURE_UNSPACED}")
READS = re.compile(rf"(?i)\b(?:{DOCUMENT})\b")
OPENS = re.compile(
    rf"(?is)\b(?:summari[sz]e|read|article|according to|based on|visit|analy[sz]e|describe|review"
    rf"|zusammen|lies|resum[ea]|lee|résume[rz]?|lis|riassum\w+|samenvat\w*)\b.*"
    rf"(?<!\]\()(?:{LINK})\S+"
)
ABOUT_CODE = re.compile(
    r"(?i)\b(?:code|function|sql|query|regex|regular expression|program|script|html|css|python"
    r"|javascript|java|php|bash|algorithm|array|in c)\b"
)
"""Code is about data that it does not need to see."""

NAMED_IN_WORDS = re.compile(r"[\"“«„'‘:>|(]|\n")
"""A quotation, a colon, a second line: what the question speaks of may stand there."""

ROOM = 160
"""A question with more characters than this holds a text of its own."""


class MissingContext(Stage):
    """Flag records whose question is about a picture, a link or a text that is not there.

    A model that learns to answer them learns to make things up.
    """

    action: FlagOrDrop = Action.flag

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Verdicts on `records`; the value is the question's length in characters."""
        alone = pl.col("turns").str.contains(r"^ua$")  # a tool or a system text may hold it
        parts = pl.col("messages").str.contains(r'"type": ?"(?:image|input|file|audio|video)')
        asks = pl.col("question").str.contains(SCREEN)
        found = measured(records, alone & asks & ~parts, _missing)
        return self.verdicts(found, self.action, Reason.missing_context, pl.col("found"))


def _missing(question: str, _replies: list[str]) -> int:
    if ABOUT_CODE.search(question):
        return 0
    words = re.sub(rf"(?:{LINK})\S+", "", question)
    bare = len(words) <= ROOM and not NAMED_IN_WORDS.search(words.strip(" \n:."))
    away = SEES.search(question) if bare else None
    away = away or (READS.search(question) if bare else None)
    away = away or (OPENS.search(question) if len(words) <= ROOM else None)
    return len(question) if away else 0
