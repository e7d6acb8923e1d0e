"""QLoRA and LoRA. The one file that knows trl, peft, bitsandbytes and datasets.

TRL's interface moves with each minor version; when it breaks, it breaks here.
"""

import importlib.util
import logging
import math
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from schemas.base import Model
from schemas.errors import MissingExtra
from schemas.progress import Progress
from train.metrics_log import Journal
from train.models import BaseModel, import_transformers
from train.prepare.labels import IGNORED, Rendered
from train.settings import TrainSettings


class HeldOutLoss(Model):
    """Mean negative log-likelihood of a token of the held-out replies, base against adapter."""

    rows: int
    tokens: int
    base: float
    adapter: float
    improved_rows: int
    """Rows whose own loss is lower with the adapter."""


class Outcome(Model):
    """What the trainer says when it is done."""

    steps: int
    """Optimiser steps, over all attempts."""
    train_loss: float
    """Of the last step that was logged."""
    held_out: HeldOutLoss | None
    """None where nothing is held out."""
    trainable_parameters: int
    device: str


@contextmanager
def _hushed() -> Iterator[None]:
    """Leave out what these libraries tell their own developers.

    Our range of versions is wide on purpose, so that their deprecations are no news; and
    bitsandbytes logs on a CPU that a faster kernel was not found.
    """
    logger = logging.getLogger("bitsandbytes")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            warnings.simplefilter("ignore", FutureWarning)
            yield
    finally:
        logger.setLevel(before)


@_hushed()
def finetune(
    base: BaseModel,
    tokenizer: Any,
    train: Sequence[Rendered],
    held_out: Sequence[Rendered],
    settings: TrainSettings,
    checkpoints: Path,
    resume: Path | None,
    journal: Journal,
    adapter: Path,
    progress: Progress,
) -> Outcome:
    """Train, measure, and save the adapter.

    Args:
        base: The model that stays as it is.
        tokenizer: Saved beside the adapter.
        train: Rows with their labels, in a fixed order.
        held_out: Rows whose loss is measured after training, with and without the adapter.
        settings: How.
        checkpoints: Folder in which a checkpoint is written every `save_steps`.
        resume: A complete checkpoint to go on from.
        journal: Takes the loss of each step.
        adapter: Folder to write.
        progress: Told the step, and its loss.
    """
    _demand_packages(settings)
    import torch

    torch.manual_seed(settings.seed)  # the adapter's start
    trainer = _trainer(base, tokenizer, train, settings, checkpoints, journal, progress)
    trainer.train(resume_from_checkpoint=str(resume) if resume else None)
    model = trainer.model
    _save(model, tokenizer, settings, adapter)
    return Outcome(
        steps=trainer.state.global_step,
        train_loss=[log["loss"] for log in trainer.state.log_history if "loss" in log][-1],
        held_out=_held_out_loss(model, held_out),
        trainable_parameters=sum(p.numel() for p in model.parameters() if p.requires_grad),
        device=str(model.device),
    )


@_hushed()
def with_adapter(base: BaseModel, adapter: Path) -> Any:
    """The base in 32 bits with the adapter beside it: the truth that an export is held against.

    4 bytes a parameter of memory. Merging happens on these weights too, never on the 4-bit ones:
    merged and quantised again, an adapter is lost in the rounding.
    """
    transformers = import_transformers()
    try:
        import peft
        import torch
    except ImportError as error:
        raise MissingExtra(error.name or "peft", "train") from None
    model = transformers.AutoModelForCausalLM.from_pretrained(base.path, dtype=torch.float32)
    return peft.PeftModel.from_pretrained(model, adapter).eval()


def merge(model: Any, tokenizer: Any, folder: Path, dtype: str) -> None:
    """Fold the adapter of `with_adapter` into its base and save that as `dtype` (a torch name)."""
    import torch

    merged = model.merge_and_unload(safe_merge=True)
    merged.to(getattr(torch, dtype)).save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def _trainer(
    base: BaseModel,
    tokenizer: Any,
    train: Sequence[Rendered],
    settings: TrainSettings,
    checkpoints: Path,
    journal: Journal,
    progress: Progress,
) -> Any:
    import datasets
    import trl
    from transformers.trainer_callback import PrinterCallback

    rows = [{"input_ids": list(r.input_ids), "labels": list(r.labels)} for r in train]
    trainer = trl.SFTTrainer(
        model=_frozen_base(base, settings),
        args=_arguments(settings, checkpoints),
        train_dataset=datasets.Dataset.from_list(rows),
        processing_class=tokenizer,
        peft_config=_adapter(settings),
        callbacks=[_reporter(journal, progress)],
    )
    trainer.remove_callback(PrinterCallback)  # it prints every log line to standard output
    # TRL casts QLoRA's adapters to bf16, but peft loads those of a checkpoint in 32 bits: a resumed
    # run drifted from an undisturbed one in the fourth digit of the loss. So 32 bits from the start
    # (8 bytes more a trained parameter), which also keeps small updates from being rounded away.
    for parameter in trainer.model.parameters():
        if parameter.requires_grad:
            parameter.data = parameter.data.float()
    return trainer


