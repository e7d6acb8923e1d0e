"""Questions whose order of words says nothing."""

import numpy as np
import polars as pl

from pipeline.near_duplicates.guard import ORDER_COLUMNS, Orders


def no_orders(size: int) -> Orders:
    """The orders of so many questions without words."""
    return Orders(
        np.zeros((size, ORDER_COLUMNS), np.uint64), pl.Series([""] * size, dtype=pl.String)
    )
