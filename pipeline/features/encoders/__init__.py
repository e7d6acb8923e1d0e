"""Embedding models: each file wraps one library and turns texts into vectors."""
