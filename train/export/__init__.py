"""Files to serve, one module per target, and the proof that they say what the adapter says."""
