"""A data set of the Hugging Face hub, by its id: each split is streamed into a file."""

import json
import re
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pipeline.readers import spool
from schemas.errors import UserError, first_line

HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")

FILE_NAME = re.compile(r"\.(jsonl?|ndjson|csv|tsv|txt|parquet|arrow|feather|gz|zst|bz2|xz)$", re.I)

HUB_TIMEOUT_S = 10.0
"""Seconds in which the hub must answer whether it has a data set."""


def is_id(path: Path) -> bool:
    """Whether a path that does not exist may be `owner/name` on the hub."""
    text = path.as_posix()
    return bool(HUB_ID.fullmatch(text)) and not FILE_NAME.search(text) and not path.parent.exists()


def fetch(name: str) -> list[Path]:
    """The data set's splits as files of JSON Lines.

    Raises:
        UserError: `datasets` is not installed, or the hub does not give the data set.
    """
    try:
        import datasets
        from huggingface_hub import dataset_info
    except ImportError:
        raise UserError(
            f"{name} does not exist here",
            'check the path; for a data set of the hub: pip install "curate-chat[train]"',
        ) from None
    try:
        # Asked first, because `datasets` itself tries five times, which takes 23 s.
        dataset_info(name, timeout=HUB_TIMEOUT_S)
        splits: Mapping[str, Iterable[dict[str, Any]]] = datasets.load_dataset(name, streaming=True)
        folder = Path(tempfile.mkdtemp(dir=spool.folder()))
        return [_written(folder, name, split, rows) for split, rows in splits.items()]
    except Exception as error:  # The library raises whatever its network and file layers raise.
        raise UserError(
            f"{name} does not exist here, and the hub does not give it: {first_line(error)}",
            "check the path, the id and the network",
        ) from None


def _written(folder: Path, name: str, split: str, rows: Iterable[dict[str, Any]]) -> Path:
    path = folder / f"{name.replace('/', '--')}.{split}.jsonl"
    with path.open("w", encoding="utf-8", errors="backslashreplace") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")
    return path
