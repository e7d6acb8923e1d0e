"""Pairs shown one by one on a terminal, each answered by one key."""

from collections.abc import Callable
from typing import Any

import click
import polars as pl
from rich.text import Text

from curate.report.twins import Piece, shown
from curate.terminal.output import console
from pipeline.audit.calibration.pairs import guard_says

SAME, DIFFERENT, SKIP, BACK, QUIT = "y", "n", "s", "b", "q"

KEYS = (SAME, DIFFERENT, SKIP, BACK, QUIT)

CTRL_D, ESCAPE = "\x04", "\x1b"
"""The end of input, and what arrows and function keys begin with."""

ASKED = "  Would an answer to one do for the other?  y / n / s(kip) / b(ack) / q(uit) "

THESE = "\n  The keys are y (yes), n (no), s (skip), b (back to the last pair) and q (quit). "


def ask(pairs: pl.DataFrame, keep: Callable[[dict[str, Any], bool], object]) -> None:
    """Show pairs until all are answered or the person has enough.

    A pair that somebody goes back to may be answered anew: the later answer counts.

    Args:
        pairs: rows of `Pairs.sample`.
        keep: called at once with each pair that was answered, and whether it is the same, so that
            nothing is lost.
    """
    place = 0
    while place < len(pairs):
        pair = pairs.row(place, named=True)
        _show(pair, place + 1, len(pairs))
        answer = _key()
        if answer == QUIT:
            return
        if answer in (SAME, DIFFERENT):
            keep(pair, answer == SAME)
        place = max(place - 1, 0) if answer == BACK else place + 1


def marked(pieces: list[Piece]) -> Text:
    """A text on one line; differing words are bold and underlined, which needs no colour."""
    text = Text()
    for piece in pieces:
        style = "bold underline" if piece.differs else ""
        text.append(piece.text.replace("\n", " ⏎ "), style)
    return text


def _show(pair: dict[str, Any], number: int, total: int) -> None:
    out = console()
    out.print()
    out.print(f"pair {number:,} of {total:,} · cosine {pair['cosine']:.3f} · {pair['language']}")
    for mark, pieces in zip("AB", shown([pair["question"], pair["other_question"]]), strict=True):
        out.print(Text(f"  {mark}  ").append_text(marked(pieces)))
    if why := guard_says(pair):
        out.print(f"  The guard holds them apart at any threshold: {why}")


def _key() -> str:
    """One of the keys; others are told which there are. The end of input is `q`."""
    out = console()
    out.print(ASKED, end="")
    while True:
        try:
            pressed = click.getchar().casefold().replace(CTRL_D, QUIT)
        except EOFError:
            pressed = QUIT
        # Keys pressed in haste come at once; what is behind the first was meant for no pair seen.
        found = next((key for key in pressed if key in KEYS), None)
        if found and not pressed.startswith(ESCAPE):
            out.print(found)
            return found
        out.print(THESE, end="")
