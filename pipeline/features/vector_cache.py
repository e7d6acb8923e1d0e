"""Vectors of texts, in one file for each model, which only grows: a text is embedded once.

    header   magic (16 bytes), the number of columns d (uint32), 12 unused bytes
    record   16 bytes of the text's SHA-256, share of unknown tokens (float32), vector (d float32),
             and a checksum: with it, all 32-bit words of the record add up to `SUM`

Embedding costs a hundred times as much as comparing. A record with a wrong checksum is ignored:
a kill can leave the last one incomplete, and a power cut can leave zeros. The next append
overwrites an incomplete one. The file can be deleted at any time, even while it is being read.
"""

import hashlib
import os
import struct
from collections.abc import Callable, Iterator
from io import BufferedReader
from pathlib import Path
from typing import NamedTuple

import numpy as np
from filelock import FileLock

from pipeline.files import write_atomically
from schemas.progress import Progress, quiet

CHUNK = 2048
"""Texts embedded between two appends; a kill loses no more than these."""

STEP = 4096
"""Records read at once for their keys (6 MB of 384 columns), so that the file stays on disk."""

MAGIC = b"curate vectors 1"
HEADER = struct.Struct("<16sI12x")
SUM = 0x63757261

KEY = np.dtype("S16")


class Encoded(NamedTuple):
    """What an encoder makes of n texts."""

    vectors: np.ndarray
    """Unit vectors, float32 (n, d)."""
    unknown: np.ndarray
    """Float32 (n,): the share of each text that the encoder's vocabulary lacks."""


Encode = Callable[[list[str]], Encoded]


class VectorCache:
    """What `encode` makes of texts, each text once."""

    def __init__(self, path: Callable[[], Path], encode: Encode) -> None:
        """Cache in the file `path`, which is asked for when it is first needed."""
        self._path = path
        self._encode = encode
        self._opened: VectorFile | None = None

    def encoded(self, texts: list[str], progress: Progress = quiet) -> Encoded:
        """The encoder's answer for each text; vectors of shape (0, 0) for no texts."""
        if not texts:
            return Encoded(np.zeros((0, 0), np.float32), np.zeros(0, np.float32))
        keys, file = keys_of(texts), self._file
        while len(missing := self._missing(keys, texts)):  # again if the file is deleted meanwhile
            for start in range(0, len(missing), CHUNK):
                progress(start, len(missing), "embedding questions")
                chunk = missing[start : start + CHUNK]
                file.append(keys[chunk], self._encode([texts[row] for row in chunk]))
        return file.take(file.rows(keys))

    @property
    def _file(self) -> "VectorFile":
        self._opened = self._opened or VectorFile(self._path())
        return self._opened

    def _missing(self, keys: np.ndarray, texts: list[str]) -> np.ndarray:
        """Rows of the texts to embed, each text once, shortest first: batches pad little."""
        absent = np.flatnonzero(self._file.rows(keys) < 0)
        _, first = np.unique(keys[absent], return_index=True)
        once = absent[first]
        order = np.argsort([len(texts[row]) for row in once], kind="stable")
        return once[order]


class VectorFile:
    """The file of one model: its records mapped, its keys in memory."""

    def __init__(self, path: Path) -> None:
        """Open `path`; a file that is missing or is not of this kind is replaced at first use."""
        self.path = path
        self._forget()
        self._refresh()

    def rows(self, keys: np.ndarray) -> np.ndarray:
        """Where the records of keys are, int64 (n,); -1 where there is none."""
        if not len(self._keys):
            return np.full(len(keys), -1)
        place = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        return np.where(self._keys[place] == keys, self._rows[place], -1)

    def take(self, rows: np.ndarray) -> Encoded:
        """The vectors and unknown shares of records, copied into memory."""
        return Encoded(self._records["vector"][rows], self._records["unknown"][rows])

    def append(self, keys: np.ndarray, encoded: Encoded) -> None:
        """Add records by one write, under a lock: no two processes write into each other."""
        records = np.zeros(len(keys), _layout(encoded.vectors.shape[1]))
        records["key"], records["unknown"], records["vector"] = (
            keys,
            encoded.unknown,
            encoded.vectors,
        )
        records["check"] = SUM - _sums(records)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(self.path.with_suffix(".lock")):
            self._begin(encoded.vectors.shape[1])
            with self.path.open("r+b") as file:
                size = file.seek(0, os.SEEK_END) - HEADER.size
                file.seek(HEADER.size + size // records.itemsize * records.itemsize)
                file.write(records.tobytes())
        self._refresh()

    def _begin(self, columns: int) -> None:
        """Make the file where there is none, or none for vectors of so many columns."""
        try:
            with self.path.open("rb") as file:
                if _columns(file) == columns:
                    return
        except FileNotFoundError:
            pass
        write_atomically(self.path, HEADER.pack(MAGIC, columns))

    def _forget(self) -> None:
        self._inode = 0
        self._records = np.zeros(0, _layout(0))
        self._keys = np.zeros(0, KEY)
        self._rows = np.zeros(0, np.int64)

    def _refresh(self) -> None:
        """Take in what was appended since, by whomever."""
        try:
            opened = self.path.open("rb")
        except FileNotFoundError:
            return self._forget()
        with opened as file:
            columns, inode = _columns(file), os.fstat(file.fileno()).st_ino
            if columns is None or inode != self._inode:
                self._forget()
            if columns is None:
                return
            layout, known = _layout(columns), len(self._records)
            count = (os.fstat(file.fileno()).st_size - HEADER.size) // layout.itemsize
            if count > known:
                for first, keys in _whole_keys(file, layout, known, count):
                    self._index(keys, first)
                self._records = np.memmap(file, layout, "r", HEADER.size, (count,)).view(np.ndarray)
                self._inode = inode

    def _index(self, keys: np.ndarray, rows: np.ndarray) -> None:
        """Merge keys into the sorted ones."""
        order = np.argsort(keys, kind="stable")
        place = np.searchsorted(self._keys, keys[order])
        self._keys = np.insert(self._keys, place, keys[order])
        self._rows = np.insert(self._rows, place, rows[order])


def keys_of(texts: list[str]) -> np.ndarray:
    """A key of 16 bytes for each text: two of a million texts share one at 1 in 10^26."""
    digests = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in texts]
    return np.frombuffer(b"".join([digest[: KEY.itemsize] for digest in digests]), KEY)


def _layout(columns: int) -> np.dtype[np.void]:
    """A record of vectors of so many columns."""
    return np.dtype(
        [("key", KEY), ("unknown", "<f4"), ("vector", "<f4", (columns,)), ("check", "<u4")]
    )


def _columns(file: BufferedReader) -> int | None:
    """The number of columns that the header names; None where the file is no such file."""
    header = file.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    magic, columns = HEADER.unpack(header)
    return int(columns) if magic == MAGIC else None


def _sums(records: np.ndarray) -> np.ndarray:
    """The sum of all words of each record, uint32 (n,)."""
    words = records.view("<u4").reshape(len(records), -1)
    sums: np.ndarray = words.sum(axis=1, dtype=np.uint32)
    return sums


def _whole_keys(
    file: BufferedReader, layout: np.dtype[np.void], start: int, end: int
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Rows and keys of the records from `start` to `end` that add up."""
    file.seek(HEADER.size + start * layout.itemsize)
    for first in range(start, end, STEP):
        records = np.fromfile(file, layout, min(STEP, end - first))
        whole = np.flatnonzero(_sums(records) == SUM)
        yield first + whole, records["key"][whole]
