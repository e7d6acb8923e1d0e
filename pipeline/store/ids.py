"""A set of ids that takes little memory."""

from collections.abc import Iterable

ID_DIGITS = 32
"""Hex digits of an id that are stored. Of a billion ids two are alike with a chance of 10^-21."""


class Ids:
    """A set of SHA-256 ids at about 20 bytes each; a Python set of the texts takes 200.

    Ids that begin with the same two bytes are stored end to end in one bytes object.
    """

    def __init__(self, ids: Iterable[str] = ()) -> None:
        self._pieces = [b""] * 2**16
        for id in ids:
            self.add(id)

    def add(self, id: str) -> bool:
        """Add an id; False if it was there already."""
        place = int(id[:4], 16)
        piece, rest = self._pieces[place], bytes.fromhex(id[4:ID_DIGITS])
        if rest in piece:
            return False
        self._pieces[place] = piece + rest
        return True
