"""The held-out loss is the loss of the replies' tokens, with the adapter and without it."""

from pathlib import Path
from typing import Any

import pytest

from schemas.record import Record
from train.adapter import load_with_adapter, lora_config
from train.evaluation.held_out_loss import measure_held_out_loss
from train.libraries import quiet_libraries
from train.models import load_tokenizer, locate_base_model
from train.prepare.labels import RenderedRecord, render_record
from train.settings import TrainSettings


@pytest.fixture(scope="module")
def model(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The tiny model with an adapter that changes what it says, in training mode."""
    import peft
    import torch

    base = locate_base_model(str(tiny))
    settings = TrainSettings(base_model=str(tiny), rank=4, dropout=0.5)
    adapter = tmp_path_factory.mktemp("adapter")
    with quiet_libraries():
        model = peft.get_peft_model(_load(base.path), lora_config(settings))
    torch.manual_seed(1)
    for name, weight in model.named_parameters():
        if "lora_" in name:
            weight.data = torch.randn_like(weight)
    model.save_pretrained(adapter)
    return load_with_adapter(base, adapter).train()


def _load(folder: Path) -> Any:
    import torch
    from transformers import AutoModelForCausalLM

    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)


@pytest.fixture(scope="module")
def rendered(tiny: Path, talk: Any, sums: list[Record], stops: frozenset[int]) -> Any:
    tokenizer = load_tokenizer(locate_base_model(str(tiny)))
    records = [talk("Hi.", "A much longer reply than that of the others, matey!"), *sums[:3]]
    return [render_record(record, tokenizer, stops) for record in records]


def _losses(model: Any, rendered: list[RenderedRecord]) -> list[float]:
    """Loss of each record's trained tokens, summed, as transformers itself computes it."""
    import torch

    losses = []
    for record in rendered:
        ids, labels = torch.tensor([record.input_ids]), torch.tensor([record.labels])
        with torch.inference_mode():
            mean = float(model(input_ids=ids, labels=labels).loss)
        losses.append(mean * record.trained_tokens)
    return losses


def test_it_is_what_transformers_computes_averaged_over_tokens(
    model: Any, tiny: Path, rendered: list[RenderedRecord]
) -> None:
    loss = measure_held_out_loss(model, rendered)
    assert loss is not None
    base, adapter = _losses(_load(tiny), rendered), _losses(model.eval(), rendered)
    tokens = sum(record.trained_tokens for record in rendered)
    assert (loss.rows, loss.tokens) == (4, tokens)
    assert loss.base == pytest.approx(sum(base) / tokens, rel=1e-5)
    assert loss.adapter == pytest.approx(sum(adapter) / tokens, rel=1e-5)
    assert loss.adapter != pytest.approx(loss.base, rel=1e-3), "the two are told apart"
    assert loss.improved_rows == sum(a < b for a, b in zip(adapter, base, strict=True))


def test_dropout_is_off_while_it_is_measured(model: Any, rendered: list[RenderedRecord]) -> None:
    first = measure_held_out_loss(model.train(), rendered)
    assert first == measure_held_out_loss(model.train(), rendered)


def test_without_held_out_records_there_is_none(model: Any) -> None:
    assert measure_held_out_loss(model, []) is None
