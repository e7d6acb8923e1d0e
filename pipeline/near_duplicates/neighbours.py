"""The nearest neighbour of each vector. The one file that imports faiss."""

import numpy as np

from pipeline.near_duplicates.join import cosines
from schemas.errors import MissingExtra


def nearest_rows(queries: np.ndarray, base: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The row of `base` nearest to each query (int64), and its cosine (float64).

    Both are unit vectors, float32 (n, d) and (m, d), m > 0. An exact search; the cosine is computed
    again in float64.
    """
    try:
        import faiss
    except ImportError:
        raise MissingExtra("faiss-cpu", "embed") from None
    index = faiss.IndexFlatIP(base.shape[1])
    index.add(base)
    _, found = index.search(queries, 1)
    return found[:, 0], cosines(queries, base, np.arange(len(queries)), found[:, 0])