def _arguments(settings: TrainSettings, checkpoints: Path) -> Any:
    import torch
    import trl

    cuda = torch.cuda.is_available()
    return trl.SFTConfig(
        output_dir=str(checkpoints),
        per_device_train_batch_size=settings.batch_size,
        gradient_accumulation_steps=settings.gradient_accumulation,
        num_train_epochs=settings.epochs,
        max_steps=settings.max_steps or -1,
        learning_rate=settings.learning_rate,
        lr_scheduler_type="cosine",
        seed=settings.seed,
        data_seed=settings.seed,
        save_steps=settings.save_steps,
        save_total_limit=2,  # the last, and one before should a crash tear the last
        logging_steps=1,
        report_to="none",
        disable_tqdm=True,
        use_cpu=not cuda,
        bf16=False,  # weights are bf16 already; autocast would only copy them
        gradient_checkpointing=cuda,  # trades time for memory, where memory is the limit
        max_length=settings.max_length,
        # Our rows are ready. TRL's own preparation cuts and drops rows in silence.
        dataset_kwargs={"skip_prepare_dataset": True},
    )


def _adapter(settings: TrainSettings) -> Any:
    import peft

    return peft.LoraConfig(
        r=settings.rank,
        lora_alpha=settings.alpha,
        lora_dropout=settings.dropout,
        target_modules="all-linear",  # attention alone is worse (QLoRA 2023, section 4)
        task_type="CAUSAL_LM",
    )


def _frozen_base(base: BaseModel, settings: TrainSettings) -> Any:
    """The base's weights: 4-bit NF4 with doubly quantised scales, or bf16.

    `prepare_model_for_kbit_training` is left out on purpose: it copies embeddings and head to
    fp32 (2.1 GB more for Llama 3.1 8B).
    """
    import torch
    import transformers

    quantised = transformers.BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=torch.bfloat16,
    )
    return transformers.AutoModelForCausalLM.from_pretrained(
        base.path,
        dtype=torch.bfloat16,
        device_map={"": 0} if torch.cuda.is_available() else None,
        quantization_config=quantised if settings.method == "qlora" else None,
    )


def _reporter(journal: Journal, progress: Progress) -> Any:
    """The trainer's callback: each step's loss goes to the journal and to whoever watches."""
    from transformers import TrainerCallback

    class Reporter(TrainerCallback):  # type: ignore[misc]
        def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            journal.restart([log for log in state.log_history if "loss" in log])

        def on_log(self, args: Any, state: Any, control: Any, logs: Any, **_: Any) -> None:
            if "loss" in logs:
                journal.add({"step": state.global_step, **logs})
                progress(state.global_step, state.max_steps, f"loss {logs['loss']:.3f}")

    return Reporter()


def _save(model: Any, tokenizer: Any, settings: TrainSettings, adapter: Path) -> None:
    config = model.peft_config["default"]
    # The name, not this machine's path: under it the adapter finds its base anywhere.
    config.base_model_name_or_path = settings.base_model
    config.revision = settings.revision
    config.target_modules = sorted(config.target_modules)  # a set: its order changes by process
    model.save_pretrained(adapter, save_embedding_layers=False)
    tokenizer.save_pretrained(adapter)


def _held_out_loss(model: Any, rows: Sequence[Rendered]) -> HeldOutLoss | None:
    if not rows:
        return None
    model.eval()
    adapter = [_loss(model, row) for row in rows]
    with model.disable_adapter():
        base = [_loss(model, row) for row in rows]
    tokens = sum(row.trained for row in rows)
    return HeldOutLoss(
        rows=len(rows),
        tokens=tokens,
        base=math.fsum(base) / tokens,
        adapter=math.fsum(adapter) / tokens,
        improved_rows=sum(a < b for a, b in zip(adapter, base, strict=True)),
    )


def _loss(model: Any, row: Rendered) -> float:
    """Negative log-likelihood of the reply's tokens, summed, in nats."""
    import torch

    ids = torch.tensor([row.input_ids], device=model.device)
    labels = torch.tensor(row.labels[1:], device=model.device)
    with torch.inference_mode():
        logits = model(input_ids=ids).logits[0, :-1].float()
    loss = torch.nn.functional.cross_entropy(logits, labels, ignore_index=IGNORED, reduction="sum")
    return float(loss)


def _demand_packages(settings: TrainSettings) -> None:
    needed = ["torch", "transformers", "peft", "trl", "datasets"]
    if settings.method == "qlora":
        needed.append("bitsandbytes")
    for package in needed:
        if importlib.util.find_spec(package) is None:
            raise MissingExtra(package, "train")
    import_transformers()
