"""The front door: one file a command, settings, progress. No logic of its own."""

__version__ = "0.1.0"
