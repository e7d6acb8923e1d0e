"""Models: preflight, fine-tuning, export, and chatting with the result."""
