"""People review a random sample: sampling, Argilla (push, pull, a local server), decisions."""
