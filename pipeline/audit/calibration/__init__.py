"""Precision and recall of a threshold on your own data, by pairs that people label."""
