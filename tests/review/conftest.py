"""A small workspace, a server that is only memory, and one that is the real Argilla."""

import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from pipeline.store.store import Store
from review.argilla.card import Card
from review.argilla.form import Response
from review.argilla.serve import ArgillaProcess, serve_argilla
from review.settings import ReviewSettings
from schemas.decision import Choice
from schemas.message import Message
from schemas.progress import Progress
from schemas.record import Record

REVIEWERS = ("ada", "grace")


class FakeServer:
    """Keeps cards by id, as Argilla does, and the answers that a test gives."""

    def __init__(self) -> None:
        self.url = "http://fake"
        self.text_limit = 20_000
        self.datasets: dict[tuple[str, str], dict[str, Card]] = {}
        self.given: list[Response] = []

    def prepare(self, workspace: str, reviewers: tuple[str, ...], dataset: str) -> None:
        self.datasets.setdefault((workspace, dataset), {})

    def send(self, workspace: str, dataset: str, cards: list[Card], progress: Progress) -> None:
        for card in cards:
            self.datasets[workspace, dataset][card.id] = card
            progress(len(self.datasets[workspace, dataset]), len(cards))

    def responses(self, workspace: str, dataset: str) -> list[Response]:
        cards = self.datasets.get((workspace, dataset), {})
        return [response for response in self.given if response.record_id in cards]

    def respond(
        self, record_id: str, choice: Choice, reply: str, minute: int = 0, who: str = "ada"
    ) -> Response:
        at = datetime(2026, 1, 2, 3, minute, tzinfo=UTC)
        given = Response(record_id=record_id, reviewer=who, choice=choice, reply=reply, at=at)
        others = [a for a in self.given if (a.record_id, a.reviewer) != (record_id, who)]
        self.given = [*others, given]
        return given


@pytest.fixture
def fake() -> FakeServer:
    return FakeServer()


@pytest.fixture
def settings() -> ReviewSettings:
    return ReviewSettings(reviewers=REVIEWERS)


def make_record(number: int) -> Record:
    turns = (
        Message(role="user", content=f"What is {number} times 2?"),
        Message(role="assistant", content=f"It is {2 * number}, of course."),
    )
    return Record(messages=turns, source=f"sums.jsonl:{number}", domain="sums")


def kept_of(records: list[Record]) -> pl.DataFrame:
    """The kept records as the pipeline hands them over."""
    return pl.DataFrame(
        {
            "id": [record.id for record in records],
            "messages": [record.messages_json for record in records],
            "tools": pl.Series([record.tools_json for record in records], dtype=pl.String),
            "language": ["en"] * len(records),
            "domain": [record.domain or "" for record in records],
            "origin": [record.origin.value for record in records],
            "reply_tokens": [7] * len(records),
        }
    )


@pytest.fixture
def kept() -> Callable[[list[Record]], pl.DataFrame]:
    return kept_of


@pytest.fixture
def records() -> list[Record]:
    return [make_record(number) for number in range(50)]


@pytest.fixture
def later_records() -> list[Record]:
    return [make_record(number) for number in range(50, 60)]


@pytest.fixture
def store(tmp_path: Path, records: list[Record], later_records: list[Record]) -> Store:
    store = Store(tmp_path)
    with store.open_batch("ingest") as batch:
        for record in [*records, *later_records]:
            batch.add(record)
    return store


def find_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def free_port() -> int:
    return find_port()


@pytest.fixture(scope="session")
def argilla_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("argilla")


@pytest.fixture(scope="session")
def argilla(argilla_root: Path) -> Iterator[ArgillaProcess]:
    """The real server, started by the code that `curate review serve` runs."""
    with serve_argilla(
        argilla_root, ReviewSettings(reviewers=REVIEWERS, port=find_port())
    ) as running:
        yield running


@pytest.fixture
def place(settings: ReviewSettings, request: pytest.FixtureRequest) -> ReviewSettings:
    """Settings with a workspace of its own on the server for each test."""
    return settings.model_copy(update={"workspace": request.node.name[:60]})
