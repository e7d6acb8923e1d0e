"""What a finished run says of itself: `runs/<name>/manifest.json`."""

from datetime import datetime
from pathlib import Path

from pydantic import Field, model_validator

from schemas.base import Model
from schemas.errors import UserError
from train.backends.trl import Outcome
from train.prepare.preflight import Preflight
from train.settings import TrainSettings


class TrainingBooks(Model):
    """kept = held_out + trained + dropped. Refuses not to balance."""

    kept: int
    """Records that the pipeline kept."""
    held_out: int
    """Never trained on; on them the loss is measured."""
    trained: int
    dropped: dict[str, int] = Field(default_factory=dict)
    """Left out, by the one reason: too_long, no_trained_token, near_heldout."""

    @model_validator(mode="after")
    def _balance(self) -> "TrainingBooks":
        if self.kept != self.held_out + self.trained + sum(self.dropped.values()):
            raise ValueError(
                f"kept {self.kept} != held_out {self.held_out} + trained {self.trained}"
                f" + dropped {self.dropped}"
            )
        return self


class RunManifest(Model):
    """One training, with all that is needed to repeat it and to doubt it."""

    name: str
    identity: str
    """SHA-256 of settings, base model, ids and the curated set: equal identities, equal runs."""
    created: datetime
    base_model: str
    base_fingerprint: str
    """The hub's commit, or SHA-256 over the model's files."""
    curated_key: str
    """The key of the curated set that the records came from."""
    settings: TrainSettings
    books: TrainingBooks
    languages: dict[str, int]
    """Trained records by language label; `und` where none was given."""
    preflight: Preflight
    outcome: Outcome
    versions: dict[str, str]
    """Of the packages that had a part in it."""


def read_manifest(run: Path) -> RunManifest:
    """The manifest of a finished run.

    Raises:
        UserError: there is no such run, or it is not finished.
    """
    file = run / "manifest.json"
    if not file.is_file():
        begun = (run / "config.json").is_file()
        raise UserError(
            f"the run {run} is not finished" if begun else f"there is no run at {run}",
            "`curate train` goes on with it" if begun else "`curate train` makes one",
        )
    return RunManifest.model_validate_json(file.read_text(encoding="utf-8"))
