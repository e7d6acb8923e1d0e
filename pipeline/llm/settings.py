"""Which model is asked, where, and what it may cost. The API key is never a setting."""

from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from schemas.base import Model


class LlmSettings(Model):
    """How to reach a model over one of the two protocols that nearly every server speaks."""

    provider: Literal["openai", "anthropic"] = "openai"
    """The protocol. Local servers (llama.cpp, Ollama, vLLM) speak `openai`. The key is read
    from OPENAI_API_KEY or ANTHROPIC_API_KEY; a server on this machine needs none."""

    model: str = "gpt-6.1-sol"
    """The model's name as the provider spells it."""

    base_url: str = ""
    """Address of the API. Empty: the provider's own."""

    budget_usd: float = Field(default=5.0, ge=0)
    """The most that a job may cost. A request is sent only when its worst case still fits, so the
    bill cannot pass this."""

    price_in: float | None = Field(default=None, ge=0)
    """US dollars per million tokens of input. Absent: looked up; needed for a model or an address
    whose price is not known."""

    price_out: float | None = Field(default=None, ge=0)
    """US dollars per million tokens of output."""

    max_in_flight: int = Field(default=64, ge=1, le=1024)
    """The most requests that are open at once. Fewer are used when the provider asks for that."""

    max_tokens: int = Field(default=4096, ge=16)
    """The longest reply in tokens, hidden reasoning included. A reply that reaches it is cut off,
    paid for, and rejected."""

    temperature: float | None = Field(default=None, ge=0, le=2)
    """Sampling temperature. Absent: not sent, which is right for models that refuse it."""

    timeout_s: float = Field(default=600, gt=0)
    """Seconds after which a request without an answer is given up; it counts as paid."""

    @field_validator("base_url")
    @classmethod
    def _an_address(cls, url: str) -> str:
        parts = urlsplit(url)
        if url and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise ValueError("must begin with http:// or https:// and name a host")
        if "@" in parts.netloc:
            # The address is written to journals and records.
            raise ValueError("must not contain a user or password; keys come from the environment")
        return url

    @property
    def is_local(self) -> bool:
        """Whether the address is this machine, which sends no bill."""
        host = urlsplit(self.base_url).hostname or ""
        try:
            return host == "localhost" or ip_address(host).is_loopback
        except ValueError:
            return False

    @property
    def key_name(self) -> str:
        """The environment variable that holds the key."""
        return f"{self.provider.upper()}_API_KEY"
