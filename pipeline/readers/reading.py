"""How files are to be read, where a user says more than the files do."""

from fnmatch import fnmatch
from pathlib import Path
from typing import Literal

from pydantic import Field

from schemas.base import Model


class ReadSettings(Model):
    """How files become conversations."""

    domains: dict[str, str] = Field(default_factory=dict)
    """Domain of the rows that name none, by a pattern of their file's path:
    `domains = { "refunds/*.jsonl" = "support" }`."""

    trees: Literal["best", "all"] = "best"
    """What a tree of answers gives: the path that was ranked best, or every path."""

    def domain_of(self, file: Path) -> str | None:
        """The domain of a file's rows by the first pattern that fits the end of its path."""
        path = file.as_posix()
        fits = (d for p, d in self.domains.items() if fnmatch(path, p) or fnmatch(path, f"*/{p}"))
        return next(fits, None)


class Reading(Model):
    """How one file is read."""

    format: str | None = None
    """Name of the format of every row; None: found row by row."""
    mapping: dict[str, str] = Field(default_factory=dict)
    """Part of the conversation to name of the column; empty: found by name."""
    trees: Literal["best", "all"] = "best"
    domain: str | None = None
    """Of rows that name none."""

    @property
    def of_messages(self) -> bool:
        """Whether the mapping is of an export with a message a row."""
        return "conversation" in self.mapping


FOUND = Reading()
"""Everything is found by looking at it."""
