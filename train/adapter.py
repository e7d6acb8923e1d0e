"""A LoRA adapter: shaped, saved, loaded beside its base model, merged into it.

The one file that imports peft. Backends may share it; whatever writes an adapter in peft's format
(`adapter_config.json` and `adapter_model.safetensors`) can be exported from here.
"""

from pathlib import Path
from typing import Any

from train.libraries import import_transformers, quiet_libraries, require_packages
from train.models import BaseModelFiles
from train.settings import TrainSettings


def lora_config(settings: TrainSettings) -> Any:
    """The adapter's shape, as a `peft.LoraConfig`."""
    import peft

    return peft.LoraConfig(
        r=settings.rank,
        lora_alpha=settings.alpha,
        lora_dropout=settings.dropout,
        target_modules="all-linear",  # attention alone is worse (QLoRA 2023, section 4)
        task_type="CAUSAL_LM",
    )


def save_adapter(model: Any, tokenizer: Any, settings: TrainSettings, folder: Path) -> None:
    """Write the adapter of a trained `PeftModel`, and the tokenizer, into `folder`."""
    config = model.peft_config["default"]
    # The name, not the path on this machine, so that the adapter finds its base model anywhere.
    config.base_model_name_or_path = settings.base_model
    config.revision = settings.revision
    # A set, whose order would differ from process to process.
    config.target_modules = sorted(config.target_modules)
    model.save_pretrained(folder, save_embedding_layers=False)
    tokenizer.save_pretrained(folder)


@quiet_libraries()
def load_with_adapter(base: BaseModelFiles, folder: Path) -> Any:
    """The base model in 32-bit floats with the adapter beside it, as a `PeftModel`.

    This is the reference that an export is compared with. Merging starts from it too, and never
    from 4-bit weights: merged into those and quantised again, an adapter is lost in the rounding.
    Takes 4 bytes of memory per parameter.

    Raises:
        MissingExtra: torch, transformers or peft is not installed.
    """
    require_packages(["torch", "transformers", "peft"])
    transformers = import_transformers()
    import peft
    import torch

    model = transformers.AutoModelForCausalLM.from_pretrained(base.path, dtype=torch.float32)
    return peft.PeftModel.from_pretrained(model, folder).eval()


def merge_adapter(model: Any, tokenizer: Any, folder: Path, dtype: str) -> None:
    """Merge the adapter into the weights of `load_with_adapter`'s model and save the result.

    Args:
        model: Changed in place; do not use it afterwards.
        tokenizer: Saved beside the weights.
        folder: Folder to write safetensors and configuration to.
        dtype: Name of a torch dtype, such as `float16`, to save the weights in.
    """
    import torch

    merged = model.merge_and_unload(safe_merge=True)
    merged.to(getattr(torch, dtype)).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
