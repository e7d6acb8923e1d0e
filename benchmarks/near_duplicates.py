"""The join and the survivors, beside what others do, on the same vectors in one run.

    python -m benchmarks.near_duplicates [WORKSPACE] [--sizes 10000 40000 100000]

With a workspace the vectors are those of its questions in the languages that the model knows, and
where there are too few, sums of two of them; without one they are drawn in clusters. Each method
runs in a process of its own on one thread; CPU time counts, and the peak of that process's memory.
`semhash` is a line only where it is installed.

orphans: dropped rows with no kept row above the threshold. left: pairs above it of which both were
kept. shuffled: rows whose fate is another one when the rows come in another order.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pipeline.near_duplicates.questions import Questions

THRESHOLD = 0.92

COUNTS = ("pairs", "dropped", "orphans", "left", "shuffled")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("workspace", type=Path, nargs="?")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 40_000])
    given = parser.parse_args()
    heads = ("rows", "method", "core-s", "ratio", "peak MiB", *COUNTS)
    print(_line(heads), _line(["---"] * len(heads)), sep="\n")
    real = questions(given.workspace) if given.workspace else None
    for size in given.sizes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "vectors.npy"
            np.save(path, clusters(size) if real is None else enlarged(real, size))
            first = 0.0
            for name in METHODS:
                figures = measured(name, path)
                if figures is None:
                    continue
                took, peak = figures["seconds"], f"{figures['peak']:.0f}"
                first = first or took
                counts = [f"{figures[key]:,}" if key in figures else "" for key in COUNTS]
                line = [f"{size:,}", name, f"{took:.2f}", f"{took / first:.1f}", peak, *counts]
                print(_line(line), flush=True)


def measured(name: str, path: Path) -> dict[str, float] | None:
    """What a method took and found, in a process of its own; None where it cannot run."""
    if name.startswith("semhash") and not find_spec("semhash"):
        return None
    one_thread = {
        name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    }
    code = "from benchmarks.near_duplicates import child; child()"
    command = [sys.executable, "-c", code, name, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **one_thread})
    if done.returncode:
        raise SystemExit(f"{name}: {done.stderr}")
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def child() -> None:
    """Run one method on one file, and print what it took and found."""
    name, path = sys.argv[1], Path(sys.argv[2])
    vectors = np.load(path)
    run = METHODS[name](vectors)
    begin = time.process_time()
    answer = run(vectors)
    figures: dict[str, float] = {"seconds": time.process_time() - begin, "peak": _peak()}
    if isinstance(answer, int):
        figures["pairs"] = answer
    elif isinstance(answer, np.ndarray):
        figures |= contract(vectors, answer)
        order = np.random.default_rng(1).permutation(len(vectors))
        shuffled = np.zeros(len(vectors), bool)
        shuffled[order] = run(vectors[order], order)
        figures["shuffled"] = int((shuffled != answer).sum())
    print(json.dumps(figures))


def contract(vectors: np.ndarray, kept: np.ndarray) -> dict[str, float]:
    """Counts that show whether a choice of kept rows keeps the contract."""
    from pipeline.near_duplicates.join import exact_pairs

    places, beside = np.flatnonzero(kept), np.zeros(len(vectors), bool)
    left = 0
    for rows, columns, _ in exact_pairs(vectors, vectors[places], THRESHOLD):
        others = places[columns]
        apart = rows != others
        beside[rows[apart]] = True
        left += int((kept[rows] & (rows < others)).sum())
    fallen = ~kept
    return {"dropped": int(fallen.sum()), "orphans": int((fallen & ~beside).sum()), "left": left}


Run = Callable[..., "int | np.ndarray | None"]


def curate_join(_: np.ndarray) -> Run:
    """All pairs, by the join of projected vectors."""
    from pipeline.near_duplicates.join import above, compare_within, projected

    def run(vectors: np.ndarray) -> int:
        count = 0
        for pairs in compare_within(projected(vectors), THRESHOLD):
            count += int(above(vectors, pairs, THRESHOLD).sum())
        return count

    return run


def flat_half(_: np.ndarray) -> Run:
    """All pairs, by whole products of the upper half."""

    def run(vectors: np.ndarray) -> int:
        count, step = 0, 2048
        for top in range(0, len(vectors), step):
            for side in range(top, len(vectors), step):
                near = vectors[top : top + step] @ vectors[side : side + step].T > THRESHOLD
                count += int(np.triu(near, 1).sum() if top == side else near.sum())
        return count

    return run


def faiss_flat(_: np.ndarray) -> Run:
    """All pairs, by a range search in a flat index."""
    import faiss

    faiss.omp_set_num_threads(1)

    def run(vectors: np.ndarray) -> int:
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        count = 0
        for start in range(0, len(vectors), 4096):
            limits, _, _ = index.range_search(vectors[start : start + 4096], THRESHOLD)
            count += int(limits[-1])
        return (count - len(vectors)) // 2

    return run


def curate_admit(vectors: np.ndarray) -> Run:
    """Survivors in order of preference, which is the row's number as it is an id elsewhere."""
    from pipeline.near_duplicates.admit import admit

    def run(vectors: np.ndarray, names: np.ndarray | None = None) -> np.ndarray:
        order = np.arange(len(vectors)) if names is None else np.argsort(names)
        kept = np.zeros(len(vectors), bool)
        kept[order] = admit(_asked(vectors[order]), THRESHOLD).admitted
        return kept

    return run


