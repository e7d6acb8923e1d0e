"""Which records people review: a random draw from a frozen set of ids."""
