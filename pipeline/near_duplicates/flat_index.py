"""The nearest neighbour of each vector, however far it is. The one file that imports faiss.

Pairs above a threshold come from `join`, which looks at a fraction of what a flat index looks at.
"""

import numpy as np

from pipeline.near_duplicates.join import cosines


def nearest_rows(queries: np.ndarray, base: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The row of `base` that is nearest to each query.

    Args:
        queries: unit vectors, float32 (n, d).
        base: unit vectors, float32 (m, d), m > 0.

    Returns:
        Rows, int64 (n,), and their cosines, float64 (n,). The search is exact; cosines are computed
        again in float64.
    """
    import faiss

    index = faiss.IndexFlatIP(base.shape[1])
    index.add(base)
    rows = index.search(queries, 1)[1][:, 0]
    return rows, cosines(queries, base, np.arange(len(queries)), rows)
