"""The one file that speaks to Argilla: what push and pull need of a server, and nothing else."""

import contextlib
import io
import os
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from review.argilla.card import Card
from review.argilla.credentials import load_credentials
from review.argilla.form import GUIDELINES, LABELS, VERDICTS, VERSION, WRONG, Answer
from schemas.decision import Choice
from schemas.errors import MissingExtra, UserError
from schemas.progress import Progress

BATCH = 100
"""Records sent at once: one that the server refuses takes its whole batch with it."""

PAGE = 1000
"""Records asked for at once, the most that Argilla gives."""

CONNECT_RETRIES = 2
"""The SDK's five take 7 s to say that nobody is there."""

OWN_TEXT_LIMIT = 1_000_000
"""Characters in one message on a server that we start; as set in `server/start.py`."""

STOCK_TEXT_LIMIT = 20_000
"""Characters in one message that any other Argilla takes."""


class ReviewServer(Protocol):
    """Where cards go and answers come from."""

    url: str
    text_limit: int

    def prepare(self, workspace: str, reviewers: tuple[str, ...], dataset: str) -> None:
        """Make what is missing: the workspace, its members, the dataset with our form."""
        ...

    def send(self, workspace: str, dataset: str, cards: list[Card], progress: Progress) -> None:
        """Add or renew cards by their id; answers that were given stay."""
        ...

    def answers(self, workspace: str, dataset: str) -> list[Answer]:
        """All submitted answers in the versions of the dataset."""
        ...


@contextlib.contextmanager
def connect(root: Path) -> Iterator["ArgillaServer"]:
    """Sign in: to `ARGILLA_API_URL` with `ARGILLA_API_KEY`, else to the workspace's own server.

    Raises:
        UserError: no server is known or answers, or the key is wrong or no owner's.
        MissingExtra: the Argilla SDK is not installed.
    """
    url, key, text_limit = _address(root)
    sdk = _import_argilla()
    # No proxy to our own computer: one that is set for the outside does not know it.
    direct = {"all://127.0.0.1": None}
    with _clear_errors(url), _silence():
        _check_key(url, key, direct)
        client = sdk.Argilla(api_url=url, api_key=key, retries=CONNECT_RETRIES, mounts=direct)
    try:
        yield ArgillaServer(url, text_limit, sdk, client)
    finally:
        client.api.http_client.close()


def _address(root: Path) -> tuple[str, str, int]:
    """Address, key and text limit of the server to use."""
    if url := os.environ.get("ARGILLA_API_URL"):
        if key := os.environ.get("ARGILLA_API_KEY"):
            return url.rstrip("/"), key, STOCK_TEXT_LIMIT
        raise UserError(
            f"ARGILLA_API_URL names {url}, but ARGILLA_API_KEY is not set",
            "set it to the API key of an owner, or unset both for the workspace's own server",
        )
    if own := load_credentials(root):
        return own.url, own.api_key, OWN_TEXT_LIMIT
    raise UserError(
        "no Argilla server is known to this workspace",
        "start one with `curate review serve`, or set ARGILLA_API_URL and ARGILLA_API_KEY",
    )


def _check_key(url: str, key: str, mounts: dict[str, None]) -> None:
    """Only an owner reads everybody's answers. Asked first, as the SDK's refusal leaks a socket."""
    import httpx

    with httpx.Client(headers={"X-Argilla-Api-Key": key}, mounts=mounts) as client:
        me = client.get(f"{url}/api/v1/me").raise_for_status().json()
    if me["role"] != "owner":
        raise UserError(
            f"{me['username']!r} is no owner of {url}",
            "use the API key of an owner: others cannot read everybody's answers",
        )


class ArgillaServer:
    """A running Argilla, signed in to as an owner."""

    def __init__(self, url: str, text_limit: int, sdk: Any, client: Any) -> None:
        self.url = url
        self.text_limit = text_limit
        self._sdk = sdk
        self._client = client

    def prepare(self, workspace: str, reviewers: tuple[str, ...], dataset: str) -> None:
        """Make what is missing: the workspace, its members, the dataset with our form."""
        with _clear_errors(self.url), _silence():
            place = self._client.workspaces(workspace)
            if place is None:
                place = self._sdk.Workspace(name=workspace, client=self._client).create()
            members = {user.username for user in place.users}
            for name in reviewers:
                user = self._client.users(name)
                if user is None:
                    raise UserError(
                        f"the reviewer {name!r} has no account on {self.url}",
                        "restart `curate review serve`, which makes it; on a server of others, "
                        "have it made there or correct [review] reviewers",
                    )
                if name not in members:
                    user.add_to_workspace(place)
            self._ensure_dataset(workspace, dataset)

    def _ensure_dataset(self, workspace: str, dataset: str) -> None:
        name = f"{dataset}-v{VERSION}"
        found = self._client.datasets(name, workspace=workspace)
        # A push that was killed before publishing leaves a draft that can hold no records.
        if found is not None and self._get(f"/api/v1/datasets/{found.id}")["status"] == "draft":
            found.delete()
            found = None
        if found is None:
            settings = _settings(self._sdk)
            self._sdk.Dataset(name, workspace, settings, client=self._client).create()

    def send(self, workspace: str, dataset: str, cards: list[Card], progress: Progress) -> None:
        """Add or renew cards by their id; answers that were given stay."""
        with _clear_errors(self.url):
            with _silence():
                target = self._client.datasets(f"{dataset}-v{VERSION}", workspace=workspace)
            for start in range(0, len(cards), BATCH):
                with _silence():
                    batch = [_record(self._sdk, card) for card in cards[start : start + BATCH]]
                    target.records.log(batch, batch_size=len(batch))
                progress(start + len(batch), len(cards), "records sent")

    def answers(self, workspace: str, dataset: str) -> list[Answer]:
        """All submitted answers in the versions of the dataset.

        By REST: the SDK gives answers without their time, and their author as a number.
        """
        with _clear_errors(self.url), _silence():
            place = self._client.workspaces(workspace)
            if place is None:
                return []
            names = {user["id"]: user["username"] for user in self._get("/api/v1/users")["items"]}
            found: list[Answer] = []
            for each in self._get("/api/v1/me/datasets", workspace_id=str(place.id))["items"]:
                if each["name"].rpartition("-v")[0] == dataset:
                    for record in self._records(each["id"]):
                        found += _answers(record, names)
        return found

    def _records(self, dataset_id: str) -> Iterator[dict[str, Any]]:
        path, offset = f"/api/v1/datasets/{dataset_id}/records", 0
        while True:
            page = self._get(path, include="responses", limit=PAGE, offset=offset)["items"]
            yield from page
            offset += len(page)
            if len(page) < PAGE:
                return

    def _get(self, path: str, **params: Any) -> Any:
        response = self._client.api.http_client.get(path, params=params)
        response.raise_for_status()
        return response.json()


