"""The `[synth]` table of curate.toml."""

from pydantic import Field

from pipeline.llm.settings import LlmSettings


class SynthSettings(LlmSettings):
    """How conversations are generated: by which model, for how much, and when to give up."""

    seed: int = 0
    """Another seed draws other conversations from the same pack."""

    min_yield: float = Field(default=0.05, ge=0, le=1)
    """Share of the last 200 answers that has to be accepted. When it is surely lower, the run stops
    before the budget is wasted."""
