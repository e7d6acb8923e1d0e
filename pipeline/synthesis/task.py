"""What synthesis asks the engine to do: request slot i, judge its answer, make its record."""

import re
from functools import cached_property
from pathlib import Path
from typing import Any

from pipeline.llm.call import Request
from pipeline.llm.journal import Judged, Recv
from pipeline.synthesis.accept import Admission, Fault, read_reply
from pipeline.synthesis.plan import Plan, plan_slot, render
from pipeline.synthesis.settings import SynthSettings
from prompts.pack import load_pack
from prompts.prompt import load_prompt
from schemas.errors import UserError
from schemas.message import Message
from schemas.record import Origin, Record

PROMPT = "synth/conversation"


class SynthTask:
    """One domain, in some languages, with a model. Pure: the same slot is always the same."""

    def __init__(
        self, domain: str, languages: tuple[str, ...], settings: SynthSettings, workspace: Path
    ) -> None:
        self.domain = domain
        self.settings = settings
        self._pack = load_pack(domain, workspace)
        self.languages = tuple(dict.fromkeys(languages)) or self._pack.languages
        for code in self.languages:
            if not re.fullmatch("[a-z]{2,3}", code):
                raise UserError(f"{code!r} is no language code", "use ISO 639-1 codes: en, de, th")
        self._prompt = load_prompt(PROMPT)
        self._reply_schema = self._prompt.reply_schema

    @cached_property
    def identity(self) -> dict[str, Any]:
        """Everything that decides what is asked. Other limits and prices are the same job."""
        said = self.settings.model_dump(mode="json")
        asks = ("provider", "model", "base_url", "max_tokens", "temperature", "seed")
        return {
            "domain": self.domain,
            "languages": list(self.languages),
            "prompt": f"{self._prompt.name} {self._prompt.sha256}",
            "pack": self._pack.sha256,
            **{name: said[name] for name in asks},
        }

    def plan(self, slot: int) -> Plan:
        """What a slot is about."""
        return plan_slot(self._pack, self.settings.seed, slot, self.languages)

    def prompt(self, slot: int) -> str:
        """What the model is told."""
        return render(self._prompt, self._pack, self.plan(slot))

    def request(self, slot: int) -> Request:
        """What is sent."""
        return Request(
            messages=(Message(role="user", content=self.prompt(slot)),),
            schema_name=str(self._prompt.reply),
            reply_schema=self._reply_schema,
            max_tokens=self.settings.max_tokens,
            temperature=self.settings.temperature,
        )

    def judge(self, answer: Recv, job: str, admission: Admission) -> Judged:
        """Read the answer, then ask the admission."""
        record = self.record(answer, job)
        if isinstance(record, Fault):
            return Judged(slot=answer.slot, reason=record)
        verdict = admission.ask(record)
        if verdict is None:
            return Judged(slot=answer.slot, reason=None)
        return Judged(
            slot=answer.slot,
            reason=verdict.reason.value,
            value=verdict.value,
            other_id=verdict.other_id,
        )

    def record(self, answer: Recv, job: str) -> Record | Fault:
        """The record that an answer is, with its provenance."""
        plan = self.plan(answer.slot)
        messages = read_reply(answer.reply, plan, self.prompt(answer.slot))
        if isinstance(messages, Fault):
            return messages
        reply = answer.reply
        return Record(
            messages=messages,
            origin=Origin.synthetic,
            source=f"synth/{job}:{answer.slot}",
            language=plan.language,
            domain=self.domain,
            meta={
                "provider": self.settings.provider,
                "model": reply.model,
                "prompt": self.identity["prompt"],
                "pack": self.identity["pack"],
                "topic": list(plan.topic),
                "axes": plan.axes,
                "max_tokens": self.settings.max_tokens,
                "temperature": self.settings.temperature,
                "request_id": reply.request_id,
                "tokens_in": reply.tokens_in,
                "tokens_out": reply.tokens_out,
                "micro_dollars": answer.cost,
                "attempt": answer.attempt,
                "at": answer.at.isoformat(),
            },
        )
