"""Where computed things are kept to be used again: one way to name every entry of `cache/`.

An entry is named by a hash of everything that decides what is in it: the version of the code that
computes it, the settings, and fingerprints of what lies outside of curate (files of models and
tokenizers, versions of packages). So nothing that changes an answer is ever answered from before,
and what changes no answer, such as a comment, discards nothing.

The version is a number that is raised by hand; `tests/pipeline/test_cache.py` fails when the code
of a cache has changed and its version has not.
"""

import hashlib
import json
import unicodedata
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from pipeline.files import sha256_file, write_json

KEY_DIGITS = 32
"""Hex digits of a name: 128 bits."""

FINGERPRINTS = "fingerprints.json"


class Cache(NamedTuple):
    """One kind of computed thing."""

    name: str
    """Its folder in `cache/`."""
    version: int
    """Raised when the code gives other results for the same settings."""
    code: tuple[str, ...]
    """What computes it: files and folders below `pipeline/`, for the test that guards `version`."""
    packages: tuple[str, ...] = ()
    """Distributions whose version can change a result."""

    def key(self, **facts: Any) -> str:
        """The name of an entry: a hash of the code's version, the packages and `facts` (JSON)."""
        whole = {"cache": self.name, "version": self.version, **facts}
        whole["packages"] = {name: package_version(name) for name in self.packages}
        text = json.dumps(whole, sort_keys=True, default=str)
        return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:KEY_DIGITS]

    def folder(self, cache_dir: Path) -> Path:
        """Where its entries are."""
        return cache_dir / self.name


@cache
def package_version(name: str) -> str | None:
    """The installed version of a distribution, or None; `unicode` is that of Python's tables."""
    if name == "unicode":  # decides what is a letter, and what folds to what
        return unicodedata.unidata_version
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def fingerprint(files: list[Path], cache_dir: Path | None = None) -> str:
    """A hash of the contents of files, in their order.

    Reading a model of 90 MB takes longer than `curate status` may. So the hash of a file is noted
    in `cache_dir` with its size, times and inode, and taken from there while these are the same.
    """
    notes = _Notes(cache_dir / FINGERPRINTS if cache_dir else None)
    digests = [notes.sha256(file) for file in files]
    notes.save()
    return hashlib.sha256("\0".join(digests).encode()).hexdigest()[:KEY_DIGITS]


class _Notes:
    """Hashes of files by what `stat` says of them; in memory, and in a file where there is one."""

    _memory: ClassVar[dict[str, str]] = {}

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._fresh: dict[str, str] = {}
        self._read: dict[str, str] | None = None

    def sha256(self, file: Path) -> str:
        """The hash of a file, read only where nothing is noted of it as it is now."""
        stat = file.stat()
        times = f"{stat.st_mtime_ns} {stat.st_ctime_ns}"
        name = f"{file.resolve()} {stat.st_size} {times} {stat.st_dev} {stat.st_ino}"
        known = self._memory.get(name) or self._noted().get(name)
        if known is None:
            known = sha256_file(file)
            self._fresh[name] = known
        self._memory[name] = known
        return known

    def save(self) -> None:
        """Add what is new to the file. Whoever cannot write reads the files again next time."""
        if self._path and self._fresh:
            with suppress(OSError):
                write_json(self._path, {**self._noted(), **self._fresh})

    def _noted(self) -> dict[str, str]:
        if self._read is None:
            self._read = {}
            with suppress(OSError, ValueError):
                text = self._path.read_text("utf-8") if self._path else "{}"
                notes = json.loads(text)
                self._read = notes if isinstance(notes, dict) else {}
        return self._read
