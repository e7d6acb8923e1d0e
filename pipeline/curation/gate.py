"""May a new record join the kept ones? The same stages as everywhere, asked of one record.

Synthesis asks this of each candidate, so that what it counts as accepted is trained on.
"""

import polars as pl

from pipeline.curation.run_stages import Curation
from pipeline.curation.splits import near_to
from pipeline.features import describe
from pipeline.features.embed import Embedder
from pipeline.features.language import UNDETERMINED
from pipeline.near_duplicates.admit import admit
from pipeline.near_duplicates.questions import questions_of, with_questions
from pipeline.near_duplicates.shared_prefix import preambles
from pipeline.near_duplicates.vectors import COMPARABLE, comparable
from pipeline.store.batch import RECORD_SCHEMA, SIGHTING_SCHEMA
from pipeline.store.sightings import merge_sightings
from schemas.reasons import Reason
from schemas.record import Record
from schemas.verdict import Action, Verdict


class Admission:
    """Judges one record after the other against the kept ones and those admitted before."""

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
        frame = self._with_questions(_described(kept, curation))
        self._keys = dict(zip(frame["repeat_key"], frame["id"], strict=True))
        self._away = frame.filter(pl.col("id").is_in(list(held_out)))
        self._standing = {
            group.select(COMPARABLE).row(0): (group["id"].to_list(), questions_of(group))
            for group in comparable(frame)
        }

    def admit(self, record: Record) -> Verdict | None:
        """The verdict that refuses the record, or None: it is admitted, and stands from now on."""
        frame = describe(_as_records(record), self._curation.features)
        frame = frame.with_columns(reviewed=pl.lit(value=False))
        return self._row_stages(frame) or self._language(record, frame) or self._near(frame)

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

    def _near(self, frame: pl.DataFrame) -> Verdict | None:
        id, key = frame["id"][0], frame["repeat_key"][0]
        if key in self._keys:
            return _refusal(id, Reason.exact_repeat, other_id=self._keys[key])
        asking = self._with_questions(frame)
        if near_to(asking, self._away, self._curation):
            return _refusal(id, Reason.near_heldout)
        stage = self._curation.recipe.near_duplicate
        if stage.enabled:
            group, question = asking.select(COMPARABLE).row(0), questions_of(asking)
            ids, standing = self._standing.get(group, ([], None))
            both = standing.joined(question) if standing else question
            found = admit(both, stage.threshold, standing=len(ids))
            if not found.admitted[0]:
                twin, cosine = ids[int(found.twin.row[0])], float(found.twin.cosine[0])
                return _refusal(id, Reason.near_duplicate, cosine, twin)
            self._standing[group] = ([*ids, id], both)
        self._keys[key] = id
        return None

    def _with_questions(self, frame: pl.DataFrame) -> pl.DataFrame:
        features, embedder = self._curation.features, self._embedder
        return with_questions(frame, features, embedder, self._preambles)


_FACTS = [
    *RECORD_SCHEMA,
    "origin",
    "source",
    "seen",
    "language_given",
    "domain_given",
    "label_conflict",
]


def _described(kept: pl.DataFrame, curation: Curation) -> pl.DataFrame:
    """Kept records with all features again, as the stages see them."""
    facts = kept.with_columns(
        meta=pl.lit(None, pl.String),
        seen=pl.lit(1),
        language_given=pl.col("language"),
        domain_given=pl.col("domain"),
        label_conflict=pl.lit(value=False),
    )
    return describe(facts.select(_FACTS), curation.features)


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
    return pl.DataFrame([row], schema=RECORD_SCHEMA).join(labels, on="id")


def _refusal(
    id: str, reason: Reason, value: float | None = None, other_id: str | None = None
) -> Verdict:
    return Verdict(
        id=id,
        stage="admission",
        action=Action.drop,
        reason=reason,
        value=value,
        other_id=other_id,
    )
