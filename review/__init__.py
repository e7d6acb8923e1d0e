"""People: sampling, Argilla (push, pull, a local server), decisions."""
