"""From settings to a connection: which protocol, which key."""

import os
from importlib.util import find_spec

from pipeline.llm.anthropic_api import AnthropicProvider
from pipeline.llm.call import Provider
from pipeline.llm.openai_api import OpenAiProvider
from pipeline.llm.settings import LlmSettings
from schemas.errors import MissingExtra, UserError


def find_key(settings: LlmSettings) -> str:
    """The key from the environment; a server on this machine may do without.

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
        f"export {settings.key_name}=... in the shell; curate never writes it anywhere",
    )


def check_ready(settings: LlmSettings) -> None:
    """See to it that a connection can be made, before anything is written.

    Raises:
        UserError: The key is not set, or a package is not installed.
    """
    for package in (settings.provider, "aiohttp"):
        if find_spec(package) is None:
            raise MissingExtra(package, "synth")
    find_key(settings)


def connect(settings: LlmSettings) -> Provider:
    """Open a connection. Call it inside the event loop that uses it."""
    key = find_key(settings)
    if settings.provider == "anthropic":
        return AnthropicProvider(settings, key)
    return OpenAiProvider(settings, key)


def without_key(text: str, settings: LlmSettings) -> str:
    """Take the key out of a server's words: some repeat it."""
    key = os.environ.get(settings.key_name, "").strip()
    return text.replace(key, "***") if key else text
