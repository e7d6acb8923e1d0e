"""The files of a workspace that are never rewritten: records, where each was seen, decisions."""
