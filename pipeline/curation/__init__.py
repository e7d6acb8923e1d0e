"""What is kept and why: the recipe, its run over all records, the books, the gate, the splits."""
