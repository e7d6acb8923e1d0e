"""Topping up: plan a conversation, ask for it, and accept what passes as a record."""
