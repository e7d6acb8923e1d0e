"""May a new record join the kept ones? The same stages as everywhere, asked of one record.

Synthesis asks this of each candidate, so that what it counts as accepted is trained on, and takes
nothing away from what was kept before.
"""

from collections import Counter, defaultdict

import polars as pl

from pipeline.curation.curated import Curated
from pipeline.curation.decisions import standing
from pipeline.curation.run_stages import Curation
from pipeline.curation.splits import near_to
from pipeline.features import describe
from pipeline.features.embed import Embedder
from pipeline.features.language import UNDETERMINED
from pipeline.features.open_chat import with_open_chat
from pipeline.filters.stage import Scope, Stage
from pipeline.near_duplicates.admit import admit
from pipeline.near_duplicates.corpus import corpus_of
from pipeline.near_duplicates.questions import Questions, questions_of, with_questions
from pipeline.near_duplicates.vectors import COMPARABLE, comparable
from pipeline.store.sightings import merge_sightings
from pipeline.store.store import Store
from schemas.frames import RECORD_SCHEMA, SIGHTING_SCHEMA
from schemas.reasons import Reason
from schemas.record import Record
from schemas.verdict import Action, Verdict

LATER: tuple[Scope, ...] = ("key", "set")
"""Scopes whose stages look at what the row stages leave."""


class Gate:
    """Asks the stages about one record after the other.

    Each is held against the kept records and those that were accepted before it.
    """

    def __init__(
        self,
        store: Store,
        curated: Curated,
        held_out: frozenset[str],
        curation: Curation,
        embedder: Embedder,
    ) -> None:
        """Take what is kept in `curated` as what stands; `held_out` are ids that are reserved."""
        self._curation = curation
        self._embedder = embedder
        live = _before_key_stages(store, curated, curation)
        kept = live.join(curated.kept, on="id", how="semi")
        self._ids = store.ids()
        self._by_key = _KeyGroups(curation.recipe.stages("key"), live, set(kept["id"]))
        self._corpus = corpus_of(live)
        frame = self._with_questions(kept)
        self._held_out = frame.filter(pl.col("id").is_in(list(held_out)))
        # By tools and encoder only: what is asked for is a new question under any system text.
        self._standing = {
            group.select(COMPARABLE).row(0): (group["id"].to_list(), _counted(group))
            for group in comparable(frame)
        }
        self._templates = Counter(frame.select(*COMPARABLE, "template").iter_rows())

    def ask(self, record: Record) -> Verdict | None:
        """The verdict that refuses the record, or None: it is accepted, and stands from now on."""
        features, workspace = self._curation.features, self._embedder.cache_dir.parent
        frame = describe(_as_records(record), features, workspace=workspace)
        frame = with_open_chat(frame).with_columns(reviewed=pl.lit(value=False))
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
        identified = frame["reply_language"][0]
        if record.language in (None, identified) or identified == UNDETERMINED:
            return None
        return _refusal(record.id, Reason.wrong_language)

    def _key_stages(self, frame: pl.DataFrame) -> Verdict | None:
        """A drop of the candidate, or of a record that stands and would fall because of it."""
        id = frame["id"][0]
        if id in self._ids:
            return _refusal(id, Reason.exact_repeat, other_id=id)
        return self._by_key.refusal(frame)

    def _near(self, frame: pl.DataFrame) -> Verdict | None:
        id = frame["id"][0]
        candidate = self._with_questions(frame)
        if near_to(candidate, self._held_out, self._curation):
            return _refusal(id, Reason.near_heldout)
        stage = self._curation.recipe.near_duplicate
        if not stage.enabled:
            return None
        template = candidate.select(*COMPARABLE, "template").row(0)
        most = stage.per_template
        if template[-1] is not None and most != "all" and self._templates[template] >= most:
            return _refusal(id, Reason.same_template, float(self._templates[template]))
        group, question = candidate.select(COMPARABLE).row(0), _counted(candidate)
        ids, standing = self._standing.get(group, ([], None))
        both = standing.joined(question) if standing else question
        admitted = admit(both, stage.threshold, standing=len(ids))
        if not admitted.admitted[0]:
            twin, cosine = ids[int(admitted.twin.row[0])], float(admitted.twin.cosine[0])
            return _refusal(id, Reason.near_duplicate, cosine, twin)
        self._standing[group] = ([*ids, id], both)
        self._templates[template] += 1
        return None

    def _with_questions(self, frame: pl.DataFrame) -> pl.DataFrame:
        features, embedder = self._curation.features, self._embedder
        return with_questions(frame, features, embedder, self._corpus)


class _KeyGroups:
    """The records that reach the key stages, by their keys: a candidate meets those with its own.

    What a key or set stage drops is among them. It counts when the stages run over all records: a
    reply that stands under three questions is a text module, whether these are kept or not.
    """

    def __init__(self, stages: list[Stage], live: pl.DataFrame, kept: set[str]) -> None:
        self._stages = stages
        self._records = live
        self._kept = kept
        self._rows: list[defaultdict[str, list[int]]] = [defaultdict(list) for _ in stages]
        self._index(live, first=0)

    def refusal(self, candidate: pl.DataFrame) -> Verdict | None:
        """The first drop of the candidate, or of a kept record that would fall because of it."""
        id = candidate["id"][0]
        for stage, rows in zip(self._stages, self._rows, strict=True):
            same_key = self._records[rows.get(_key_of(stage, candidate)[0], [])]
            verdicts = stage(pl.concat([same_key, candidate]))
            drops = verdicts.filter(pl.col("action") == Action.drop.value)
            for drop in drops.filter(pl.col("id") == id).iter_rows(named=True):
                return Verdict.model_validate(drop)
            for drop in drops.filter(pl.col("id").is_in(list(self._kept))).iter_rows(named=True):
                return _refusal(id, Reason(drop["reason"]), drop["value"], drop["id"])
        return None

    def add(self, accepted: pl.DataFrame) -> None:
        """One more stands."""
        self._index(accepted, first=len(self._records))
        self._records = pl.concat([self._records, accepted])
        self._kept.update(accepted["id"])

    def _index(self, records: pl.DataFrame, first: int) -> None:
        for stage, rows in zip(self._stages, self._rows, strict=True):
            for row, key in enumerate(_key_of(stage, records), first):
                rows[key].append(row)


def _counted(group: pl.DataFrame) -> Questions:
    """What is compared of records, of which those of one template are counted."""
    return questions_of(group, count_templates=True)


def _key_of(stage: Stage, records: pl.DataFrame) -> pl.Series:
    return records.select(stage.key().alias("key"))["key"]


def _before_key_stages(store: Store, curated: Curated, curation: Curation) -> pl.DataFrame:
    """The records that neither people nor row stages drop, with what the stages look at."""
    frame = with_open_chat(describe(store.records(), curation.features, store.cache_dir))
    approved = standing(store.decisions()).approved
    frame = frame.with_columns(reviewed=pl.col("id").is_in(list(approved)))
    later = [stage.name() for scope in LATER for stage in curation.recipe.stages(scope)]
    drops = curated.verdicts.filter(
        pl.col("action") == Action.drop.value, ~pl.col("stage").is_in(later)
    )
    return frame.join(drops, on="id", how="anti")


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
        stage="gate",
        action=Action.drop,
        reason=reason,
        value=value,
        other_id=other_id,
    )
