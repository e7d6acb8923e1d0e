"""Which records people read: a random draw from a frozen set of ids."""
