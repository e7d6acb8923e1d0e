"""Measurements of a trained model, one file per metric."""
