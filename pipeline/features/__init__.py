"""What is computed of a record and a setting: texts, language, tokens, vectors. Never a fact."""

from pipeline.features.describe import Features, describe

__all__ = ["Features", "describe"]
