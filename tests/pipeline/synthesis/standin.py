"""What the tests of jobs share: a gate, and settings for the loopback server.

Run as a module it is one `synthesize` in a process of its own, for the tests that kill it.
"""

import sys
from pathlib import Path

from pipeline.store.store import Store
from pipeline.synthesis.job import synthesize
from pipeline.synthesis.settings import SynthSettings
from schemas.reasons import Reason
from schemas.record import Record, load_messages
from schemas.verdict import Action, Verdict
from tests.pipeline.llm.loopback import DOLLARS_IN, DOLLARS_OUT


class TwinGate:
    """Accepts a conversation whose first question is in no record, nor accepted before."""

    def __init__(self, store: Store) -> None:
        known = zip(store.records()["id"], store.records()["messages"], strict=True)
        self._known = {self._question(load_messages(text)): id_ for id_, text in known}

    def ask(self, record: Record) -> Verdict | None:
        question = self._question(record.messages)
        twin = self._known.get(question)
        if twin is None:
            self._known[question] = record.id
            return None
        return Verdict(
            id=record.id,
            stage="near_duplicate",
            action=Action.drop,
            reason=Reason.near_duplicate,
            value=1.0,
            other_id=twin,
        )

    @staticmethod
    def _question(messages: tuple) -> str:
        return next(m.text for m in messages if m.role == "user")


def settings_for(root: str, **changes: object) -> SynthSettings:
    """Settings for a server at `root`, at the prices of its meter."""
    provider = changes.get("provider", "openai")
    return SynthSettings(
        **{
            "base_url": root if provider == "anthropic" else f"{root}/v1",
            "price_in": DOLLARS_IN,
            "price_out": DOLLARS_OUT,
            "budget_usd": 50,
            "max_tokens": 400,
            "timeout_s": 0.5,
            **changes,
        }
    )


if __name__ == "__main__":
    root, workspace, n, in_flight = sys.argv[1:]
    store = Store(Path(workspace))
    settings = settings_for(root, max_in_flight=int(in_flight), timeout_s=10)
    synthesize(store, "support", int(n), ("en",), settings, TwinGate(store).ask)
