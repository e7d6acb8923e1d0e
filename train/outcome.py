"""What a training came to. Data only: whoever reads a manifest loads no training library."""

from schemas.base import Model


class HeldOutLoss(Model):
    """Mean negative log-likelihood per token of the held-out replies, in nats; lower is better."""

    rows: int
    """Held-out records that were measured."""
    tokens: int
    """Tokens of their replies."""
    base: float
    """Loss of the base model alone."""
    adapter: float
    """Loss of the base model with the adapter."""
    improved_rows: int
    """Records whose own loss is lower with the adapter."""


class Outcome(Model):
    """What a backend reports when the training is finished."""

    steps: int
    """Optimiser steps, counting those before an interruption."""
    train_loss: float
    """Loss of the last logged step."""
    held_out: HeldOutLoss | None
    """None if no record was held out."""
    trainable_parameters: int
    device: str