def curate_again(vectors: np.ndarray) -> Run:
    """The same a second time with the neighbour cache, after each hundredth row went away."""
    from pipeline.near_duplicates.neighbour_cache import (
        admit_knowing,
        no_neighbours,
        read_neighbours,
        write_neighbours,
    )

    folder = tempfile.TemporaryDirectory()
    path, names = Path(folder.name) / "neighbours.npz", np.arange(len(vectors), dtype=np.uint64)
    before = no_neighbours(len(vectors))
    _, neighbours = admit_knowing(_asked(vectors), THRESHOLD, before)
    write_neighbours(path, names, neighbours)

    def run(vectors: np.ndarray) -> None:
        with folder:
            left = names % 100 > 0
            before = read_neighbours(path, names[left])
            admit_knowing(_asked(vectors[left]), THRESHOLD, before)

    return run


def curate_crowd(vectors: np.ndarray) -> Run:
    """As many rows of one template, each with another number: all stay, flagged."""
    from pipeline.near_duplicates.admit import admit

    size, rng = len(vectors), np.random.default_rng(0)
    crowd = _unit(1 + rng.normal(size=(size, vectors.shape[1])).astype(np.float32) / 20)
    asked = _asked(crowd)
    asked.signatures.key[:] = np.arange(size)

    def run(vectors: np.ndarray) -> None:
        assert admit(asked, THRESHOLD).admitted.all()

    return run


def _asked(vectors: np.ndarray) -> "Questions":
    """Short questions without a number or a shared prefix."""
    from pipeline.near_duplicates.guard import WORDS, Signatures
    from pipeline.near_duplicates.questions import NONE, OptionalVectors, Questions

    size = len(vectors)
    no_vectors = OptionalVectors(np.full(size, NONE), vectors[:0])
    same = Signatures(np.zeros(size, np.uint64), np.zeros((size, WORDS), np.uint64))
    return Questions(vectors, same, no_vectors.place, no_vectors, np.full(size, 20), no_vectors)


def components(_: np.ndarray) -> Run:
    """One row of each connected component stays, as after MinHash in datatrove or NeMo Curator."""
    from pipeline.near_duplicates.components import components as connected

    def run(vectors: np.ndarray, names: np.ndarray | None = None) -> np.ndarray:
        labels = connected(vectors, THRESHOLD)
        kept: np.ndarray = labels == np.arange(len(vectors))
        return kept

    return run


def semhash(vectors: np.ndarray) -> Run:
    """SemHash with the vectors given, as its documents show; its index is made in the run."""
    from semhash import SemHash

    class Model:
        def encode(self, texts: list[str], **_: object) -> np.ndarray:
            raise NotImplementedError

    def run(vectors: np.ndarray, names: np.ndarray | None = None) -> np.ndarray:
        texts = [str(number) for number in range(len(vectors))]
        index = SemHash.from_embeddings(vectors, texts, Model())
        kept = np.zeros(len(vectors), bool)
        kept[[int(text) for text in index.self_deduplicate(threshold=THRESHOLD).selected]] = True
        return kept

    return run


METHODS: dict[str, Callable[[np.ndarray], Run]] = {
    "curate: pairs": curate_join,
    "numpy, upper half: pairs": flat_half,
    "faiss flat: pairs": faiss_flat,
    "curate: survivors": curate_admit,
    "curate: survivors, again": curate_again,
    "curate: one crowd, parted": curate_crowd,
    "one a component: survivors": components,
    "semhash: survivors": semhash,
}


def questions(root: Path) -> np.ndarray:
    """The vectors of a workspace's questions by its model, each question once."""
    from curate.workspace import Workspace
    from pipeline.features import describe
    from pipeline.features.embed import Embedder
    from pipeline.near_duplicates.vectors import MODEL, vectors_of, with_vectors

    workspace = Workspace.at(root)
    features = workspace.settings.features
    frame = describe(workspace.store.records(), features, workspace.store.cache_dir)
    frame = frame.unique("question", keep="any").sort("id")
    embedder = Embedder(features.embedding, workspace.store.cache_dir)
    return vectors_of(with_vectors(frame, features, embedder).filter(encoder=MODEL))


def enlarged(real: np.ndarray, size: int) -> np.ndarray:
    """So many rows: real ones, and where these are too few, sums of two of them."""
    rng = np.random.default_rng(0)
    if size <= len(real):
        return real[rng.permutation(len(real))[:size]]
    pairs = rng.integers(0, len(real), (2, size - len(real)))
    share = rng.uniform(0.2, 0.8, (pairs.shape[1], 1)).astype(np.float32)
    mixed = share * real[pairs[0]] + (1 - share) * real[pairs[1]]
    return np.concatenate([real, _unit(mixed)])


def clusters(size: int, columns: int = 384) -> np.ndarray:
    """Rows round a tenth as many centres, whose energy falls off as that of sentence vectors."""
    rng = np.random.default_rng(0)
    energy = (1 / np.sqrt(np.arange(1, columns + 1))).astype(np.float32)
    centres = rng.normal(size=(size // 10, columns)).astype(np.float32) * energy
    spread = rng.uniform(0.2, 0.8, (size, 1)).astype(np.float32)
    noise = rng.normal(size=(size, columns)).astype(np.float32) * energy
    return _unit(centres[rng.integers(0, len(centres), size)] + spread * noise)


def _unit(rows: np.ndarray) -> np.ndarray:
    unit: np.ndarray = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit


def _peak() -> float:
    """MiB; `ru_maxrss` would be that of the parent before it became this process."""
    status = Path("/proc/self/status").read_text("utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
