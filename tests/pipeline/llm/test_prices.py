import pytest

from pipeline.llm.call import Request
from pipeline.llm.prices import find_price
from pipeline.llm.settings import LlmSettings
from schemas.errors import UserError
from schemas.message import Message


def request(text: str, max_tokens: int = 100) -> Request:
    return Request(messages=(Message(role="user", content=text),), max_tokens=max_tokens)


def test_dollars_a_million_are_micro_dollars_a_token() -> None:
    price = find_price(LlmSettings(price_in=3, price_out=15))
    assert price.cost(1000, 10) == 3150
    assert find_price(LlmSettings(price_in=0.1, price_out=0)).cost(1, 0) == 1


@pytest.mark.parametrize("text", ["a" * 500, "ü" * 300, "字" * 300, "\U0001f600" * 100])
def test_the_worst_case_counts_every_byte_and_the_whole_reply(text: str) -> None:
    price = find_price(LlmSettings(price_in=1, price_out=2))
    assert price.worst(request(text)) >= len(text.encode()) + 500 + 200


def test_a_long_prompt_costs_what_its_tier_says() -> None:
    price = find_price(LlmSettings(provider="anthropic", model="claude-haiku-5-5"))
    assert price.cost(99_999, 0) == 10_000
    assert price.cost(100_000, 0) == 50_000


def test_the_worst_case_allows_for_writing_into_the_cache() -> None:
    price = find_price(LlmSettings(provider="anthropic", model="claude-opus-5-5"))
    asked = request("x", max_tokens=16)
    assert price.worst(asked) == asked.most_tokens_in * 5 + 16 * 20
    assert price.cost(100, 10) == 100 * 4 + 10 * 20


def test_the_default_model_has_a_price() -> None:
    assert find_price(LlmSettings()).cost(10**6, 0) > 0


@pytest.mark.parametrize(
    "settings",
    [
        LlmSettings(model="gpt-99-none"),
        LlmSettings(base_url="https://models.example.org/v1"),
        LlmSettings(price_in=1),
    ],
)
def test_an_unknown_price_asks_for_price_in_and_price_out(settings: LlmSettings) -> None:
    with pytest.raises(UserError) as caught:
        find_price(settings)
    assert "price_in and price_out" in caught.value.message + caught.value.remedy


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost", "[::1]:1"])
def test_a_server_on_this_machine_is_free_and_says_so(host: str) -> None:
    price = find_price(LlmSettings(base_url=f"http://{host}/v1", model="any"))
    assert price.worst(request("x")) == 0
    assert "free" in price.source


def test_a_price_that_is_set_counts_on_this_machine_too() -> None:
    settings = LlmSettings(base_url="http://localhost/v1", price_in=1, price_out=1)
    assert find_price(settings).cost(1, 1) == 2
