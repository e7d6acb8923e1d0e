"""Argilla's search engine, answered from Argilla's own SQLite database.

The database has the records, responses and suggestions already, so it serves as the index: nothing
is written twice, nothing can differ after a crash, and no Elasticsearch is needed. The engine is
registered as "local" and chosen by `ARGILLA_SEARCH_ENGINE=local`.
"""

from argilla_server.database import AsyncSessionLocal
from argilla_server.enums import MetadataPropertyType
from argilla_server.models import Record, Response
from argilla_server.search_engine import base
from query import json_path, order_by, where
from sqlalchemy import func, select, true


async def _nothing(self, *args, **kwargs) -> None:
    """Do nothing: what would be indexed is in the database already."""


@base.SearchEngine.register("local")
class LocalSearchEngine(base.SearchEngine):
    """Stateless: every query opens a session of its own."""

    create_index = delete_index = configure_metadata_property = configure_index_vectors = _nothing
    index_records = partial_record_update = delete_records = close = _nothing
    update_record_response = delete_record_response = _nothing
    update_record_suggestion = delete_record_suggestion = _nothing

    @classmethod
    async def new_instance(cls):
        """There is nothing to connect to."""
        return cls()

    async def ping(self) -> bool:
        """The engine is there whenever the server is."""
        return True

    async def info(self) -> dict:
        """Shown by the server's status page."""
        return {"name": "local", "version": {"number": "1"}}

    async def get_dataset_progress(self, dataset) -> dict:
        """Records by status (pending, completed), and `total`; nothing for a draft."""
        if dataset.is_draft:
            return {}
        in_dataset = Record.dataset_id == dataset.id
        [rows] = await _rows(
            select(Record.status, func.count()).where(in_dataset).group_by(Record.status)
        )
        return _counts(rows)

    async def get_dataset_user_progress(self, dataset, user) -> dict:
        """The user's own responses by status, and `total`; nothing for a draft."""
        if dataset.is_draft:
            return {}
        by_user = [Record.dataset_id == dataset.id, Response.user_id == user.id]
        counted = select(Response.status, func.count()).join(Record).where(*by_user)
        [rows] = await _rows(counted.group_by(Response.status))
        return _counts(rows)

    async def search(
        self, dataset, query=None, filter=None, sort=None, offset=0, limit=100, user_id=None
    ):
        """One page of record ids, and how many there are in all."""
        conditions = where(dataset, query, filter)
        page = select(Record.id).where(*conditions).order_by(*order_by(sort, user_id))
        total = select(func.count()).select_from(Record).where(*conditions)
        ids, [(count,)] = await _rows(page.offset(offset).limit(limit), total)
        items = [base.SearchResponseItem(record_id=id, score=1.0) for (id,) in ids]
        return base.SearchResponses(items=items, total=count)

    async def compute_metrics_for(self, metadata_property):
        """The counts of a terms property, or the least and greatest value of a number."""
        in_dataset = Record.dataset_id == metadata_property.dataset_id
        path = json_path(metadata_property.name)
        if metadata_property.type == MetadataPropertyType.terms:
            value = func.json_each(Record.metadata_, path).table_valued("value").c.value
            counted = select(value, func.count()).select_from(Record).join(value.table, true())
            counted = counted.where(in_dataset, value.is_not(None)).group_by(value)
            [rows] = await _rows(counted.order_by(func.count().desc()))
            terms = [base.TermsMetrics.TermCount(term=str(term), count=n) for term, n in rows]
            return base.TermsMetrics(total=sum(term.count for term in terms), values=terms)
        value = func.json_extract(Record.metadata_, path)
        [[(low, high)]] = await _rows(select(func.min(value), func.max(value)).where(in_dataset))
        whole = metadata_property.type == MetadataPropertyType.integer
        metrics = base.IntegerMetadataMetrics if whole else base.FloatMetadataMetrics
        return metrics(min=low, max=high)

    async def similarity_search(self, dataset, vector_settings, **options):
        """Refuse: our form has no vectors, so the page never offers to find similar records."""
        raise NotImplementedError("this review server keeps no vectors")


async def _rows(*statements) -> list:
    async with AsyncSessionLocal() as session:
        return [(await session.execute(statement)).all() for statement in statements]


def _counts(rows) -> dict:
    return {"total": sum(n for _, n in rows), **{str(status): n for status, n in rows}}
