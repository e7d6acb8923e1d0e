"""What models are told: prompts (text files with variables) and domain packs. Data, not code."""
