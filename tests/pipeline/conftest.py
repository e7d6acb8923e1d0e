"""Small conversations, files of them, and settings that need no model."""

import itertools
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from pipeline.curation.recipe import Recipe
from pipeline.curation.run_stages import Curation
from pipeline.features import Features
from pipeline.features.tokens import RULES, TokenSettings
from pipeline.filters.short_reply import ShortReply
from pipeline.near_duplicates.stage import NearDuplicate
from pipeline.store.store import Store
from schemas.message import Message
from schemas.record import Record

Talk = Callable[..., Record]


@pytest.fixture(scope="session")
def talk() -> Talk:
    """A record of texts by turns: user, assistant, user …; fields such as `origin` by name."""

    def make(*texts: str, **fields: Any) -> Record:
        roles = itertools.cycle(("user", "assistant"))
        turns = tuple(Message(role=r, content=t) for r, t in zip(roles, texts, strict=False))
        return Record(messages=turns, **{"source": "chats.jsonl:1", **fields})

    return make


@pytest.fixture(scope="session")
def plain() -> Curation:
    """Every stage that needs no vectors, with tokens counted by rules; every short reply falls."""
    return Curation(
        features=Features(tokens=TokenSettings(tokenizer=RULES)),
        recipe=Recipe(
            short_reply=ShortReply(exempt="none"), near_duplicate=NearDuplicate(enabled=False)
        ),
    )


@pytest.fixture(scope="session")
def curation() -> Curation:
    """The settings that users get, with the real encoder and tokenizer."""
    return Curation(features=Features(), recipe=Recipe())


@pytest.fixture(scope="session")
def new_store(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Store]:
    """A fresh store with the given records, a batch for each argument."""

    def make(*batches: Iterable[Record]) -> Store:
        store = Store(tmp_path_factory.mktemp("workspace"))
        for records in batches:
            with store.open_batch("ingest") as batch:
                for record in records:
                    batch.add(record)
        return store

    return make


@pytest.fixture(scope="session")
def jsonl() -> Callable[[Path, list[Any]], Path]:
    """Writes rows as a JSON Lines file."""

    def write(path: Path, rows: list[Any]) -> Path:
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
        return path

    return write
