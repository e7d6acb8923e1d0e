"""Pairs shown one by one on a terminal, each answered by one key."""

from collections.abc import Callable
from typing import Any

import click
import polars as pl
from rich.text import Text

from curate.output import console
from curate.report.twins import Piece, shown
from pipeline.near_duplicates.calibrate import guard_says

SAME, DIFFERENT, SKIP, QUIT = "y", "n", "s", "q"

KEYS = (SAME, DIFFERENT, SKIP, QUIT)

CTRL_D, ESCAPE = "\x04", "\x1b"
"""The end of input, and what arrows and function keys begin with."""

ASKED = "  Would an answer to one do for the other?  y / n / s(kip) / q(uit) "


def ask(pairs: pl.DataFrame, keep: Callable[[dict[str, Any], bool], object]) -> None:
    """Show pairs until all are answered or the person has enough.

    Args:
        pairs: rows of `Pairs.sample`.
        keep: called at once with each pair that was answered, and whether it is the same, so that
            nothing is lost.
    """
    for number, pair in enumerate(pairs.iter_rows(named=True), 1):
        _show(pair, number, len(pairs))
        answer = _key()
        if answer == QUIT:
            return
        if answer != SKIP:
            keep(pair, answer == SAME)


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
    """One of the four keys; others are waited past. The end of input is `q`."""
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
