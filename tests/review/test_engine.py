"""The real Argilla finds, filters, sorts and counts through our engine as its page asks it to."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import polars as pl
import pytest

from pipeline.store.store import Store
from review.argilla.client import connect_argilla
from review.argilla.credentials import load_credentials
from review.argilla.push import push_sample
from review.settings import ReviewSettings
from schemas.record import Record

QUESTIONS = {
    "de": "Komme ich morgen pünktlich ZURÜCK nach Köln?",
    "zh": "退款 怎么 办理?",
    "en": "Is the late delivery of List<T> a refund case?",
    "fr": "Où est la livraison de late &amp; Co?",
}


@pytest.fixture(scope="module")
def module_store(tmp_path_factory: pytest.TempPathFactory):
    return Store(tmp_path_factory.mktemp("engine"))


@pytest.fixture(scope="module")
def pushed(argilla, argilla_root, module_store) -> Iterator[tuple[httpx.Client, str]]:
    """Four records in four languages; an owner's connection and the id of their dataset."""
    rows = []
    for tokens, (language, question) in enumerate(QUESTIONS.items(), start=1):
        turns = [{"role": "user", "content": question}, {"role": "assistant", "content": "Ja."}]
        record = Record(messages=turns, source=f"{language}.jsonl:1")
        row = {"id": record.id, "messages": record.messages_json, "tools": None}
        labels = {"language": language, "domain": "support", "origin": "human"}
        rows.append({**row, **labels, "reply_tokens": tokens})
    settings = ReviewSettings(reviewers=("ada", "grace"), workspace="engine", share=1.0)
    kept = pl.DataFrame(rows, schema_overrides={"tools": pl.String})
    with connect_argilla(argilla_root) as server:
        push_sample(module_store, kept, settings, server)
    own = load_credentials(argilla_root)
    assert own is not None
    headers = {"X-Argilla-Api-Key": own.api_key}
    with httpx.Client(base_url=f"{argilla.url}/api/v1", headers=headers) as api:
        spaces = {each["name"]: each["id"] for each in api.get("/me/workspaces").json()["items"]}
        listed = api.get("/me/datasets", params={"workspace_id": spaces["engine"]}).json()
        [dataset] = listed["items"]
        yield api, dataset["id"]


Search = Callable[..., list[str]]


@pytest.fixture
def search(pushed) -> Search:
    """Languages of the records found, in order; the total must agree."""
    api, dataset = pushed

    def ask(q: str | None = None, filters: list[Any] = (), sort: list[Any] = ()) -> list[str]:
        body: dict[str, Any] = {}
        if q is not None:
            body["query"] = {"text": {"q": q}}
        if filters:
            body["filters"] = {"type": "and", "and": list(filters)}
        if sort:
            body["sort"] = list(sort)
        path = f"/me/datasets/{dataset}/records/search"
        reply = api.post(path, json=body, params={"include": "responses"})
        page = reply.raise_for_status().json()
        languages = [item["record"]["metadata"]["language"] for item in page["items"]]
        assert page["total"] == len(languages)
        return languages

    return ask


@pytest.mark.parametrize(
    ("q", "languages"),
    [
        ("zurück", ["de"]),
        ("KÖLN morgen", ["de"]),
        ("退款", ["zh"]),
        ("late", ["en", "fr"]),
        ('"late delivery"', ["en"]),
        ("late -refund", ["fr"]),
        ("list<t>", ["en"]),
        ("nowhere", []),
    ],
)
def test_text_is_found_in_any_script_by_words_phrases_and_absence(search, q, languages) -> None:
    assert sorted(search(q)) == languages


def terms(scope: dict[str, str], *values: str) -> dict[str, Any]:
    return {"type": "terms", "scope": scope, "values": list(values)}


def between(scope: dict[str, str], low: int, high: int) -> dict[str, Any]:
    return {"type": "range", "scope": scope, "ge": low, "le": high}


LANGUAGE = {"entity": "metadata", "metadata_property": "language"}
TOKENS = {"entity": "metadata", "metadata_property": "tokens"}


@pytest.mark.parametrize(
    ("filters", "languages"),
    [
        ([terms(LANGUAGE, "de", "zh")], ["de", "zh"]),
        ([between(TOKENS, 2, 3)], ["en", "zh"]),
        ([terms(LANGUAGE, "de", "zh"), between(TOKENS, 2, 3)], ["zh"]),
        ([terms({"entity": "suggestion", "question": "reply", "property": "agent"}, "x")], []),
        (
            [terms({"entity": "suggestion", "question": "reply", "property": "value"}, "Ja.")],
            sorted(QUESTIONS),
        ),
        ([terms({"entity": "response", "property": "status"}, "pending")], sorted(QUESTIONS)),
        ([terms({"entity": "response", "property": "status"}, "submitted")], []),
    ],
)
def test_filters_are_anded(search, filters, languages) -> None:
    assert sorted(search(filters=filters)) == languages


@pytest.mark.parametrize(
    ("scope", "order", "languages"),
    [
        (TOKENS, "asc", ["de", "zh", "en", "fr"]),
        (TOKENS, "desc", ["fr", "en", "zh", "de"]),
        (LANGUAGE, "asc", ["de", "en", "fr", "zh"]),
    ],
)
def test_records_are_sorted_both_ways(search, scope, order, languages) -> None:
    assert search(sort=[{"scope": scope, "order": order}]) == languages


def test_the_filters_of_the_page_show_counts_and_bounds(pushed) -> None:
    api, dataset = pushed
    listed = api.get(f"/me/datasets/{dataset}/metadata-properties").json()["items"]
    ids = {each["name"]: each["id"] for each in listed}
    domains = api.get(f"/metadata-properties/{ids['domain']}/metrics").json()
    assert domains["values"] == [{"term": "support", "count": 4}]
    tokens = api.get(f"/metadata-properties/{ids['tokens']}/metrics").json()
    assert (tokens["min"], tokens["max"]) == (1, 4)


def test_an_answer_moves_a_record_from_pending_to_submitted_for_its_reviewer_alone(
    pushed, search, argilla
) -> None:
    api, dataset = pushed
    page = api.get(f"/datasets/{dataset}/records").json()["items"]
    record = next(each for each in page if each["metadata"]["language"] == "zh")
    body = {"status": "submitted", "values": {"verdict": {"value": "keep"}}}
    made = api.post(f"/records/{record['id']}/responses", json=body).raise_for_status().json()
    status = {"entity": "response", "property": "status"}
    assert search(filters=[terms(status, "submitted")]) == ["zh"]
    assert len(search(filters=[terms(status, "pending")])) == 3
    verdict = {"entity": "response", "question": "verdict"}
    assert search(filters=[terms(verdict, "keep")]) == ["zh"]
    assert search(filters=[terms(verdict, "reject")]) == []
    mine = api.get(f"/me/datasets/{dataset}/metrics").json()["responses"]
    assert (mine["submitted"], mine["pending"], mine["total"]) == (1, 3, 4)
    progress = api.get(f"/datasets/{dataset}/progress").json()
    assert (progress["completed"], progress["total"]) == (1, 4)
    api.delete(f"/responses/{made['id']}").raise_for_status()
    assert len(search(filters=[terms(status, "pending")])) == 4
