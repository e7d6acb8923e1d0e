"""Artefacts to serve, one file a target, and the proof that they say what the adapter says."""
