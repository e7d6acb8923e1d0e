"""What push and pull need of Argilla: a dataset with our form, cards in, responses out."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from review.argilla.card import Card
from review.argilla.credentials import load_credentials
from review.argilla.form import FORM_VERSION, Response
from review.argilla.sdk import errors_in_one_sentence, import_argilla, silenced
from review.argilla.wire import dataset_settings, record_of_card, submitted_responses
from schemas.errors import UserError
from schemas.progress import Progress

RECORDS_PER_SEND = 100
"""Few, because when the server refuses one record, all that were sent with it are refused too."""

RECORDS_PER_PAGE = 1000
"""Records asked for at once; Argilla gives no more."""

CONNECT_RETRIES = 2
"""With the five that the SDK makes by default, it takes 7 s to learn that no server is there."""

OWN_TEXT_LIMIT = 1_000_000
"""Characters in one message on a server that we start; set in `server/start.py`."""

STOCK_TEXT_LIMIT = 20_000
"""Characters in one message that any other Argilla accepts."""


class ReviewServer(Protocol):
    """Where cards are sent and responses come from."""

    url: str
    text_limit: int
    """Most characters in one message."""

    def prepare(self, workspace: str, reviewers: tuple[str, ...], dataset: str) -> None:
        """Make what is missing: the workspace, its members, the dataset with our form."""
        ...

    def send(self, workspace: str, dataset: str, cards: list[Card], progress: Progress) -> None:
        """Add or update cards by their id; responses that were given stay."""
        ...

    def responses(self, workspace: str, dataset: str) -> list[Response]:
        """All submitted responses, whatever the version of their form."""
        ...


@contextlib.contextmanager
def connect_argilla(root: Path) -> Iterator["ArgillaServer"]:
    """Sign in to the server named by `ARGILLA_API_URL`, else to the workspace's own.

    Args:
        root: The folder of the workspace.

    Raises:
        UserError: no server is known or answers, or the key is wrong or not an owner's.
        MissingExtra: the Argilla SDK is not installed.
    """
    url, key, text_limit = _address(root)
    sdk = import_argilla()
    # A proxy that is set for the internet cannot reach this computer.
    direct = {"all://127.0.0.1": None}
    with errors_in_one_sentence(url), silenced():
        _check_key(url, key, direct)
        client = sdk.Argilla(api_url=url, api_key=key, retries=CONNECT_RETRIES, mounts=direct)
    try:
        yield ArgillaServer(url, text_limit, sdk, client)
    finally:
        client.api.http_client.close()


def _address(root: Path) -> tuple[str, str, int]:
    """Address, API key and text limit of the server to use."""
    if url := os.environ.get("ARGILLA_API_URL"):
        if key := os.environ.get("ARGILLA_API_KEY"):
            return url.rstrip("/"), key, STOCK_TEXT_LIMIT
        raise UserError(
            f"ARGILLA_API_URL is set to {url}, but ARGILLA_API_KEY is not set",
            "set it to the API key of an owner, or unset both to use the workspace's own server",
        )
    if own := load_credentials(root):
        return own.url, own.api_key, OWN_TEXT_LIMIT
    raise UserError(
        "no Argilla server is known to this workspace",
        "start one with `curate review serve`, or set ARGILLA_API_URL and ARGILLA_API_KEY",
    )


def _check_key(url: str, key: str, mounts: dict[str, None]) -> None:
    """Make sure that the key is an owner's: only owners can read everybody's responses.

    By a plain request, because the SDK leaks a socket when it is refused.
    """
    import httpx

    with httpx.Client(headers={"X-Argilla-Api-Key": key}, mounts=mounts) as client:
        me = client.get(f"{url}/api/v1/me").raise_for_status().json()
    if me["role"] != "owner":
        raise UserError(
            f"{me['username']!r} is not an owner of {url}",
            "use the API key of an owner: only owners can read everybody's responses",
        )


class ArgillaServer:
    """A real Argilla server that we are signed in to as an owner: a `ReviewServer`."""

    def __init__(self, url: str, text_limit: int, sdk: Any, client: Any) -> None:
        self.url = url
        self.text_limit = text_limit
        self._sdk = sdk
        self._client = client

    def prepare(self, workspace: str, reviewers: tuple[str, ...], dataset: str) -> None:
        """Make what is missing: the workspace, its members, the dataset with our form.

        Raises:
            UserError: a reviewer has no account, or the server refuses.
        """
        with errors_in_one_sentence(self.url), silenced():
            self._ensure_members(workspace, reviewers)
            self._ensure_dataset(workspace, dataset)

    def _ensure_members(self, name: str, reviewers: tuple[str, ...]) -> None:
        workspace = self._client.workspaces(name)
        if workspace is None:
            workspace = self._sdk.Workspace(name=name, client=self._client).create()
        members = {user.username for user in workspace.users}
        for reviewer in reviewers:
            user = self._client.users(reviewer)
            if user is None:
                raise UserError(
                    f"the reviewer {reviewer!r} has no account on {self.url}",
                    "restart `curate review serve`, which makes it; on any other server have it"
                    " made there, or correct [review] reviewers",
                )
            if reviewer not in members:
                user.add_to_workspace(workspace)

    def _ensure_dataset(self, workspace: str, dataset: str) -> None:
        name = _versioned(dataset)
        existing = self._client.datasets(name, workspace=workspace)
        # A push that was killed before it published the dataset left a draft: no record fits in.
        if existing and self._get(f"/api/v1/datasets/{existing.id}")["status"] == "draft":
            existing.delete()
            existing = None
        if existing is None:
            settings = dataset_settings(self._sdk)
            self._sdk.Dataset(name, workspace, settings, client=self._client).create()

    def send(self, workspace: str, dataset: str, cards: list[Card], progress: Progress) -> None:
        """Add or update cards by their id; responses that were given stay."""
        with errors_in_one_sentence(self.url):
            with silenced():
                target = self._client.datasets(_versioned(dataset), workspace=workspace)
            for start in range(0, len(cards), RECORDS_PER_SEND):
                batch = cards[start : start + RECORDS_PER_SEND]
                with silenced():
                    records = [record_of_card(self._sdk, card) for card in batch]
                    target.records.log(records, batch_size=len(records))
                progress(start + len(batch), len(cards), "records sent")

    def responses(self, workspace: str, dataset: str) -> list[Response]:
        """All submitted responses, whatever the version of their form.

        By REST: the SDK leaves out when a response was given, and names its author by a number.
        """
        with errors_in_one_sentence(self.url), silenced():
            space = self._client.workspaces(workspace)
            if space is None:
                return []
            users = self._get("/api/v1/users")["items"]
            usernames = {user["id"]: user["username"] for user in users}
            listed = self._get("/api/v1/me/datasets", workspace_id=str(space.id))["items"]
            return [
                response
                for version in listed
                if version["name"].rpartition("-v")[0] == dataset
                for record in self._records(version["id"])
                for response in submitted_responses(record, usernames)
            ]

    def _records(self, dataset_id: str) -> Iterator[dict[str, Any]]:
        """All records of a dataset with their responses, page by page."""
        path, offset = f"/api/v1/datasets/{dataset_id}/records", 0
        while True:
            params = {"include": "responses", "limit": RECORDS_PER_PAGE, "offset": offset}
            page = self._get(path, **params)["items"]
            yield from page
            offset += len(page)
            if len(page) < RECORDS_PER_PAGE:
                return

    def _get(self, path: str, **params: Any) -> Any:
        """The JSON that the server gives for a path of its REST interface."""
        response = self._client.api.http_client.get(path, params=params)
        response.raise_for_status()
        return response.json()


def _versioned(dataset: str) -> str:
    """The name of a dataset on the server: a new form needs a new dataset."""
    return f"{dataset}-v{FORM_VERSION}"
