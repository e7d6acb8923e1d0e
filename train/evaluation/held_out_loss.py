"""Held-out loss: how likely the model finds replies that it was never trained on."""

import math
from collections.abc import Sequence
from typing import Any

from train.outcome import HeldOutLoss
from train.prepare.labels import IGNORED_LABEL, RenderedRecord


def measure_held_out_loss(model: Any, held_out: Sequence[RenderedRecord]) -> HeldOutLoss | None:
    """Loss on held-out records with the adapter and without it.

    Args:
        model: A `PeftModel`, or any torch model with peft's `disable_adapter()`.
        held_out: Records with at least one trained token each.

    Returns:
        None if there are no records.
    """
    if not held_out:
        return None
    model.eval()
    adapter_losses = [_summed_loss(model, rendered) for rendered in held_out]
    with model.disable_adapter():
        base_losses = [_summed_loss(model, rendered) for rendered in held_out]
    tokens = sum(rendered.trained_tokens for rendered in held_out)
    return HeldOutLoss(
        rows=len(held_out),
        tokens=tokens,
        base=math.fsum(base_losses) / tokens,
        adapter=math.fsum(adapter_losses) / tokens,
        improved_rows=sum(
            adapter < base for adapter, base in zip(adapter_losses, base_losses, strict=True)
        ),
    )


def _summed_loss(model: Any, rendered: RenderedRecord) -> float:
    """Negative log-likelihood of the trained tokens, summed, in nats."""
    import torch

    ids = torch.tensor([rendered.input_ids], device=model.device)
    # The prediction at each position is for the token after it.
    next_tokens = torch.tensor(rendered.labels[1:], device=model.device)
    with torch.inference_mode():
        logits = model(input_ids=ids).logits[0, :-1].float()
    loss = torch.nn.functional.cross_entropy(
        logits, next_tokens, ignore_index=IGNORED_LABEL, reduction="sum"
    )
    return float(loss)
