"""Tests say what is true, not how long it takes.

Hypothesis looks for new examples on every run at a desk; in CI it takes the same ones each time, so
that a change is red because of what it changed.
"""

import os

from hypothesis import settings

settings.register_profile("curate", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("curate")
