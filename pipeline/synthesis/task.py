"""What synthesis needs of each slot: its request, the check of its answer, its record."""

import re
from functools import cached_property
from pathlib import Path
from typing import Any

from pipeline.llm.call import Request
from pipeline.llm.journal import CheckedAnswer, Recv
from pipeline.synthesis.accept import AskGate, Fault, read_reply
from pipeline.synthesis.plan import SlotPlan, plan_slot, render_plan
from pipeline.synthesis.settings import SynthSettings
from prompts.pack import load_pack
from prompts.prompt import load_prompt
from schemas.errors import UserError
from schemas.message import Message
from schemas.record import Origin, Record

PROMPT = "synth/conversation"


class SynthTask:
    """One domain, in some languages, with one model. Pure: a slot always gives the same request."""

    def __init__(
        self, domain: str, languages: tuple[str, ...], settings: SynthSettings, workspace: Path
    ) -> None:
        self.domain = domain
        self.settings = settings
        self._pack = load_pack(domain, workspace)
        self.languages = tuple(dict.fromkeys(languages)) or self._pack.languages
        for code in self.languages:
            if not re.fullmatch("[a-z]{2,3}", code):
                raise UserError(f"{code!r} is not a language code", "use ISO 639-1 codes: en, de")
        self._prompt = load_prompt(PROMPT)
        self._reply_schema = self._prompt.reply_schema

    @cached_property
    def identity(self) -> dict[str, Any]:
        """Everything that decides what is asked. Other limits or prices make no other job."""
        settings = self.settings.model_dump(mode="json")
        deciding = ("provider", "model", "base_url", "max_tokens", "temperature", "seed")
        return {
            "domain": self.domain,
            "languages": list(self.languages),
            "prompt": f"{self._prompt.name} {self._prompt.sha256}",
            "pack": self._pack.sha256,
            **{name: settings[name] for name in deciding},
        }

    def plan(self, slot: int) -> SlotPlan:
        """What a slot is about."""
        return plan_slot(self._pack, self.settings.seed, slot, self.languages)

    def prompt(self, slot: int) -> str:
        """What the model is told."""
        return render_plan(self._prompt, self._pack, self.plan(slot))

    def request(self, slot: int) -> Request:
        """The request that is sent."""
        return Request(
            messages=(Message(role="user", content=self.prompt(slot)),),
            schema_name=str(self._prompt.reply),
            reply_schema=self._reply_schema,
            max_tokens=self.settings.max_tokens,
            temperature=self.settings.temperature,
        )

    def check(self, answer: Recv, job: str, ask_gate: AskGate) -> CheckedAnswer:
        """Read the answer; if it is a conversation, ask the gate whether it may join."""
        record = self.record(answer, job)
        if isinstance(record, Fault):
            return CheckedAnswer(slot=answer.slot, reason=record)
        verdict = ask_gate(record)
        if verdict is None:
            return CheckedAnswer(slot=answer.slot, reason=None)
        return CheckedAnswer(
            slot=answer.slot,
            reason=verdict.reason.value,
            value=verdict.value,
            other_id=verdict.other_id,
        )

    def record(self, answer: Recv, job: str) -> Record | Fault:
        """The record that an answer makes, with its provenance, or what is wrong with it."""
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
