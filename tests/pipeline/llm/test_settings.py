import pytest
from pydantic import ValidationError

from pipeline.llm.providers import check_ready, find_key, without_key
from pipeline.llm.settings import LlmSettings
from schemas.errors import MissingExtra, UserError


@pytest.mark.parametrize("url", ["example.org/v1", "ftp://example.org", "http://"])
def test_an_address_must_be_one(url: str) -> None:
    with pytest.raises(ValidationError, match="http://"):
        LlmSettings(base_url=url)


def test_an_address_holds_no_password_since_it_is_written_down() -> None:
    with pytest.raises(ValidationError, match="user or password"):
        LlmSettings(base_url="https://me:secret@example.org/v1")


@pytest.mark.parametrize("host", ["example.org", "10.0.0.5", "localhost.example.org", ""])
def test_only_this_machine_is_local(host: str) -> None:
    assert not LlmSettings(base_url=f"http://{host}" if host else "").is_local


def test_a_missing_key_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", " ")
    with pytest.raises(UserError, match="ANTHROPIC_API_KEY"):
        find_key(LlmSettings(provider="anthropic"))


def test_a_server_on_this_machine_needs_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    assert find_key(LlmSettings(base_url="http://127.0.0.1:1/v1")) == "local"


def test_the_key_is_taken_out_of_a_servers_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-1234")
    assert without_key("bad key sk-1234!", LlmSettings()) == "bad key ***!"
    monkeypatch.delenv("OPENAI_API_KEY")
    assert without_key("bad key", LlmSettings()) == "bad key"


@pytest.mark.parametrize("package", ["openai", "aiohttp"])
def test_a_missing_package_names_the_extra(monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    monkeypatch.setattr(
        "pipeline.llm.providers.find_spec", lambda name: None if name == package else name
    )
    with pytest.raises(MissingExtra, match=package) as caught:
        check_ready(LlmSettings(base_url="http://127.0.0.1:1/v1"))
    assert "curate-chat[synth]" in caught.value.remedy
