"""The kept records of a workspace, and why the others are not kept, for Python users."""

from typing import TYPE_CHECKING, Any

import polars as pl

from pipeline.curation.curated import Curated, with_structs
from pipeline.features.texts import texts
from pipeline.files import write_atomically
from schemas.books import Books
from schemas.errors import MissingExtra, UserError
from schemas.reasons import Reason
from schemas.verdict import Action

if TYPE_CHECKING:
    from datasets import Dataset

    from curate.report.life import Life
    from pipeline.files import Location
    from pipeline.store.store import Store


class CuratedSet:
    """Every record of a workspace, kept or dropped, with the reason. It never changes."""

    def __init__(self, store: "Store", curated: Curated) -> None:
        """Look at the records of a workspace through the tables of `curated`."""
        self._store = store
        self._curated = curated

    def __repr__(self) -> str:
        """How notebooks show it."""
        books = self.books
        return f"CuratedSet({books.kept:,} of {books.records:,} records kept)"

    def __len__(self) -> int:
        """How many records are kept."""
        return self.books.kept

    @property
    def books(self) -> Books:
        """The books: counts that must balance, since every row that was read is in one of them.

        read = rejected + repeated + records, and records = kept + dropped.
        """
        return self._curated.books

    @property
    def kept(self) -> pl.DataFrame:
        """The kept records in order of id, as in `curated/kept.parquet`.

        Columns: `id, messages` (a list of structs with `role` and `content`), `tools, language,
        domain, origin, source, question, reply, reply_tokens, parents, reviewed` and others.
        Masked where `[secret]` or `[personal_data]` mask.
        """
        return with_structs(self._curated.kept)

    @property
    def verdicts(self) -> pl.DataFrame:
        """Every verdict: `id, stage, action` (drop or flag), `reason, value, other_id`."""
        return self._curated.verdicts

    def dropped(self, reason: str | None = None) -> pl.DataFrame:
        """The records that were dropped: `id, reason, value, other_id, source, question, reply`.

        Args:
            reason: Only those with this reason, such as `"near_duplicate"`.

        Raises:
            UserError: there is no such reason.
        """
        return self._with(Action.drop, reason)

    def flagged(self, reason: str | None = None) -> pl.DataFrame:
        """The kept records that carry a flag, one row a flag, with the columns of `dropped`.

        Raises:
            UserError: there is no such reason.
        """
        flags = self._with(Action.flag, reason)
        return flags.join(self._curated.kept, on="id", how="semi")

    def explain(self, id: str) -> "Life":
        """The history of one record; the beginning of its id is enough.

        Raises:
            UserError: no id begins so, or several do.
        """
        from curate.report.life import Lives

        lives = Lives(self._store, self._curated)
        return lives.of(lives.find(id))

    def to_dataset(self) -> "Dataset":
        """The kept records as a `datasets.Dataset`, for any trainer of Hugging Face.

        Raises:
            MissingExtra: `datasets` is not installed.
        """
        try:
            from datasets import Dataset
        except ImportError:
            raise MissingExtra("datasets", "train") from None
        return Dataset(self.kept.to_arrow())

    def to_jsonl(self, path: "Location") -> int:
        """Write the kept records as JSON Lines in OpenAI's chat format; return how many."""
        from pathlib import Path

        from pipeline.curation.curated import records_of

        records = records_of(self._curated.kept)
        write_atomically(Path(path), b"".join(record.openai_json() + b"\n" for record in records))
        return len(records)

    def _with(self, action: Action, reason: str | None) -> pl.DataFrame:
        if reason is not None and reason not in set(Reason):
            raise UserError(f"there is no reason {reason!r}", f"use one of: {', '.join(Reason)}")
        verdicts = self._curated.verdicts.filter(pl.col("action") == action.value)
        if reason is not None:
            verdicts = verdicts.filter(pl.col("reason") == reason)
        records = self._store.records().join(verdicts, on="id", how="semi")
        rows: list[dict[str, Any]] = [texts(messages) for messages in records["messages"]]
        columns = {"question": pl.String, "reply": pl.String}
        with_texts = records.select("id", "source").hstack(pl.DataFrame(rows, schema=columns))
        return (
            verdicts.select("id", "reason", "value", "other_id")
            .join(with_texts, on="id", how="left")
            .sort("id", "reason")
        )
