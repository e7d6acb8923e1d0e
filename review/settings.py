"""The `[review]` table of curate.toml. Cheap to import."""

from typing import Annotated

from pydantic import Field, StringConstraints, field_validator

from schemas.base import Model

OWNER = "owner"
"""The account that push and pull use on the server that `curate review serve` starts."""

Reviewer = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$")]


class ReviewSettings(Model):
    """How much people review, who they are, and where."""

    share: float = Field(0.2, gt=0, le=1)
    """Share of the kept records that is drawn at random for people to read."""

    seed: int = 0
    """Another seed draws another sample of the same records."""

    reviewers: tuple[Reviewer, ...] = Field(("reviewer",), min_length=1)
    """User names of the reviewers; `curate review serve` makes an account for each."""

    workspace: str = Field("curate", min_length=1)
    """Argilla workspace that holds the sample. On a shared server, use one for each project."""

    port: int = Field(6900, ge=1, le=65535)
    """Port of the page that `curate review serve` opens on this computer (127.0.0.1)."""

    @field_validator("reviewers")
    @classmethod
    def _reviewers_differ(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(names)) < len(names):
            raise ValueError("a reviewer is named twice")
        if OWNER in names:
            raise ValueError(f"{OWNER!r} is curate's own account; give the reviewer another name")
        return names
