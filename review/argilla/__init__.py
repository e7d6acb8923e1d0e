"""The Argilla side of a review: its form and cards, push and pull, a server of one's own."""
