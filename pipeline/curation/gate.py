"""May a new record join the kept ones? The same stages as everywhere, asked of one record.

Synthesis asks this of each candidate, so that what it counts as accepted is trained on, and takes
nothing away from what was kept before.
"""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from pipeline.curation.run_stages import Curation
from pipeline.curation.splits import near_to
from pipeline.features import describe
from pipeline.features.embed import Embedder
from pipeline.features.language import UNDETERMINED
from pipeline.filters.stage import Stage
from pipeline.near_duplicates.admit import admit
from pipeline.near_duplicates.questions import questions_of, with_questions
from pipeline.near_duplicates.shared_prefix import preambles
from pipeline.near_duplicates.vectors import COMPARABLE, comparable
from pipeline.store.batch import RECORD_SCHEMA, SIGHTING_SCHEMA
from pipeline.store.sightings import merge_sightings
from schemas.reasons import Reason
from schemas.record import Record
from schemas.verdict import Action, Verdict


class Gate:
    """Asks the stages about one record after the other.

    Each is held against the kept records and those that were accepted before it.
    """

    def __init__(
        self,
        kept: pl.DataFrame,
        held_out: frozenset[str],
        curation: Curation,
        embedder: Embedder,
    ) -> None:
        """Take `kept` (`Curated.kept`) as what stands; `held_out` are ids that are reserved."""
        self._curation = curation
        self._embedder = embedder
        self._preambles = preambles(kept["question"])
        described = _described(kept, curation, embedder.cache_dir)
        self._ids = set(described["id"])
        self._by_key = _Standing(curation.recipe.stages("key"), described)
        frame = self._with_questions(described)
        self._held_out = frame.filter(pl.col("id").is_in(list(held_out)))
        self._standing = {
            group.select(COMPARABLE).row(0): (group["id"].to_list(), questions_of(group))
            for group in comparable(frame)
        }

    def ask(self, record: Record) -> Verdict | None:
        """The verdict that refuses the record, or None: it is accepted, and stands from now on."""
        features, workspace = self._curation.features, self._embedder.cache_dir.parent
        frame = describe(_as_records(record), features, workspace=workspace)
        frame = frame.with_columns(reviewed=pl.lit(value=False))
        refusal = (
            self._row_stages(frame)
            or self._language(record, frame)
            or self._key_stages(frame)
            or self._near(frame)
        )
        if refusal is None:
            self._ids.add(record.id)
            self._by_key.add(frame)
        return refusal

    def _row_stages(self, frame: pl.DataFrame) -> Verdict | None:
        for stage in self._curation.recipe.stages("row"):
            drops = stage(frame).filter(pl.col("action") == Action.drop.value)
            if len(drops):
                return Verdict.model_validate(drops.row(0, named=True))
        return None

    def _language(self, record: Record, frame: pl.DataFrame) -> Verdict | None:
        """A given label names what was asked for; the text must not say otherwise."""
        spoken = frame["reply_language"][0]
        if record.language in (None, spoken) or spoken == UNDETERMINED:
            return None
        return _refusal(record.id, Reason.wrong_language)

    def _key_stages(self, frame: pl.DataFrame) -> Verdict | None:
        """A drop of the candidate, or of a record that stands and would fall because of it."""
        id = frame["id"][0]
        if id in self._ids:
            return _refusal(id, Reason.exact_repeat, other_id=id)
        for drops in self._by_key.drops(frame):
            if not len(drops):
                continue
            mine = drops.filter(pl.col("id") == id)
            if len(mine):
                return Verdict.model_validate(mine.row(0, named=True))
            fallen = drops.row(0, named=True)
            return _refusal(id, Reason(fallen["reason"]), fallen["value"], fallen["id"])
        return None

    def _near(self, frame: pl.DataFrame) -> Verdict | None:
        id = frame["id"][0]
        candidate = self._with_questions(frame)
        if near_to(candidate, self._held_out, self._curation):
            return _refusal(id, Reason.near_heldout)
        stage = self._curation.recipe.near_duplicate
        if stage.enabled:
            group, question = candidate.select(COMPARABLE).row(0), questions_of(candidate)
            ids, standing = self._standing.get(group, ([], None))
            both = standing.joined(question) if standing else question
            admitted = admit(both, stage.threshold, standing=len(ids))
            if not admitted.admitted[0]:
                twin, cosine = ids[int(admitted.twin.row[0])], float(admitted.twin.cosine[0])
                return _refusal(id, Reason.near_duplicate, cosine, twin)
            self._standing[group] = ([*ids, id], both)
        return None

    def _with_questions(self, frame: pl.DataFrame) -> pl.DataFrame:
        features, embedder = self._curation.features, self._embedder
        return with_questions(frame, features, embedder, self._preambles)


