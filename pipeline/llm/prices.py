"""What a token costs. An unknown price is an error, and never counts as free."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any

from pipeline.llm.call import Request
from pipeline.llm.settings import LlmSettings
from schemas.errors import MissingExtra, UserError


@dataclass(frozen=True)
class Tier:
    """Micro-dollars per token (= dollars per million) for prompts of `start` tokens and more."""

    start: int
    input: Decimal
    dearest_input: Decimal
    """The most that a token of input can cost: writing to the provider's cache costs extra."""
    output: Decimal


@dataclass(frozen=True)
class Price:
    """A model's price, in tiers by length of the prompt, the shortest first."""

    tiers: tuple[Tier, ...]
    source: str
    """Where the price comes from, in words."""

    def cost(self, tokens_in: int, tokens_out: int) -> int:
        """What an answer costs in micro-dollars, rounded up."""
        tier = self._tier(tokens_in)
        return _whole(tier.input * tokens_in + tier.output * tokens_out)

    def worst(self, request: Request) -> int:
        """The most that a request can cost, in micro-dollars."""
        tier = self._tier(request.most_tokens_in)
        return _whole(
            tier.dearest_input * request.most_tokens_in + tier.output * request.max_tokens
        )

    def _tier(self, tokens_in: int) -> Tier:
        return [tier for tier in self.tiers if tier.start <= tokens_in][-1]


def find_price(settings: LlmSettings) -> Price:
    """The price from the settings, from the address, or from the (offline) table of `genai-prices`.

    Raises:
        UserError: The price is not known.
        MissingExtra: `genai-prices` is needed and not installed.
    """
    if settings.price_in is not None and settings.price_out is not None:
        return _flat(settings.price_in, settings.price_out, "price_in and price_out")
    if settings.price_in is not None or settings.price_out is not None:
        raise UserError("only one of price_in and price_out is set", "set both, or neither")
    if settings.is_local:
        return _flat(0, 0, "a server on this machine counts as free")
    if settings.base_url:
        raise UserError(
            f"the price of {settings.model} at {settings.base_url} is not known",
            "set price_in and price_out (US dollars per million tokens)",
        )
    return _looked_up(settings)


def _looked_up(settings: LlmSettings) -> Price:
    try:
        from genai_prices import Usage, calc_price
    except ImportError:
        raise MissingExtra("genai-prices", "synth") from None
    usage = Usage(input_tokens=1, output_tokens=1)
    try:
        listed = calc_price(usage, settings.model, provider_id=settings.provider).model_price
    except LookupError:
        listed = None
    if listed is None or listed.input_mtok is None or listed.output_mtok is None:
        raise UserError(
            f"the price of {settings.model} is not known",
            "set price_in and price_out (US dollars per million tokens), or check the name",
        )
    rates = (listed.input_mtok, listed.cache_write_mtok or listed.input_mtok, listed.output_mtok)
    starts = {0} | {tier.start for rate in rates for tier in getattr(rate, "tiers", [])}
    tiers = [Tier(start, *(_rate_at(rate, start) for rate in rates)) for start in sorted(starts)]
    return Price(tuple(tiers), "genai-prices")


def _rate_at(rate: Any, tokens_in: int) -> Decimal:
    """The rate for a prompt of this length; `rate` is a number, or has tiers."""
    price = getattr(rate, "base", rate)
    for tier in getattr(rate, "tiers", []):
        if tier.start <= tokens_in:
            price = tier.price
    return Decimal(price)


def _flat(price_in: float, price_out: float, source: str) -> Price:
    rate_in, rate_out = Decimal(str(price_in)), Decimal(str(price_out))
    return Price((Tier(0, rate_in, rate_in, rate_out),), source)


def _whole(micro_dollars: Decimal) -> int:
    return int(micro_dollars.to_integral_value(ROUND_CEILING))
