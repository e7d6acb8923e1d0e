"""Questions that hang together: connected by cosines, without a list of all pairs."""

import numpy as np

from pipeline.near_duplicates.join import SLACK, above, folded, within


def components(vectors: np.ndarray, threshold: float) -> np.ndarray:
    """int64 (n,): a number for each row, equal where cosines above the threshold connect two.

    The number is the smallest row of the component. Pairs within what is connected already are not
    looked at, so a template group costs its rows and not its pairs.
    """
    labels = np.arange(len(vectors))
    if not len(vectors):
        return labels

    def unconnected(rows: np.ndarray, others: np.ndarray, products: np.ndarray) -> np.ndarray:
        apart: np.ndarray = labels[rows][:, None] != labels[others]
        return apart & (products > threshold - SLACK)

    for pairs in within(folded(vectors), threshold, unconnected):
        pairs = pairs.take(labels[pairs.row] != labels[pairs.other])
        pairs = pairs.take(above(vectors, pairs, threshold))
        if len(pairs.row):
            labels = _joined(labels, labels[pairs.row], labels[pairs.other])
    return labels


def _joined(labels: np.ndarray, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The labels after each of `one` was connected with its `other`."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    names, ends = np.unique(np.concatenate([one, other]), return_inverse=True)
    left, right = ends[: len(one)], ends[len(one) :]
    links = coo_array((np.ones(len(left)), (left, right)), shape=(len(names),) * 2)
    groups = connected_components(links, directed=False)[1]
    smallest = np.full(groups.max() + 1, len(labels))
    np.minimum.at(smallest, groups, names)
    renamed = np.arange(len(labels))
    renamed[names] = smallest[groups]
    joined: np.ndarray = renamed[labels]
    return joined
