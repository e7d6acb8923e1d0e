"""The same models computed by ONNX Runtime: the same vectors in half of torch's time.

A model is exported once, which needs torch, into a folder of the cache; from then on that alone is
opened. The one file that imports onnxruntime.
"""

import tempfile
import warnings
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.features.encoders import sentence_transformers
from pipeline.features.vector_cache import Encoded
from pipeline.features.windows import encode_windows
from schemas.errors import MissingExtra, UserError, first_line

BATCH = 16
"""8 and 16 texts a batch cost the same, 32 a quarter more (1,500 real questions, one thread)."""

SAME = 1e-5
"""Largest difference in a coordinate between an export and its model; 2e-7 is usual."""

PROOF = ("", "One word.", "Where is my parcel? " * 9, "退款需要几天时间？", "a b " * 60)
"""Texts on which an export must agree with its model before it is used."""

MODEL, TOKENIZER = "model.onnx", "tokenizer.json"

REMEDY = 'set [embedding] engine = "torch"'


def encode(texts: list[str], name: str, revision: str, prefix: str, folder: Path) -> Encoded:
    """Unit vectors by the model that is exported to `folder`, or is to be.

    Raises:
        UserError: it cannot be exported; MissingExtra: a package is not installed.
    """
    if not _is_whole(folder):
        _export(name, revision, folder)
    return _opened(folder).encode(texts, prefix)


@dataclass(frozen=True)
class Exported:
    """An exported model, opened."""

    session: Any
    """An `onnxruntime.InferenceSession`."""
    tokenizer: Any
    """Cuts at the model's window and pads."""
    reader: Any
    """The same tokenizer, which neither cuts nor pads."""

    @property
    def window(self) -> int:
        """Tokens that the model sees at once."""
        return int(self.tokenizer.truncation["max_length"])

    def encode(self, texts: list[str], prefix: str) -> Encoded:
        """Unit vectors of texts of any length."""
        return encode_windows(texts, self.reader, self.window, prefix, self._vectors)

    def _vectors(self, texts: list[str]) -> np.ndarray:
        """Unit vectors, float32 (n, d), computed in batches of texts of like length."""
        order = np.argsort([len(text) for text in texts], kind="stable")
        found = []
        for start in range(0, len(order), BATCH):
            batch = self.tokenizer.encode_batch([texts[n] for n in order[start : start + BATCH]])
            inputs = {
                "input_ids": np.array([one.ids for one in batch], np.int64),
                "attention_mask": np.array([one.attention_mask for one in batch], np.int64),
            }
            found.append(self.session.run(None, inputs)[0])
        ordered = np.concatenate(found)
        vectors = np.empty_like(ordered)
        vectors[order] = ordered / np.linalg.norm(ordered, axis=1, keepdims=True)
        return vectors


@cache
def _opened(folder: Path) -> Exported:
    return _open(folder)


def _open(folder: Path) -> Exported:
    try:
        import onnxruntime
    except ImportError:
        raise MissingExtra("onnxruntime", "embed") from None
    from tokenizers import Tokenizer

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(
            str(folder / MODEL), options, providers=["CPUExecutionProvider"]
        )
        tokenizer, reader = (Tokenizer.from_file(str(folder / TOKENIZER)) for _ in range(2))
    except Exception as error:
        raise UserError(
            f"the exported model in {folder} is damaged: {first_line(error)}",
            "delete that folder; the model is exported again",
        ) from None
    reader.no_truncation()
    reader.no_padding()
    return Exported(session, tokenizer, reader)


def _is_whole(folder: Path) -> bool:
    return all((folder / file).is_file() for file in (MODEL, TOKENIZER))


def _export(name: str, revision: str, folder: Path) -> None:
    """Export a model beside `folder`, prove that it is the same, and only then put it there."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(".draft", f".{folder.name}.", folder.parent) as made:
        draft = Path(made)
        with sentence_transformers.one_thread():
            _write(name, revision, draft)
        true = sentence_transformers.encode(list(PROOF), name, revision, "").vectors
        apart = np.abs(_open(draft).encode(list(PROOF), "").vectors - true).max()
        if apart > SAME:
            raise UserError(f"the ONNX export of {name} differs from it by {apart:.1e}", REMEDY)
        _put(draft, folder)


def _put(draft: Path, folder: Path) -> None:
    """Move the files of an export, unless another process was first: its are the same.

    One by one, the model last: nothing is deleted that somebody may just have opened, and half of
    an export, of which the rest was deleted, is filled up.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for file in sorted(draft.iterdir(), key=lambda file: file.name == MODEL):
        if not _is_whole(folder):
            file.replace(folder / file.name)


def _write(name: str, revision: str, folder: Path) -> None:
    """The model and its tokenizer, which is set to cut and to pad, as files of `folder`."""
    import torch

    class Vectors(torch.nn.Module):  # type: ignore[misc]  # torch is not analysed
        """Token numbers to vectors, without dictionaries, which ONNX does not know."""

        def __init__(self, model: Any) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            features = {"input_ids": input_ids, "attention_mask": attention_mask}
            return self.model(features)["sentence_embedding"]

    model = sentence_transformers.load(name, revision)
    example = torch.ones((2, 7), dtype=torch.int64)
    axes = {0: "texts", 1: "tokens"}
    try:
        with warnings.catch_warnings():
            # The newer exporter needs one package more; this one says so each time.
            warnings.simplefilter("ignore")
            torch.onnx.export(
                Vectors(model),
                (example, example),
                str(folder / MODEL),
                input_names=["input_ids", "attention_mask"],
                output_names=["vectors"],
                dynamic_axes={"input_ids": axes, "attention_mask": axes, "vectors": {0: "texts"}},
                dynamo=False,
            )
    except Exception as error:
        raise UserError(
            f"the model {name} cannot be exported to ONNX: {first_line(error)}", REMEDY
        ) from None
    tokenizer = sentence_transformers.tokenizer_of(name, revision)
    tokenizer.enable_truncation(model.max_seq_length)
    pad = model.tokenizer.pad_token
    tokenizer.enable_padding(pad_id=model.tokenizer.pad_token_id, pad_token=pad)
    tokenizer.save(str(folder / TOKENIZER))
    tokenizer.no_truncation()
    tokenizer.no_padding()
