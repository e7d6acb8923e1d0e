"""`curate synth` says what was accepted and what it cost, and generates nothing on a dry run."""

import json
from pathlib import Path

import pytest

from tests.pipeline.llm.loopback import DOLLARS_IN, DOLLARS_OUT, Loopback


@pytest.fixture
def settings(workspace: Path):
    """Points the workspace to a server, at the prices of its meter."""

    def write(server: Loopback, **more: object) -> Path:
        lines = {
            "base_url": f"{server.root}/v1",
            "price_in": DOLLARS_IN,
            "price_out": DOLLARS_OUT,
            "max_tokens": 400,
            **more,
        }
        table = "".join(f"{key} = {json.dumps(value)}\n" for key, value in lines.items())
        file = workspace / "curate.toml"
        lenient = file.read_text().replace('exempt = "none"', "enabled = false")
        file.write_text(f"{lenient}[synth]\n{table}")
        return workspace

    return write


def synth(run, workspace: Path, *more: str, code: int = 0) -> tuple[str, str]:
    return run(
        "synth", "--domain", "support", "--language", "en", "-C", workspace, *more, code=code
    )


def test_it_says_what_was_accepted_and_what_that_cost(run, settings) -> None:
    with Loopback() as server:
        out, _ = synth(run, settings(server, min_yield=0), "--n", "2")
        cost = server.micro_dollars / 1e6
    assert f"Accepted 2 of 2 asked for, for ${cost:,.2f}" in out


def test_a_finished_budget_is_a_finding_with_what_to_do(run, settings) -> None:
    with Loopback() as server:
        workspace = settings(server, budget_usd=0.001)
        out, err = synth(run, workspace, "--n", "9", "--json", code=1)
    assert json.loads(out)["accepted"] < 9
    assert "raise budget_usd" in err


def test_a_dry_run_shows_prompts_and_a_worst_case_and_sends_nothing(run, settings) -> None:
    with Loopback() as server:
        out, _ = synth(run, settings(server), "--n", "3", "--dry-run")
        assert server.order == []
    assert out.count("Write one conversation") == 3
    assert "3 answers cost at most $" in out
