"""How files are read, where the user says more than the files do."""

from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from pipeline.readers.templates import FileTemplate
from schemas.base import Model


class ReadSettings(Model):
    """How files become conversations."""

    domains: dict[str, str] = Field(default_factory=dict)
    """Domain of the rows that name none, by a pattern that their file's path matches:
    `domains = { "refunds/*.jsonl" = "support" }`."""

    trees: Literal["best", "all"] = "best"
    """Which conversations a tree of answers gives: the path that was ranked best, or every path."""

    silence_hours: float = Field(0, ge=0)
    """Hours without a message that end a conversation in the export of a chat app. 0: found in each
    chat, between 1 and 12, and 6 where its pauses do not tell."""

    def domain_of(self, file: Path) -> str | None:
        """The domain of a file's rows by the first pattern that matches the end of its path."""
        path = file.as_posix()
        for pattern, domain in self.domains.items():
            if fnmatch(path, pattern) or fnmatch(path, f"*/{pattern}"):
                return domain
        return None


class Reading(Model):
    """How one file is read."""

    format: str | None = None
    """Name of the format of every row (see `formats.FORMATS`); None: found row by row."""
    mapping: dict[str, str] = Field(default_factory=dict)
    """Part of the conversation to the name of its column; empty: found by the columns' names."""
    me: tuple[str, ...] = ()
    """Who the assistant is in the export of a chat app: names of speakers."""
    trees: Literal["best", "all"] = "best"
    silence_hours: float = 0
    domain: str | None = None
    """Domain of the rows that name none."""
    template: FileTemplate | None = None
    """What the rows of the file have in common, as its first rows show."""

    @property
    def as_given(self) -> dict[str, Any]:
        """What the user says of the file itself; empty where everything is to be found out."""
        said = {"format", "mapping", "me"}
        # As JSON has it, so that it equals what a manifest kept of it.
        return self.model_dump(mode="json", exclude_defaults=True, include=said)

    @property
    def is_of_messages(self) -> bool:
        """Whether the mapping is for an export with one message a row."""
        return "conversation" in self.mapping


DETECT = Reading()
"""Nothing is said: formats and columns are found by looking at them."""
