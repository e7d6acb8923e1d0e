"""LoRA and QLoRA with TRL. The one file that imports trl, and needs bitsandbytes.

TRL's interface changes with each minor version; if it breaks, it breaks here.
"""

from typing import Any

from schemas.progress import Progress
from train.adapter import lora_config, save_adapter
from train.checkpoints import last_checkpoint
from train.evaluation.held_out_loss import measure_held_out_loss
from train.folder import RunFolder
from train.libraries import import_transformers, quiet_libraries, require_packages
from train.metrics_log import MetricsLog
from train.models import BaseModelFiles
from train.outcome import Outcome
from train.prepare.preflight import PreparedRecords
from train.settings import TrainSettings


@quiet_libraries()
def train_adapter(
    base: BaseModelFiles,
    tokenizer: Any,
    prepared: PreparedRecords,
    settings: TrainSettings,
    folder: RunFolder,
    progress: Progress,
) -> Outcome:
    """Train an adapter, measure it, and save it, as `train.backends.Backend` describes."""
    quantiser = ["bitsandbytes"] if settings.method == "qlora" else []
    require_packages(["torch", "transformers", "peft", "trl", "datasets", *quantiser])
    import_transformers()
    trainer = _trainer(base, tokenizer, prepared, settings, folder, progress)
    checkpoint = last_checkpoint(folder.checkpoints)
    trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
    model = trainer.model
    save_adapter(model, tokenizer, settings, folder.adapter)
    return Outcome(
        steps=trainer.state.global_step,
        train_loss=[log["loss"] for log in trainer.state.log_history if "loss" in log][-1],
        held_out=measure_held_out_loss(model, prepared.held_out),
        trainable_parameters=sum(p.numel() for p in model.parameters() if p.requires_grad),
        device=str(model.device),
    )


def _trainer(
    base: BaseModelFiles,
    tokenizer: Any,
    prepared: PreparedRecords,
    settings: TrainSettings,
    folder: RunFolder,
    progress: Progress,
) -> Any:
    import datasets
    import trl
    from transformers.trainer_callback import PrinterCallback

    examples = [
        {"input_ids": list(rendered.input_ids), "labels": list(rendered.labels)}
        for rendered in prepared.train
    ]
    trainer = trl.SFTTrainer(
        model=_frozen_base(base, settings),
        args=_arguments(settings, folder),
        train_dataset=datasets.Dataset.from_list(examples),
        processing_class=tokenizer,
        peft_config=lora_config(settings),
        callbacks=[_metrics_callback(MetricsLog(path=folder.metrics), progress)],
    )
    trainer.remove_callback(PrinterCallback)  # it prints every log line to standard output
    # TRL casts QLoRA's adapters to bf16, but peft loads those of a checkpoint in 32 bits, so a
    # resumed run drifted from an uninterrupted one in the fourth digit of the loss. Hence 32 bits
    # from the start (8 more bytes per trained parameter), which also keeps small updates from
    # being rounded away.
    for parameter in trainer.model.parameters():
        if parameter.requires_grad:
            parameter.data = parameter.data.float()
    return trainer


def _arguments(settings: TrainSettings, folder: RunFolder) -> Any:
    import torch
    import trl

    cuda = torch.cuda.is_available()
    return trl.SFTConfig(
        output_dir=str(folder.checkpoints),
        per_device_train_batch_size=settings.batch_size,
        gradient_accumulation_steps=settings.gradient_accumulation,
        num_train_epochs=settings.epochs,
        max_steps=settings.max_steps or -1,
        learning_rate=settings.learning_rate,
        lr_scheduler_type="cosine",
        seed=settings.seed,  # of the adapter's first weights and of dropout
        data_seed=settings.seed,  # of the order of records
        save_steps=settings.save_steps,
        save_total_limit=2,  # the last one, and the one before in case a crash tears the last
        logging_steps=1,
        report_to="none",
        disable_tqdm=True,
        use_cpu=not cuda,
        bf16=False,  # the weights are as they compute; autocast would only copy them
        # Trades time for memory, where memory is the limit. Newer transformers call it
        # `activation_checkpointing`; this name works in every version that we support.
        gradient_checkpointing=cuda,
        max_length=settings.max_length,
        # Our examples are ready to train on; TRL's own preparation cuts and drops some silently.
        dataset_kwargs={"skip_prepare_dataset": True},
    )


def _frozen_base(base: BaseModelFiles, settings: TrainSettings) -> Any:
    """The base model, in 4-bit NF4 with doubly quantised scales or as it computes.

    We leave out `prepare_model_for_kbit_training` on purpose: it copies the embeddings and the
    output layer to 32 bits (2.1 GB more for Llama 3.1 8B).
    """
    import torch
    import transformers

    four_bits = transformers.BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=compute_dtype(),
    )
    return transformers.AutoModelForCausalLM.from_pretrained(
        base.path,
        dtype=compute_dtype(),
        device_map={"": 0} if torch.cuda.is_available() else None,
        quantization_config=four_bits if settings.method == "qlora" else None,
    )


def compute_dtype() -> Any:
    """The torch dtype that the base model computes in: bf16, or float32 on a CPU that lacks it.

    A CPU without AVX-512 has no kernels for bf16: a product took 68 times as long as in 32 bits
    (384 x 576 by 576 x 1536 on AVX2, one thread, torch 2.13), and a step of the demo a minute.
    """
    import torch

    on_gpu = torch.cuda.is_available()
    fast = on_gpu or "AVX512" in torch.backends.cpu.get_cpu_capability()
    return torch.bfloat16 if fast else torch.float32


def _metrics_callback(metrics: MetricsLog, progress: Progress) -> Any:
    """A callback of the trainer that passes each step's loss to the metrics log and to progress."""
    from transformers import TrainerCallback

    class MetricsCallback(TrainerCallback):  # type: ignore[misc]
        def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            metrics.restart([log for log in state.log_history if "loss" in log])

        def on_log(self, args: Any, state: Any, control: Any, logs: Any, **_: Any) -> None:
            if "loss" in logs:
                metrics.add({"step": state.global_step, **logs})
                progress(state.global_step, state.max_steps, f"loss {logs['loss']:.3f}")

    return MetricsCallback()
