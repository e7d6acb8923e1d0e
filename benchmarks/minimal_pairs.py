"""Does the guard part what differs in one word, and leave what differs in none?

    python -m benchmarks.minimal_pairs --data DIR [--pairs N]

Takes real sentences, changes one thing by the rules of `benchmarks.minimal_rules` (which are not
the guard's table), embeds both with the packaged model, or with hashed n-grams in languages that it
does not know, and counts how many are above the threshold with and without the guard. Some changes
read oddly, and a few leave the meaning alone: take the harm as an upper estimate. Then precision
and recall on pairs that people rated.
"""

import argparse
import csv
import gzip
import hashlib
import json
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.minimal_frames import FRAME_KINDS, framed_pairs
from benchmarks.minimal_rules import Pair, minimal_pairs
from pipeline.features.embed import Embedder, EmbeddingSettings
from pipeline.near_duplicates.guard import signatures_of
from pipeline.near_duplicates.stage import NearDuplicate

KINDS = ("number", "unit", "negation", "opposite", *FRAME_KINDS, "harmless")

SAME, DIFFERENT = 4.5, 3.0
"""Of 0 to 5, people's ratings from which on, and up to which, two sentences count as such."""

LONGEST = 600
"""Characters of the longest sentence taken: one change in a long text is no minimal pair."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="a folder with a folder a set")
    parser.add_argument("--pairs", type=int, default=300, help="pairs of each kind and language")
    options = parser.parse_args()
    threshold = NearDuplicate().threshold
    rated = list(rated_pairs(options.data))
    with tempfile.TemporaryDirectory() as folder:
        judge = Judge(Embedder(EmbeddingSettings(), Path(folder)))
        print_speed(options.data)
        print_pairs(sampled(sentences(options.data), options.pairs), judge, threshold)
        print_rated(rated, judge, threshold)


class Judge:
    """Cosines and the guard's word on pairs, each language by the encoder that knows it."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known = EmbeddingSettings().known_languages

    def __call__(self, pairs: list[Pair]) -> tuple[np.ndarray, np.ndarray]:
        """Of pairs of one language the cosines and whether the guard parts them."""
        language = pairs[0].language
        encode: Callable[[list[str]], np.ndarray] = (
            self._embedder.vectors if language in self._known else self._embedder.ngrams
        )
        texts = [pair.one for pair in pairs] + [pair.other for pair in pairs]
        vectors, half = encode(texts), len(pairs)
        cosines = (vectors[:half].astype(np.float64) * vectors[half:]).sum(axis=1)
        frame = pl.DataFrame({"question": texts, "question_language": [language] * len(texts)})
        rows = np.arange(half)
        return cosines, signatures_of(frame).differ(rows, rows + half)


def sentences(data: Path) -> Iterator[tuple[str, str, str]]:
    """Real sentences: `set, language, text`."""
    readers = {
        "banking77": lambda: (row["text"] for row in _csv(data / "banking77/test.csv")),
        "bitext": lambda: (
            row["utterance"]
            for path in sorted((data / "bitext-support").glob("*Testing*.csv"))
            for row in _csv(path)
        ),
        "gsm8k": lambda: (row["question"] for row in _lines(data / "gsm8k/test.jsonl")),
        "alpaca": lambda: (
            row["instruction"] for row in _json(data / "alpaca-eval/gpt4_outputs.json.gz")
        ),
        "clinc": lambda: (text for text, _ in _json(data / "clinc150/data_full.json.gz")["test"]),
    }
    for name, read in readers.items():
        yield from ((name, "en", text) for text in read())
    yield from (
        ("stsb", row["language"], row["sentence1"])
        for row in _csv(data / "stsb-multilingual/train.csv.gz")
        if row["language"] not in ("en", "pl")
    )
    for path in sorted((data / "huatuo").glob("*.json*")):
        yield from (("huatuo", "zh", row["instruction"]) for row in _lines(path))


