"""What a user names becomes files: files, folders, patterns, standard input, a saved data set."""

import glob
import json
import os
from collections.abc import Iterator
from pathlib import Path

from pipeline.readers import hub, spool
from schemas.errors import UserError

NO_DATA = frozenset(
    (
        "dataset_info.json", "dataset_infos.json", "dataset_dict.json", "state.json",
        "manifest.json", "package.json", "croissant.json", "metadata.json", "config.json",
        "tokenizer_config.json",
    )
)  # fmt: skip
"""Names, in lower case, of files that describe data."""

NO_DATA_STEMS = frozenset({"readme", "license", "licence", "copying", "notice", "changelog"})

NO_DATA_ENDS = frozenset(
    {".md", ".rst", ".py", ".ipynb", ".sh", ".toml", ".yaml", ".yml", ".cfg", ".ini", ".lock"}
)


def find_files(paths: list[Path]) -> list[Path]:
    """The files that `paths` name, each once, in order of name within a folder or a pattern.

    A folder is searched to its end, without what is hidden and what only describes data; one that
    `datasets` saved gives the files which its state names. `-` is standard input. What is no path
    and looks like `owner/name` is asked of the hub.

    Raises:
        UserError: a path names nothing.
    """
    found = [file for path in paths for file in _files(path)]
    return list(dict.fromkeys(found))


def _files(path: Path) -> list[Path]:
    if str(path) == "-":
        return [spool.standard_input()]
    if path.is_dir():
        files = sorted(_inside(path))
        if not files:
            raise UserError(f"{path} is a folder without data", "name a file or folder with chats")
        return files
    if path.is_fifo():
        return [spool.pipe(path)]
    if path.exists():
        return [path]
    if glob.has_magic(str(path)):
        matches = [Path(match) for match in sorted(glob.glob(str(path), recursive=True))]
        if matches:
            return [file for match in matches for file in _files(match)]
        raise UserError(f"no file fits the pattern {path}", "check the path")
    if hub.is_id(path):
        return hub.fetch(str(path))
    raise UserError(f"{path} does not exist", "check the path")


def _inside(folder: Path) -> Iterator[Path]:
    """The data files of a folder and of those inside it."""
    for parent, folders, names in os.walk(folder):
        here = Path(parent)
        if "state.json" in names and (saved := _saved_files(here)):
            yield from saved
            folders.clear()
            continue
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (here / name for name in names if _may_hold_data(here / name))


def _may_hold_data(path: Path) -> bool:
    name = path.name.lower()
    described = name in NO_DATA or Path(name).suffix in NO_DATA_ENDS
    return not (described or name.startswith(".") or name.split(".")[0] in NO_DATA_STEMS)


def _saved_files(folder: Path) -> list[Path]:
    """The files of a data set that `datasets` saved; beside them may lie its caches."""
    try:
        state = json.loads((folder / "state.json").read_bytes())
        return [folder / data["filename"] for data in state["_data_files"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []
