"""Ids that are known already, held so that memory hardly grows with them."""

from collections.abc import Iterable

HELD = 32
"""Hex digits that are held of an id: in a billion of them two are alike with a chance of 10^-21."""


class Ids:
    """A set of SHA-256 ids at about 20 bytes each; a Python set of the texts takes 200.

    Those that begin with the same two bytes lie end to end in one piece of bytes.
    """

    def __init__(self, ids: Iterable[str] = ()) -> None:
        self._pieces = [b""] * 2**16
        for id in ids:
            self.add(id)

    def add(self, id: str) -> bool:
        """Add an id; False when it was there."""
        place = int(id[:4], 16)
        piece, rest = self._pieces[place], bytes.fromhex(id[4:HELD])
        if rest in piece:
            return False
        self._pieces[place] = piece + rest
        return True
