"""The one file that imports argilla: its import, its noise, and what its errors mean."""

import contextlib
import io
import os
import warnings
from collections.abc import Iterator
from typing import Any

from schemas.errors import MissingExtra, UserError


def import_argilla() -> Any:
    """The SDK as a module.

    Raises:
        MissingExtra: it is not installed.
    """
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    try:
        with silenced():
            import argilla
    except ModuleNotFoundError:
        raise MissingExtra("argilla", "review") from None
    return argilla


@contextlib.contextmanager
def silenced() -> Iterator[None]:
    """Keep the SDK from drawing progress bars and from warning of what it looks for in vain."""
    with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        yield


@contextlib.contextmanager
def errors_in_one_sentence(url: str) -> Iterator[None]:
    """Turn what the server at `url` refuses, or its absence, into a `UserError`."""
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
        with_status = error.response if isinstance(error, httpx.HTTPStatusError) else error
        if with_status.status_code == httpx.codes.UNAUTHORIZED:
            raise UserError(
                f"{url} does not accept the API key",
                "set ARGILLA_API_KEY to that of an owner (on the page, under My settings)",
            ) from None
        raise UserError(
            f"the Argilla server at {url} refused: {str(error).splitlines()[0][:300]}",
            "run the same command again, which sends nothing twice; if it is refused again, see"
            " the server's log",
        ) from None
