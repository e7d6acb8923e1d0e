"""Measures of the curated set: how good a threshold is, and what leaks from a benchmark."""
