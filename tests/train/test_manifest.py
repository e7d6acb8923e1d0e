"""A manifest and a model card are data: to read them costs no training library."""

import subprocess
import sys
from pathlib import Path


def test_manifest_and_card_import_no_backend_and_no_training_library() -> None:
    program = (
        "import sys, train.card, train.manifest;"
        "heavy = ('train.backends', 'torch', 'transformers', 'trl', 'peft');"
        "print([name for name in heavy if name in sys.modules])"
    )
    process = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert process.stdout.strip() == "[]"
