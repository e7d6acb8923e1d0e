"""An adapter finds its base model on any machine, and merging keeps what it says."""

import json
from pathlib import Path
from typing import Any

import pytest

from train.adapter import load_with_adapter, lora_config, merge_adapter, save_adapter
from train.libraries import quiet_libraries
from train.models import load_tokenizer, locate_base_model
from train.settings import TrainSettings

SETTINGS = TrainSettings(base_model="org/model", revision="v1", rank=4)


@pytest.fixture(scope="module")
def adapter(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An adapter that changes what the tiny model says, as `save_adapter` writes it."""
    import peft
    import torch
    from transformers import AutoModelForCausalLM

    folder = tmp_path_factory.mktemp("adapter")
    with quiet_libraries():
        base = AutoModelForCausalLM.from_pretrained(tiny, dtype=torch.float32)
        model = peft.get_peft_model(base, lora_config(SETTINGS))
    torch.manual_seed(1)
    for name, weight in model.named_parameters():
        if "lora_" in name:
            weight.data = torch.randn_like(weight)
    save_adapter(model, load_tokenizer(locate_base_model(str(tiny))), SETTINGS, folder)
    return folder


def test_it_names_its_base_model_and_no_path_of_this_machine(adapter: Path, tiny: Path) -> None:
    text = (adapter / "adapter_config.json").read_text()
    config = json.loads(text)
    assert (config["base_model_name_or_path"], config["revision"]) == ("org/model", "v1")
    assert str(tiny) not in text
    assert config["target_modules"] == sorted(config["target_modules"])


def test_it_is_on_all_linear_layers_but_the_output(adapter: Path) -> None:
    attention, feed_forward = "k_proj o_proj q_proj v_proj", "down_proj gate_proj up_proj"
    modules = json.loads((adapter / "adapter_config.json").read_text())["target_modules"]
    assert {name.rsplit(".")[-1] for name in modules} == {*attention.split(), *feed_forward.split()}


def test_merged_it_says_the_same_without_peft(adapter: Path, tiny: Path, tmp_path: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM

    base = locate_base_model(str(tiny))
    with_adapter = load_with_adapter(base, adapter)
    ids = torch.tensor([[5, 6, 7, 8]])

    def logits(model: Any) -> Any:
        with torch.inference_mode():
            return model(input_ids=ids).logits

    expected = logits(with_adapter)
    merge_adapter(with_adapter, load_tokenizer(base), tmp_path, "float32")
    merged = AutoModelForCausalLM.from_pretrained(tmp_path, dtype=torch.float32)
    assert torch.allclose(logits(merged), expected, atol=1e-4)
    alone = AutoModelForCausalLM.from_pretrained(tiny, dtype=torch.float32)
    assert not torch.allclose(logits(alone), expected, atol=0.1)
