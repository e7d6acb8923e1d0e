"""What one stage says of a few records."""

from collections.abc import Callable

import polars as pl
import pytest

from pipeline.curation.run_stages import Curation
from pipeline.features import describe
from pipeline.features.open_chat import with_open_chat
from pipeline.filters.stage import Stage
from pipeline.store.store import Store
from schemas.record import Record

Frame = Callable[..., pl.DataFrame]


@pytest.fixture(scope="session")
def frame(new_store: Callable[..., Store], plain: Curation) -> Frame:
    """The records with all features, as `judge` hands them to a stage."""

    def make(*records: Record, curation: Curation = plain) -> pl.DataFrame:
        described = describe(new_store(records).records(), curation.features)
        return with_open_chat(described).with_columns(reviewed=pl.lit(value=False))

    return make


@pytest.fixture(scope="session")
def says(frame: Frame) -> Callable[..., list[str]]:
    """`action reason` of each verdict of a stage on one record; nothing when it is silent."""

    def ask(stage: Stage, *records: Record, **options: Curation) -> list[str]:
        found = stage(frame(*records, **options))
        return [f"{row['action']} {row['reason']}" for row in found.to_dicts()]

    return ask
