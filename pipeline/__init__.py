"""Records become records: readers, filters, near-duplicates, synthesis, the books, the store."""
