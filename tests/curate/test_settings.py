"""`curate.toml` says what the settings are, and a mistake in it is shown with its line."""

import re
import tomllib
from pathlib import Path

import pytest

from curate.settings import Settings, load_settings, settings_tables, settings_text
from schemas.errors import UserError


@pytest.fixture
def read(tmp_path: Path):
    def from_text(text: str | bytes) -> Settings:
        file = tmp_path / "curate.toml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return load_settings(file)

    return from_text


def test_a_file_that_says_nothing_is_the_defaults(read) -> None:
    assert read("") == Settings()
    assert read(settings_text({})) == Settings()
    assert all(value == {} for value in tomllib.loads(settings_text({})).values())


def test_every_knob_switched_on_as_it_is_shown_is_the_defaults(read) -> None:
    on = re.sub(r"^# (\w+ = )(?!\(not set\))", r"\1", settings_text({}), flags=re.MULTILINE)
    said = tomllib.loads(on)
    assert read(on) == Settings()
    for table, model in settings_tables().items():
        unset = {name for name, field in model.model_fields.items() if field.default is None}
        assert set(said[table]) | unset == set(model.model_fields)


def test_every_knob_has_a_manual() -> None:
    assert [
        f"[{table}] {name}"
        for table, model in settings_tables().items()
        for name, field in model.model_fields.items()
        if not field.description
    ] == []


def test_what_was_chosen_is_set(read) -> None:
    chosen = {
        "language": {"targets": ("en", "th")},
        "tokens": {"tokenizer": 'a "quoted" \\ name é'},
        "near_duplicate": {"enabled": False, "threshold": 0.9},
    }
    settings = read(settings_text(chosen))
    assert settings.features.language.targets == ("en", "th")
    assert settings.features.tokens.tokenizer == 'a "quoted" \\ name é'
    assert settings.recipe.near_duplicate.threshold == 0.9
    assert not settings.curation.recipe.near_duplicate.enabled


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        ("\n[splits]\nsed = 5", '3: [splits] has no key "sed"', 'did you mean "seed"?'),
        ("[train]\nlr = 1", '2: [train] has no key "lr"', "one of: base_model"),
        ("# x\n[exports]\n", "2: there is no table [exports]", 'did you mean "export"?'),
        ("hamster = 5", "there is no table [hamster]", "one of: ingest"),
        ("[recipe]\n", "there is no table [recipe]", "one of: ingest"),
        ("[features]\n", "there is no table [features]", "one of: ingest"),
        ("features = 5", "there is no table [features]", "one of: ingest"),
        ('[train]\n# a\nepochs = "many"', "curate.toml:3: [train] epochs:", "correct that line"),
        ("[train]\nepochs = 0", "curate.toml:2: [train] epochs:", "correct that line"),
        ("[language]\ntargets = [5]", "curate.toml:2: [language] targets:", "correct that line"),
        ("short_reply = 5", "[short_reply]:", "correct that line"),
        ("[a\n", "curate.toml is not valid TOML", "line"),
        (b'[tokens]\ntokenizer = "\xff"', "curate.toml", "UTF-8"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line_and_how_to_mend_it(
    read, text: str | bytes, message: str, remedy: str
) -> None:
    with pytest.raises(UserError) as caught:
        read(text)
    assert message in caught.value.message
    assert remedy in caught.value.remedy
    assert len(caught.value.message.splitlines()) == 1


@pytest.mark.parametrize(
    "text",
    [
        "[near_duplicate]\nthreshold = 92",
        "[placeholder]\nshare = 50",
        "[short_reply]\nmin_tokens = -1",
        "[language]\ncertainty = 70",
        "[language]\ntargets = []",
        '[language]\ntargets = ["english"]',
    ],
)
def test_a_value_that_makes_no_sense_is_refused(read, text: str) -> None:
    with pytest.raises(UserError):
        read(text)


def test_a_folder_without_settings_is_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no curate\.toml") as caught:
        load_settings(tmp_path / "curate.toml")
    assert "curate init" in caught.value.remedy
