"""Questions that mean the same: exact, independent of order, each drop with its kept twin."""
