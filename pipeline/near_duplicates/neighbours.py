"""The nearest neighbours of vectors. The one file that imports faiss.

Pairs above a threshold come from `join`, which looks at a fraction of what a flat index looks at;
this is for "which is the nearest", however far it is.
"""

import numpy as np

from pipeline.near_duplicates.join import cosines


def nearest_rows(
    queries: np.ndarray, base: np.ndarray, k: int = 1
) -> tuple[np.ndarray, np.ndarray]:
    """The `k` rows of `base` nearest to each query, nearest first.

    Args:
        queries: unit vectors, float32 (n, d).
        base: unit vectors, float32 (m, d), m > 0.
        k: how many; at most m are found.

    Returns:
        Rows, int64 (n, min(k, m)), and their cosines, float64 of the same shape. The search is
        exact; cosines are computed again in float64.
    """
    import faiss

    index = faiss.IndexFlatIP(base.shape[1])
    index.add(base)
    _, found = index.search(queries, min(k, len(base)))
    asked = np.repeat(np.arange(len(queries)), found.shape[1])
    return found, cosines(queries, base, asked, found.ravel()).reshape(found.shape)
