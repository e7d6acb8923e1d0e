"""From settings to a connection: the protocol and the key."""

import os
from importlib.util import find_spec

from pipeline.llm.anthropic_api import AnthropicProvider
from pipeline.llm.call import Provider
from pipeline.llm.openai_api import OpenAiProvider
from pipeline.llm.settings import LlmSettings
from schemas.errors import MissingExtra, UserError


def find_key(settings: LlmSettings) -> str:
    """The key from the environment. A server on this machine needs none.

    Raises:
        UserError: The variable is not set.
    """
    key = os.environ.get(settings.key_name, "").strip()
    if key:
        return key
    if settings.is_local:
        return "local"
    raise UserError(
        f"{settings.key_name} is not set, and {settings.model} needs a key",
        f"run `export {settings.key_name}=...` in the shell; curate never writes it to a file",
    )


def check_ready(settings: LlmSettings) -> None:
    """Make sure that a connection can be opened, before anything is written.

    Raises:
        UserError: The key is not set, or a package is not installed.
    """
    for package in (settings.provider, "aiohttp"):
        if find_spec(package) is None:
            raise MissingExtra(package, "synth")
    find_key(settings)


def open_provider(settings: LlmSettings) -> Provider:
    """Open a connection. Call it inside the event loop that uses it."""
    key = find_key(settings)
    if settings.provider == "anthropic":
        return AnthropicProvider(settings, key)
    return OpenAiProvider(settings, key)


def without_key(text: str, settings: LlmSettings) -> str:
    """Replace the key in what a server says: some servers repeat it."""
    key = os.environ.get(settings.key_name, "").strip()
    return text.replace(key, "***") if key else text
