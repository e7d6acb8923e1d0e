"""What can be read, for people: one line a format, taken from the first line of its module."""

import sys
from collections.abc import Callable
from typing import Any, NamedTuple

from pipeline.readers import chains, helpdesk, message_lines
from pipeline.readers.chats import discord, messenger, sillytavern, telegram, whatsapp
from pipeline.readers.formats import FORMATS, oasst_flat

REFUSING = frozenset(("unsupported", "evaluation", "not_chat", "oasst_flat"))
"""Formats that say why a row is no conversation, or that are read as files."""

WHOLE_FILES: dict[str, Callable[..., Any]] = {
    "helpdesk": helpdesk.group_export,
    "message_lines": message_lines.group_message_lines,
    "exchanges": chains.join_exchanges,
    "tree_messages": oasst_flat.build_trees,
    "whatsapp": whatsapp.to_chats,
    "telegram": telegram.to_chats,
    "discord": discord.to_chats,
    "messenger": messenger.to_chats,
    "sillytavern": sillytavern.to_chats,
}
"""What makes conversations of several rows, by the name under which it is listed."""


class KnownFormat(NamedTuple):
    """A way in which conversations may be written."""

    name: str
    """What `--format` takes, if `is_row`."""
    what: str
    """What it looks like, in one line."""
    is_row: bool
    """Whether each row is complete by itself; else conversations are made of several rows."""


def known_formats() -> list[KnownFormat]:
    """Everything that is read, rows first."""
    rows = [
        KnownFormat(name, _first_line(format.to_candidates), is_row=True)
        for name, format in FORMATS.items()
        if name not in REFUSING
    ]
    files = [
        KnownFormat(name, _first_line(read), is_row=False) for name, read in WHOLE_FILES.items()
    ]
    return rows + files


def _first_line(function: Callable[..., Any]) -> str:
    """The first sentence of the module in which a function is."""
    text = sys.modules[function.__module__].__doc__ or ""
    return " ".join(text.split("\n\n")[0].split()).rstrip(".")
