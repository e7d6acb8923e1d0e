import json
import socket
from pathlib import Path
from typing import Any

import pytest

from curate.commands import doctor
from curate.commands.doctor import KEY_VARIABLES, examine, extras
from curate.settings import Settings
from pipeline.features import Features
from pipeline.features.embed import EmbeddingSettings
from review.settings import ReviewSettings

SECRET = "sk-do-not-show-this"


def test_keys_are_named_and_never_shown(
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in KEY_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    monkeypatch.setenv("CURATE_CACHE", str(tmp_path / "cache"))
    for arguments in (["doctor"], ["doctor", "--json"]):
        out, err = run(*arguments, "-C", tmp_path)
        assert "OPENAI_API_KEY" in out
        assert SECRET not in out + err
    keys = json.loads(run("doctor", "--json", "-C", tmp_path)[0])["keys"]
    assert keys == {name: name == "OPENAI_API_KEY" for name in KEY_VARIABLES}


def test_every_extra_for_users_is_named_with_its_packages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "importlib.metadata.requires",
        lambda _: [
            "click>=8",
            'no-such-thing-here; extra == "embed"',
            'click>=999; extra == "train"',
            "click; extra == 'synth' or extra == 'all'",
            'pytest; extra == "dev"',
            'click; sys_platform == "nowhere" and extra == "export"',
        ],
    )
    found = extras()
    assert set(found) == {"base", "embed", "train", "synth"}
    assert found["base"]["complete"]
    assert found["synth"]["complete"]
    assert found["embed"] == {
        "packages": {"no-such-thing-here": None},
        "complete": False,
        "install": 'pip install "curate-chat[embed]"',
    }
    assert found["train"]["install"] == 'pip install "curate-chat[train]"'


def test_a_missing_extra_is_told_with_the_line_that_brings_it(
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "importlib.metadata.requires", lambda _: ['no-such-thing-here; extra == "embed"']
    )
    out, _ = run("doctor", "-C", tmp_path)
    assert "no-such-thing-here missing" in out
    assert 'pip install "curate-chat[embed]"' in out


def test_a_port_in_use_is_seen(tmp_path: Path) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        settings = Settings(review=ReviewSettings(port=port))
        assert examine(tmp_path, settings)["port"] == {"number": port, "free": False}
    assert examine(tmp_path, settings)["port"] == {"number": port, "free": True}


def test_the_cache_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CURATE_CACHE", str(tmp_path / "cache"))
    assert examine(tmp_path, Settings())["cache"]["mb"] == 0
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "model").write_bytes(bytes(3_000_000))
    assert examine(tmp_path, Settings())["cache"]["mb"] == 3


def embedding(**fields: Any) -> Settings:
    return Settings(features=Features(embedding=EmbeddingSettings(**fields)))


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (Settings(), ["en", "threshold 0.92 (measured); Apache-2.0", "MRPC"]),
        (embedding(languages=("de",)), ["languages: de", "(measured)"]),
        (embedding(model="multilingual-e5-small"), ["sw ta te th", "0.97 (not measured); MIT"]),
        (embedding(model="ngrams", languages=("en",)), ["languages: any, compared by spelling"]),
        (
            embedding(model="our/own", languages=("fr",)),
            ["our/own", "languages: fr", "curate does not know the model our/own"],
        ),
        (embedding(model="our/own"), ["languages: unknown; set [embedding] languages"]),
    ],
)
def test_what_is_known_of_the_model_is_said(
    settings: Settings, said: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    doctor._tell(examine(tmp_path, settings))
    out = " ".join(capsys.readouterr().out.split())
    assert [part for part in said if part not in out] == []


def test_a_broken_driver_and_a_missing_torch_are_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver = tmp_path / "nvidia-smi"
    driver.write_text("#!/bin/sh\nexit 9\n")
    driver.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(doctor, "find_spec", lambda _: None)
    found = examine(tmp_path, Settings())
    assert (found["gpu"], found["torch"], found["uv"]) == (None, None, None)
    driver.write_text("#!/bin/sh\necho 'NVIDIA H100, 81559 MiB, 580.1'\n")
    assert examine(tmp_path, Settings())["gpu"] == "NVIDIA H100, 81559 MiB, 580.1"
