"""The files that a user names: by path, folder, pattern, standard input, or id of a data set."""

import glob
import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from pipeline.readers import hub, spool
from schemas.errors import UserError

METADATA_NAMES = frozenset(
    (
        "dataset_info.json", "dataset_infos.json", "dataset_dict.json", "state.json",
        "manifest.json", "package.json", "croissant.json", "metadata.json", "config.json",
        "tokenizer_config.json",
    )
)  # fmt: skip
"""Names, in lower case, of files that describe data and hold none."""

DOCUMENT_STEMS = frozenset({"readme", "license", "licence", "copying", "notice", "changelog"})
"""Names, without their endings, of documents that lie beside data."""

SLACK_NAMES = frozenset(
    (
        "users.json", "channels.json", "groups.json", "dms.json", "mpims.json", "org_users.json",
        "integration_logs.json", "canvases.json", "lists.json", "file_conversations.json",
    )
)  # fmt: skip
"""Names of the files of a Slack export that describe people and channels."""

SLACK_SIGNS = frozenset(("users.json", "channels.json"))
"""Those of which one is in every Slack export."""

SLACK_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\.json")
"""The name of a file with one day of a channel."""

OTHER_SUFFIXES = frozenset(
    {".md", ".rst", ".py", ".ipynb", ".sh", ".toml", ".yaml", ".yml", ".cfg", ".ini", ".lock"}
)
"""Endings of files that hold no data."""


def find_files(paths: list[Path]) -> list[Path]:
    """The files that `paths` name, each once, in order of name within a folder or a pattern.

    A folder is searched with the folders inside it; hidden files and those that only describe data
    are left out. A folder that `datasets` saved gives the files that its state names. `-` is
    standard input. What does not exist and looks like `owner/name` is fetched from the hub.

    Raises:
        UserError: a path names no file.
    """
    files = [file for path in paths for file in _files(path)]
    return list(dict.fromkeys(files))


def streams_of(files: list[Path]) -> list[list[Path]]:
    """The files that are read one by one, and those that are read as one.

    These are the days of a Slack channel, over which a thread may go on: files in one folder, with
    dates for names, in the order of these.
    """
    streams: list[list[Path]] = []
    for file in files:
        is_day = SLACK_DAY.fullmatch(file.name) is not None
        last = streams[-1][-1] if streams else None
        if is_day and last and SLACK_DAY.fullmatch(last.name) and last.parent == file.parent:
            streams[-1].append(file)
        else:
            streams.append([file])
    return streams


def _files(path: Path) -> list[Path]:
    if str(path) == "-":
        return [spool.standard_input()]
    if path.is_dir():
        files = sorted(_data_files(path))
        if not files:
            raise UserError(
                f"the folder {path} holds no data files", "name a file or folder with conversations"
            )
        return files
    if path.is_fifo():
        return [spool.pipe(path)]
    if path.exists():
        return [path]
    if glob.has_magic(str(path)):
        matches = [Path(match) for match in sorted(glob.glob(str(path), recursive=True))]
        if matches:
            return [file for match in matches for file in _files(match)]
        raise UserError(f"no file matches the pattern {path}", "check the path")
    if hub.is_id(path):
        return hub.fetch(str(path))
    raise UserError(f"{path} does not exist", "check the path")


def _data_files(folder: Path) -> Iterator[Path]:
    """The data files of a folder and of those inside it."""
    for parent, folders, names in os.walk(folder):
        here = Path(parent)
        if "state.json" in names and (saved := _saved_files(here)):
            yield from saved
            folders.clear()
            continue
        if not SLACK_SIGNS.isdisjoint(names) and any(map(_is_slack_channel(here), folders)):
            names = [name for name in names if name not in SLACK_NAMES]
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (here / name for name in names if _may_hold_data(here / name))


def _is_slack_channel(export: Path) -> Callable[[str], bool]:
    """A test whether a folder of an export has files with one day each."""
    return lambda folder: any(
        SLACK_DAY.fullmatch(path.name) for path in (export / folder).iterdir()
    )


def _may_hold_data(path: Path) -> bool:
    name = path.name.lower()
    describes_data = name in METADATA_NAMES or Path(name).suffix in OTHER_SUFFIXES
    is_document = name.split(".")[0] in DOCUMENT_STEMS
    return not (describes_data or is_document or name.startswith("."))


def _saved_files(folder: Path) -> list[Path]:
    """The files of a data set that `datasets` saved; its caches may lie beside them."""
    try:
        state = json.loads((folder / "state.json").read_bytes())
        return [folder / data["filename"] for data in state["_data_files"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []
