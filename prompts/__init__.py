"""What is said to models: text files with variables, and domain packs. Data, not code."""
