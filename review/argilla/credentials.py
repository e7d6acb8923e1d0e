"""`.argilla/credentials.json`: the accounts of the workspace's own review server.

Only its owner can read it (mode 600). The server sets its accounts from it at every start.
"""

import json
import os
import secrets
from pathlib import Path

from pydantic import Field, ValidationError

from review.settings import OWNER
from schemas.base import Model
from schemas.errors import UserError

PASSWORD_BYTES = 9
"""Give 12 characters, which people type; Argilla wants at least 8."""


class Credentials(Model):
    """What the server needs to start and people need to sign in. Never logged."""

    url: str
    api_key: str = Field(repr=False)
    """Of the owner's account, which push and pull use."""
    secret_key: str = Field(repr=False)
    """Signs sessions. It is kept, so that a restart signs nobody out."""
    passwords: dict[str, str] = Field(repr=False)
    """By user name; the owner first."""


def credentials_path(root: Path) -> Path:
    """Where the workspace `root` keeps its credentials."""
    return root / ".argilla" / "credentials.json"


def load_credentials(root: Path) -> Credentials | None:
    """Read the credentials; None if no server was ever started here.

    Raises:
        UserError: the file is damaged.
    """
    path = credentials_path(root)
    try:
        return Credentials.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValidationError:
        raise UserError(
            f"{path} is damaged",
            "remove it and run `curate review serve`: it makes new passwords, responses stay",
        ) from None


def make_credentials(root: Path, url: str, reviewers: tuple[str, ...]) -> Credentials:
    """Write the credentials: what is there stays, new names get a password, the address is set."""
    old = load_credentials(root)
    passwords = {} if old is None else dict(old.passwords)
    for name in (OWNER, *reviewers):
        passwords.setdefault(name, secrets.token_urlsafe(PASSWORD_BYTES))
    credentials = Credentials(
        url=url,
        api_key=old.api_key if old else secrets.token_urlsafe(32),
        secret_key=old.secret_key if old else secrets.token_hex(32),
        passwords=passwords,
    )
    _write_private(credentials_path(root), json.dumps(credentials.model_dump(), indent=2))
    return credentials


def _write_private(path: Path, text: str) -> None:
    """Write atomically, and so that nobody else can read the file even for a moment."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)
