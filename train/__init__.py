"""Models: preflight, labels, fine-tuning, export, and talking to the result."""
