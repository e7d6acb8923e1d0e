"""`runs/<name>/manifest.json`: everything about a finished run."""

from datetime import datetime
from pathlib import Path

from pydantic import Field, model_validator

from schemas.base import Model
from schemas.errors import UserError
from train.outcome import Outcome
from train.prepare.preflight import PreflightReport
from train.settings import TrainSettings


class TrainingBooks(Model):
    """Where the kept records went: kept = held_out + trained + dropped, or it is refused."""

    kept: int
    """Records that the filters kept."""
    held_out: int
    """Never trained on: the loss is measured on them."""
    trained: int
    dropped: dict[str, int] = Field(default_factory=dict)
    """Left out, counted by reason: too_long, no_trained_token, near_heldout."""

    @model_validator(mode="after")
    def _balance(self) -> "TrainingBooks":
        if self.kept != self.held_out + self.trained + sum(self.dropped.values()):
            raise ValueError(
                f"kept {self.kept} != held_out {self.held_out} + trained {self.trained}"
                f" + dropped {self.dropped}"
            )
        return self


class RunManifest(Model):
    """One training, with everything that is needed to repeat and to question it."""

    name: str
    identity: str
    """SHA-256 of settings, base model, record ids and curated set: equal identities, equal runs."""
    created: datetime
    base_model: str
    base_fingerprint: str
    """Commit on the hub, or SHA-256 of the model's files."""
    curated_key: str
    """The key of the curated set that the records came from."""
    settings: TrainSettings
    books: TrainingBooks
    languages: dict[str, int]
    """Records trained on, by language label; `und` if it is not known."""
    preflight: PreflightReport
    outcome: Outcome
    versions: dict[str, str]
    """Versions of the packages that can change the result."""


def read_manifest(run: Path) -> RunManifest:
    """The manifest of a finished run.

    Raises:
        UserError: there is no run in this folder, or it is not finished.
    """
    file = run / "manifest.json"
    if not file.is_file():
        begun = (run / "config.json").is_file()
        raise UserError(
            f"the run {run} is not finished" if begun else f"there is no run at {run}",
            "`curate train` resumes it" if begun else "start one with `curate train`",
        )
    return RunManifest.model_validate_json(file.read_text(encoding="utf-8"))
