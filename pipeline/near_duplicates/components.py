"""Groups of questions that are connected by cosines, found without a list of all pairs."""

import numpy as np

from pipeline.near_duplicates.join import SLACK, above, compare_within, projected


def components(vectors: np.ndarray, threshold: float) -> np.ndarray:
    """int64 (n,): a number for each row, equal where cosines above the threshold connect two.

    The number is the smallest row of the component. Pairs of rows that are connected already are
    not looked at, so a template group costs its rows and not its pairs.
    """
    labels = np.arange(len(vectors))
    if not len(vectors):
        return labels

    def unconnected(rows: np.ndarray, others: np.ndarray, products: np.ndarray) -> np.ndarray:
        apart: np.ndarray = labels[rows][:, None] != labels[others]
        return apart & (products > threshold - SLACK)

    for pairs in compare_within(projected(vectors), threshold, unconnected):
        pairs = pairs.take(labels[pairs.row] != labels[pairs.other])
        pairs = pairs.take(above(vectors, pairs, threshold))
        if len(pairs.row):
            labels = _joined(labels, labels[pairs.row], labels[pairs.other])
    return labels


def _joined(labels: np.ndarray, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The labels after each component of `left` was connected with the one beside it in `right`."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    linked, places = np.unique(np.concatenate([left, right]), return_inverse=True)
    ends = places[: len(left)], places[len(left) :]
    links = coo_array((np.ones(len(left)), ends), shape=(len(linked), len(linked)))
    groups = connected_components(links, directed=False)[1]
    smallest = np.full(groups.max() + 1, len(labels))
    np.minimum.at(smallest, groups, linked)
    renamed = np.arange(len(labels))
    renamed[linked] = smallest[groups]
    joined: np.ndarray = renamed[labels]
    return joined
