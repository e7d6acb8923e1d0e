"""Pairs shown one by one on a terminal, each answered by one key."""

from collections.abc import Callable
from typing import Any

import click
import polars as pl
from rich.text import Text

from curate.report.twins import Piece, excerpts
from curate.terminal.output import console
from pipeline.audit.calibration.pairs import guard_says

_SAME, _DIFFERENT, _SKIP, _BACK, _QUIT = "y", "n", "s", "b", "q"

_KEYS = (_SAME, _DIFFERENT, _SKIP, _BACK, _QUIT)

_CTRL_D, _ESCAPE = "\x04", "\x1b"
"""The end of input, and what arrows and function keys begin with."""

_PROMPT = "  Would an answer to one also answer the other?  y / n / s(kip) / b(ack) / q(uit) "

_KEY_HELP = "\n  The keys are y (yes), n (no), s (skip), b (back to the last pair) and q (quit). "


def label_pairs(pairs: pl.DataFrame, keep: Callable[[dict[str, Any], bool], object]) -> None:
    """Show pairs until all are answered or the person quits.

    Going back to a pair allows another answer to it: the later answer counts.

    Args:
        pairs: rows of `Pairs.sample`.
        keep: called with each pair as soon as it is answered, and with whether both questions are
            the same, so that no answer is lost.
    """
    place = 0
    while place < len(pairs):
        pair = pairs.row(place, named=True)
        _show(pair, place + 1, len(pairs))
        answer = _key()
        if answer == _QUIT:
            return
        if answer in (_SAME, _DIFFERENT):
            keep(pair, answer == _SAME)
        place = max(place - 1, 0) if answer == _BACK else place + 1


def one_line(pieces: list[Piece]) -> Text:
    """Pieces on one line; differing words are bold and underlined, which works without colour."""
    text = Text()
    for piece in pieces:
        style = "bold underline" if piece.differs else ""
        text.append(piece.text.replace("\n", " ⏎ "), style)
    return text


def _show(pair: dict[str, Any], number: int, total: int) -> None:
    out = console()
    out.print()
    out.print(f"pair {number:,} of {total:,} · cosine {pair['cosine']:.3f} · {pair['language']}")
    for mark, pieces in zip(
        "AB", excerpts([pair["question"], pair["other_question"]]), strict=True
    ):
        out.print(Text(f"  {mark}  ").append_text(one_line(pieces)))
    if why := guard_says(pair):
        out.print(f"  Both are kept at any threshold, since they differ in {why}")


def _key() -> str:
    """The key that was pressed; any other key prints which there are. End of input is `q`."""
    out = console()
    out.print(_PROMPT, end="")
    while True:
        try:
            pressed = click.getchar().casefold().replace(_CTRL_D, _QUIT)
        except EOFError:
            pressed = _QUIT
        # Keys pressed in haste arrive together; only the first was meant for the pair shown.
        answer = next((key for key in pressed if key in _KEYS), None)
        if answer and not pressed.startswith(_ESCAPE):
            out.print(answer)
            return answer
        out.print(_KEY_HELP, end="")
