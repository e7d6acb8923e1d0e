"""A workspace with something of everything, and the page of it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from curate.checking import CURATION
from curate.report.examples import Examples, collect_examples
from curate.report.facts import Facts, gather_facts
from curate.report.page import render_page
from pipeline.curation.curated import Curated, load_or_compute
from pipeline.filters.short_reply import ShortReply
from pipeline.store.store import Store
from schemas.message import Message
from schemas.reasons import Rejection
from schemas.record import Record

EVIL = "</style></script><script>document.title='owned'</script><img src=http://evil.example/x>"
"""What data may hold; nothing of it may run or load."""

STRICT = CURATION.model_copy(
    update={"recipe": CURATION.recipe.model_copy(update={"short_reply": ShortReply(exempt="none")})}
)
"""A check in which short replies fall too."""

Talk = Callable[..., Record]


def _record(question: str, answer: str, **fields: str) -> Record:
    turns = (Message(role="user", content=question), Message(role="assistant", content=answer))
    return Record(messages=turns, **{"source": "chats.jsonl:1", **fields})


@pytest.fixture
def evil() -> str:
    return EVIL


@pytest.fixture
def record() -> Talk:
    """Makes a record of a question and an answer."""
    return _record


@pytest.fixture
def store(tmp_path: Path, record: Talk) -> Store:
    """Kept, dropped, flagged and rejected rows, some of them hostile."""
    store = Store(tmp_path)
    answer = (
        f"Open the {{}} and read what stands there: {EVIL}. Then write to us once more, please."
    )
    with store.open_batch("ingest") as batch:
        for number in range(40):
            said = answer.format(f"box number {number}")
            batch.add(record(f"What is in box {number}? {EVIL}", said, domain=EVIL[:20]))
        for number in range(12):
            batch.add(record(f"Hello, lamp {number} is broken.", "Please wait."))
        batch.add(record("WHERE is the old mill?", answer.format("map")))
        batch.add(record("Where is the old mill?", answer.format("map")))
        batch.add(record("Where is the new mill?", ""))
        batch.add(record("Where is the new inn?", "[Insert response here]"))
        batch.reject("chats.jsonl:9", Rejection.unreadable, f"not JSON: {EVIL}", EVIL)
    return store


@pytest.fixture
def curated(store: Store) -> Curated:
    return load_or_compute(store, STRICT)


@pytest.fixture
def facts(store: Store, curated: Curated) -> Facts:
    return gather_facts("the <desk>", store, curated, STRICT)


@pytest.fixture
def examples(store: Store, curated: Curated) -> Examples:
    return collect_examples(store, curated, STRICT)


@pytest.fixture
def page(facts: Facts, examples: Examples) -> str:
    return render_page(facts, examples).decode()


@pytest.fixture
def empty(tmp_path: Path) -> Callable[[], Facts]:
    """The facts of a workspace in which nothing was read."""

    def make() -> Facts:
        store = Store(tmp_path / "empty")
        store.root.mkdir()
        return gather_facts("empty", store, load_or_compute(store, CURATION), CURATION)

    return make