def sampled(texts: Iterator[tuple[str, str, str]], count: int) -> dict[tuple[str, str], list[Pair]]:
    """Up to `count` pairs of each language and kind: the smallest hashes, so the same each time."""
    found: dict[tuple[str, str], dict[str, Pair]] = defaultdict(dict)
    for _, language, text in texts:
        if len(text) <= LONGEST:
            for pair in minimal_pairs(text, language):
                digest = hashlib.sha256(f"{pair.one}\0{pair.other}".encode()).hexdigest()
                found[language, pair.kind][digest] = pair
    chosen = {
        key: [pairs[digest] for digest in sorted(pairs)[:count]] for key, pairs in found.items()
    }
    for pair in framed_pairs():
        chosen.setdefault((pair.language, pair.kind), []).append(pair)
    return chosen


def print_pairs(pairs: dict[tuple[str, str], list[Pair]], judge: Judge, threshold: float) -> None:
    """Shares above the threshold, and dropped with the guard, by language and kind."""
    print("\n| language | " + " | ".join(KINDS) + " | (pairs: above -> dropped with the guard)")
    print("|---|" + "---|" * len(KINDS))
    totals = {kind: np.zeros(3) for kind in KINDS}
    for language in sorted(
        {language for language, _ in pairs}, key=lambda code: (code != "en", code)
    ):
        cells = []
        for kind in KINDS:
            few = pairs.get((language, kind), [])
            if not few:
                cells.append("-")
                continue
            cosines, parted = judge(few)
            above = cosines > threshold
            counts = np.array([len(few), above.sum(), (above & ~parted).sum()])
            totals[kind] += counts
            cells.append(_cell(counts))
        print(f"| {language} | " + " | ".join(cells) + " |")
    print("| all | " + " | ".join(_cell(totals[kind]) for kind in KINDS) + " |")


def _cell(counts: np.ndarray) -> str:
    whole, above, dropped = counts
    return f"{int(whole)}: {above / whole:.1%} -> {dropped / whole:.1%}"


def rated_pairs(data: Path) -> Iterator[tuple[Pair, bool]]:
    """Pairs that people rated as the same, or as different."""
    for row in _csv(data / "stsb-multilingual/train.csv.gz"):
        score = float(row["score"])
        if score >= SAME or score <= DIFFERENT:
            pair = Pair(row["language"], "rated", row["sentence1"], row["sentence2"])
            yield pair, score >= SAME


def print_rated(rated: list[tuple[Pair, bool]], judge: Judge, threshold: float) -> None:
    """Precision and recall on rated pairs, with and without the guard."""
    print("\n| language | pairs | same | precision | recall | with the guard | recall |")
    print("|---|---|---|---|---|---|---|")
    for language in sorted({pair.language for pair, _ in rated}):
        few = [(pair, same) for pair, same in rated if pair.language == language]
        same = np.array([same for _, same in few])
        cosines, parted = judge([pair for pair, _ in few])
        above = cosines > threshold
        cells = [
            f"{precision:.3f} | {recall:.3f}"
            for precision, recall in (_scores(above, same), _scores(above & ~parted, same))
        ]
        print(f"| {language} | {len(few)} | {same.sum()} | " + " | ".join(cells) + " |")


def _scores(found: np.ndarray, same: np.ndarray) -> tuple[float, float]:
    right = (found & same).sum()
    return right / max(found.sum(), 1), right / max(same.sum(), 1)


def print_speed(data: Path) -> None:
    """Seconds for the signatures of all sentences."""
    texts = [(language, text) for _, language, text in sentences(data)]
    frame = pl.DataFrame(texts, schema=["question_language", "question"], orient="row")
    start, wall = time.process_time(), time.perf_counter()
    signatures_of(frame)
    spent, waited = time.process_time() - start, time.perf_counter() - wall
    print(f"signatures of {len(frame):,} sentences: {waited:.2f} s, {spent:.2f} core-seconds")


def _csv(path: Path) -> Iterator[dict[str, str]]:
    with (
        gzip.open(path, "rt", newline="") if path.suffix == ".gz" else path.open(newline="")
    ) as file:
        yield from csv.DictReader(file)


def _json(path: Path) -> list[dict[str, str]]:
    return json.loads(gzip.decompress(path.read_bytes()))


def _lines(path: Path) -> Iterator[dict[str, str]]:
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    yield from (json.loads(line) for line in text.split(b"\n") if line.strip())


if __name__ == "__main__":
    main()
