"""Argilla's filters, sort orders and text queries as SQL over Argilla's own tables in SQLite.

Metadata, responses and suggestions are JSON columns; `json_each` works for values and lists alike.
"""

import hashlib
import html
import json
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from argilla_server.database import async_engine
from argilla_server.models import Question, Record, Response, Suggestion
from argilla_server.search_engine import base
from sqlalchemy import String, and_, cast, event, exists, func, or_, select


def where(dataset, query, wanted) -> list:
    """Conditions on `Record` for a dataset, a text query and a filter; the last two may be None."""
    conditions = [Record.dataset_id == dataset.id]
    if query is not None:
        query = base.TextQuery(q=query) if isinstance(query, str) else query
        conditions.append(func.review_contains(Record.fields, query.field or "", _terms(query.q)))
    if wanted is not None:
        conditions.append(_condition(wanted))
    return conditions


def order_by(sort, user_id) -> list:
    """Sort keys that end in a total order.

    Without a `sort`, each reviewer gets an order of their own, so that two rarely review the same
    record.
    """
    keys = [getattr(_sort_key(by.scope), str(by.order))().nulls_last() for by in sort or ()]
    if not keys and user_id:
        keys = [func.review_shuffled(cast(Record.id, String), str(user_id))]
    return [*keys, Record.inserted_at, Record.id]


def json_path(*keys: str) -> str:
    """SQLite's path to a key, whatever characters are in it."""
    return "$" + "".join(f".{json.dumps(key)}" for key in keys)


# -- filters ---------------------------------------------------------------------------------------


def _condition(wanted):
    if isinstance(wanted, base.AndFilter):
        return and_(*[_condition(part) for part in wanted.filters])
    scope = wanted.scope
    if isinstance(scope, base.MetadataFilterScope):
        return _json_matches(Record.metadata_, json_path(scope.metadata_property), wanted)
    if isinstance(scope, base.RecordFilterScope):
        return _record_matches(scope.property, wanted)
    if isinstance(scope, base.SuggestionFilterScope):
        return _suggestion_matches(scope, wanted)
    return _response_matches(scope, wanted)


def _record_matches(name, wanted):
    if name == "id":
        return Record.id.in_([UUID(value) for value in wanted.values])
    if name in ("inserted_at", "updated_at"):
        bounds = [time and datetime.fromisoformat(str(time)) for time in (wanted.ge, wanted.le)]
        # The columns are in UTC but do not say so.
        low, high = [time and time.replace(tzinfo=None) for time in bounds]
        return _between(getattr(Record, name), low, high)
    return _matches(getattr(Record, str(name)), wanted)


def _suggestion_matches(scope, wanted):
    if scope.property == "value":
        matches = _json_matches(Suggestion.value, "$", wanted)
    elif scope.property == "score":
        matches = _matches(func.json_extract(Suggestion.score, "$"), wanted)
    else:
        matches = _matches(getattr(Suggestion, scope.property), wanted)
    suggested = [Suggestion.record_id == Record.id, Question.name == scope.question]
    return exists(select(1).select_from(Suggestion).join(Question).where(*suggested, matches))


def _response_matches(scope, wanted):
    responded = _responses_of(scope.user)
    if scope.question:
        matches = _json_matches(Response.values, json_path(scope.question, "value"), wanted)
        return exists(select(1).where(*responded, matches))
    statuses = {str(value) for value in wanted.values}
    has_status = exists(select(1).where(*responded, Response.status.in_(statuses - {"pending"})))
    # "pending" is not a status of a response: it means that there is no response.
    if "pending" in statuses:
        return or_(has_status, ~exists(select(1).where(*responded)))
    return has_status


def _responses_of(user) -> list:
    """Conditions on the responses to a record: those of a user, or of all for None."""
    return [Response.record_id == Record.id, *([Response.user_id == user.id] if user else [])]


def _json_matches(column, path, wanted):
    if isinstance(wanted, base.RangeFilter):
        return _matches(func.json_extract(column, path), wanted)
    items = func.json_each(column, path).table_valued("value")
    texts = [str(value) for value in wanted.values]
    return exists(select(1).select_from(items).where(cast(items.c.value, String).in_(texts)))


def _matches(expression, wanted):
    if isinstance(wanted, base.TermsFilter):
        return expression.in_(wanted.values)
    return _between(expression, wanted.ge, wanted.le)


def _between(expression, low, high):
    bounds = [] if low is None else [expression >= low]
    return and_(*bounds, *([] if high is None else [expression <= high]))


# -- sorting ---------------------------------------------------------------------------------------


def _sort_key(scope):
    if isinstance(scope, base.MetadataFilterScope):
        return func.json_extract(Record.metadata_, json_path(scope.metadata_property))
    if isinstance(scope, base.RecordFilterScope):
        return getattr(Record, str(scope.property))
    if isinstance(scope, base.SuggestionFilterScope):
        column = getattr(Suggestion, scope.property)
        if scope.property in ("value", "score"):
            column = func.json_extract(column, "$")
        suggested = [Suggestion.record_id == Record.id, Question.name == scope.question]
        key = select(column).join(Question).where(*suggested).limit(1)
    elif scope.question:
        value = func.json_extract(Response.values, json_path(scope.question, "value"))
        key = select(func.avg(value)).where(*_responses_of(scope.user))
    else:
        key = select(func.min(Response.status)).where(*_responses_of(scope.user))
    return key.correlate(Record).scalar_subquery()


# -- what SQLite lacks: text matching that knows Unicode, and an order that depends on the reader --


@event.listens_for(async_engine.sync_engine, "connect")
def _register(connection, _record) -> None:
    connection.create_function("review_contains", 3, _contains, deterministic=True)
    connection.create_function("review_shuffled", 2, _shuffled, deterministic=True)


def _contains(fields: str, field: str, terms: str) -> bool:
    """Whether the texts match. In Python, as LIKE finds no ü in JSON that is escaped to ASCII."""
    values = json.loads(fields)
    chosen = [values.get(field)] if field else list(values.values())
    text = html.unescape("\n".join(piece for value in chosen for piece in _texts(value))).casefold()
    return all((term in text) != negated for negated, term in json.loads(terms))


def _texts(value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)


def _shuffled(record_id: str, seed: str) -> str:
    return hashlib.blake2b(f"{seed}{record_id}".encode(), digest_size=8).hexdigest()


def _terms(query: str) -> str:
    """Turn `refund "late delivery" -spam` into [[false, "refund"], [false, "late delivery"], …]."""
    terms = []
    for place, piece in enumerate(query.split('"')):
        quoted = place % 2 == 1
        for word in [piece] if quoted else piece.split():
            term = word.lstrip("-+").rstrip("*").casefold().strip()
            if term and term not in ("|", "and"):
                terms.append((word.startswith("-") and not quoted, term))
    return json.dumps(terms)
