"""What a threshold is worth on data of one's own, by pairs that people label."""
