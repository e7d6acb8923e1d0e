"""The bundled example: a small support desk, its simulated reviewers, and the tour of all of it."""