class _Standing:
    """The records that stand, by the keys of the key stages: a candidate meets its own key."""

    def __init__(self, stages: list[Stage], records: pl.DataFrame) -> None:
        self._stages = stages
        self._records = records
        self._rows: list[defaultdict[str, list[int]]] = [defaultdict(list) for _ in stages]
        self._index(records, first=0)

    def drops(self, candidate: pl.DataFrame) -> Iterator[pl.DataFrame]:
        """For each stage: its drops among the candidate and those that stand with its key."""
        for stage, rows in zip(self._stages, self._rows, strict=True):
            same_key = self._records[rows.get(_key_of(stage, candidate)[0], [])]
            verdicts = stage(pl.concat([same_key, candidate]))
            yield verdicts.filter(pl.col("action") == Action.drop.value)

    def add(self, accepted: pl.DataFrame) -> None:
        """One more stands."""
        self._index(accepted, first=len(self._records))
        self._records = pl.concat([self._records, accepted])

    def _index(self, records: pl.DataFrame, first: int) -> None:
        for stage, rows in zip(self._stages, self._rows, strict=True):
            for row, key in enumerate(_key_of(stage, records), first):
                rows[key].append(row)


def _key_of(stage: Stage, records: pl.DataFrame) -> pl.Series:
    return records.select(stage.key().alias("key"))["key"]


_FACTS = [
    *RECORD_SCHEMA,
    "origin",
    "source",
    "seen",
    "language_given",
    "domain_given",
    "label_conflict",
    "rejected",
]


def _described(kept: pl.DataFrame, curation: Curation, cache_dir: Path) -> pl.DataFrame:
    """Kept records with all features again, as the stages see them."""
    facts = kept.with_columns(
        meta=pl.lit(None, pl.String),
        seen=pl.lit(1, pl.UInt32),
        language_given=pl.col("language"),
        domain_given=pl.col("domain"),
        label_conflict=pl.lit(value=False),
        rejected=pl.lit(None, pl.String),
    )
    described = describe(facts.select(_FACTS), curation.features, cache_dir)
    return described.with_columns(reviewed=kept["reviewed"])


def _as_records(record: Record) -> pl.DataFrame:
    """One record as a frame of `Store.records`."""
    row = {
        "id": record.id,
        "messages": record.messages_json,
        "tools": record.tools_json,
        "parents": list(record.parents),
        "meta": None,
    }
    sighting = {
        "id": record.id,
        "source": record.source,
        "origin": record.origin.value,
        "language": record.language,
        "domain": record.domain,
        "rejected": record.rejected,
    }
    labels = merge_sightings(pl.DataFrame([sighting], schema=SIGHTING_SCHEMA))
    records = pl.DataFrame([row], schema=RECORD_SCHEMA).join(labels, on="id")
    return records.select(_FACTS)


def _refusal(
    id: str, reason: Reason, value: float | None = None, other_id: str | None = None
) -> Verdict:
    return Verdict(
        id=id,
        stage="gate",
        action=Action.drop,
        reason=reason,
        value=value,
        other_id=other_id,
    )