def _answers(record: dict[str, Any], names: dict[str, str]) -> list[Answer]:
    """Return the submitted answers of one record as Argilla's REST gives it."""
    found = []
    for response in record["responses"] or ():
        values = {name: each["value"] for name, each in (response["values"] or {}).items()}
        if response["status"] != "submitted" or "verdict" not in values:
            continue
        at = datetime.fromisoformat(response["updated_at"])
        answer = Answer(
            record_id=record["external_id"],
            reviewer=names[response["user_id"]],
            verdict=Choice(values["verdict"]),
            reply=values.get("reply") or "",
            wrong=tuple(values.get("wrong") or ()),
            note=values.get("note") or "",
            # Argilla keeps UTC and says so only on some databases.
            at=at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC),
        )
        found.append(answer)
    return found


def _settings(sdk: Any) -> Any:
    """Our form in Argilla's words.

    The chat is not read as Markdown, so that it is shown as it is. The verdict is never suggested:
    a suggestion anchors people.
    """
    verdicts = {choice.value: label for choice, label in VERDICTS.items()}
    title = LABELS
    return sdk.Settings(
        guidelines=GUIDELINES,
        fields=[
            sdk.TextField("why", title=title["why"], use_markdown=True),
            sdk.ChatField("conversation", title=title["conversation"], use_markdown=False),
        ],
        questions=[
            sdk.LabelQuestion("verdict", verdicts, title=title["verdict"]),
            sdk.TextQuestion("reply", title=title["reply"], required=False),
            sdk.MultiLabelQuestion("wrong", WRONG, title=title["wrong"], required=False),
            sdk.TextQuestion("note", title=title["note"], required=False),
        ],
        metadata=[
            sdk.TermsMetadataProperty("language"),
            sdk.TermsMetadataProperty("domain"),
            sdk.TermsMetadataProperty("origin"),
            sdk.IntegerMetadataProperty("tokens"),
        ],
        distribution=sdk.TaskDistribution(min_submitted=1),
    )


def _record(sdk: Any, card: Card) -> Any:
    """Build a whole record: an upsert without metadata would wipe them."""
    return sdk.Record(
        id=card.id,
        fields={"conversation": list(card.conversation), "why": card.why},
        metadata=card.metadata,
        suggestions=[sdk.Suggestion("reply", card.reply)] if card.reply else [],
    )


def _import_argilla() -> Any:
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    try:
        with _silence():
            import argilla
    except ModuleNotFoundError:
        raise MissingExtra("argilla", "review") from None
    return argilla


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """Keep the SDK from drawing bars and from warning of what is looked for and absent."""
    with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        yield


@contextlib.contextmanager
def _clear_errors(url: str) -> Iterator[None]:
    """Say in one sentence what the server, or its absence, means for the user."""
    import httpx
    from argilla._exceptions import ArgillaAPIError

    try:
        yield
    except httpx.TransportError as error:
        raise UserError(
            f"no Argilla server answers at {url} ({type(error).__name__})",
            "start it with `curate review serve` in another terminal, or correct ARGILLA_API_URL",
        ) from None
    except (ArgillaAPIError, httpx.HTTPStatusError) as error:
        refused = error.response if isinstance(error, httpx.HTTPStatusError) else error
        if refused.status_code == httpx.codes.UNAUTHORIZED:
            raise UserError(
                f"{url} does not accept the API key",
                "set ARGILLA_API_KEY to that of an owner (on the page, under My settings)",
            ) from None
        raise UserError(
            f"the Argilla server at {url} refused: {str(error).splitlines()[0][:300]}",
            "run the same again: what has arrived is not sent twice; else look at the server's log",
        ) from None
