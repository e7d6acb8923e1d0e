"""Facts on disk that are never rewritten: batches of records, where each was seen, decisions."""
