"""Asking models over a paid API: settings, protocols, prices, the journal, and the engine.

What the engine asks, and which answers are accepted, is up to its caller's `Task`; synthesis has
one.
"""
