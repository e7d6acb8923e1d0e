"""A stage: a frozen model that is called with a frame of records and returns verdicts on them.

Its fields are its keys in `curate.toml`, with their validation and their help. There is no class
of settings beside it.
"""

import re
from pathlib import Path
from typing import Annotated, ClassVar, Literal

import polars as pl
from pydantic import Field

from schemas.base import Model
from schemas.frames import VERDICT_SCHEMA
from schemas.reasons import Reason
from schemas.verdict import Action

Scope = Literal["row", "key", "set"]

FlagOrDrop = Annotated[
    Action,
    Field(
        description="What a finding does: `flag` keeps the record and shows the finding, `drop` "
        "leaves the record out."
    ),
]
"""The `action` of a stage whose findings either flag or drop; each stage has its own default."""

FlagDropOrMask = Literal["flag", "drop", "mask"]
"""The `action` of a stage that can also write over what it finds; masking flags the record."""


class Stage(Model):
    """One filter. It looks at records and returns what it found; it removes nothing itself."""

    scope: ClassVar[Scope] = "row"
    """row: each record alone; key: records with the same `key`, anywhere; set: all of them, with
    the columns of `near_duplicates.questions.with_questions`."""

    limit: ClassVar[str | None] = None
    """The setting that the value of its verdicts is compared with, if there is one."""

    measures: ClassVar[str] = ""
    """What the value of its verdicts is, in words; empty where its verdicts have no value."""

    counted: ClassVar[dict[Reason, str]] = {}
    """What the value of its other verdicts is, by reason; it is compared with no setting."""

    enabled: bool = True
    """Set to false to turn this stage off."""

    def __call__(self, records: pl.DataFrame) -> pl.DataFrame:
        """Return verdicts (`VERDICT_SCHEMA`).

        The frame is one of `pipeline.features.describe`, with `open_chat` and `reviewed`.
        """
        raise NotImplementedError

    def call_cached(self, records: pl.DataFrame, cache_dir: Path | None) -> pl.DataFrame:
        """Return the same verdicts; a stage may keep what it compared in `cache_dir`."""
        return self(records)

    def key(self) -> pl.Expr:
        """For the scope `key`: what records share that this stage holds against each other."""
        raise NotImplementedError

    @classmethod
    def name(cls) -> str:
        """The stage's TOML table: the class name in snake case."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    def drop(
        self, matching: pl.DataFrame, reason: Reason, value: pl.Expr | None = None
    ) -> pl.DataFrame:
        """Verdicts that drop the records `matching`, with the measured `value`."""
        return self.verdicts(matching, Action.drop, reason, value)

    def flag(
        self, matching: pl.DataFrame, reason: Reason, value: pl.Expr | None = None
    ) -> pl.DataFrame:
        """Verdicts that flag the records `matching`, with the measured `value`."""
        return self.verdicts(matching, Action.flag, reason, value)

    def verdicts(
        self,
        matching: pl.DataFrame,
        action: Action | FlagDropOrMask,
        reason: Reason,
        value: pl.Expr | None = None,
    ) -> pl.DataFrame:
        """Verdicts (`VERDICT_SCHEMA`) on the records `matching`.

        Args:
            matching: Records with `id`, and `other_id` where a verdict points at another record.
            action: The stage's `action`; `mask` flags, since a masked record stays.
            reason: Why.
            value: What was measured, as a column of `matching`; only of a stage that says in
                `measures` what that is.
        """
        assert value is None or self.measures, f"{self.name()} does not say what it measures"
        done = Action.drop if action == "drop" else Action.flag
        other = pl.col("other_id") if "other_id" in matching.columns else pl.lit(None, pl.String)
        return matching.select(
            pl.col("id"),
            stage=pl.lit(self.name()),
            action=pl.lit(done.value),
            reason=pl.lit(reason.value),
            value=(pl.lit(None) if value is None else value).cast(pl.Float64),
            other_id=other,
        )


def no_verdicts() -> pl.DataFrame:
    """An empty table of verdicts."""
    return pl.DataFrame(schema=VERDICT_SCHEMA)
