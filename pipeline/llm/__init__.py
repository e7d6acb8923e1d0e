"""Asking models for money: settings, protocols, prices, the journal, and the engine over them.

What the engine asks, and what counts as an answer, is its caller's `Task`: synthesis has one.
"""
