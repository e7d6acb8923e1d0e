"""Models of sentence-transformers, computed by ONNX Runtime: torch's vectors in half of its time.

A model is exported once, which needs torch, into a folder of the cache. From then on only that
folder is read. The one file that imports onnxruntime.
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

_BATCH_SIZE = 16
"""Batches of 8 and 16 texts cost the same, of 32 a quarter more (1,500 questions, one thread)."""

_TOLERANCE = 1e-5
"""Largest difference in a coordinate between an export and its model. Usual is 2e-7."""

_TEST_TEXTS = ("", "One word.", "Where is my parcel? " * 9, "退款需要几天时间？", "a b " * 60)
"""Texts for which an export must give the vectors of its model before it is used."""

MODEL_FILE, TOKENIZER_FILE = "model.onnx", "tokenizer.json"

_USE_TORCH = 'set [embedding] engine = "torch"'


def encode(texts: list[str], name: str, revision: str, prefix: str, folder: Path) -> Encoded:
    """Unit vectors, float32 (n, d), by the export in `folder`, which is made if it is not there.

    Raises:
        UserError: the model cannot be exported, or its export is damaged;
        MissingExtra: a package is not installed.
    """
    if not _is_whole(folder):
        _export(name, revision, folder)
    return _opened(folder).encode(texts, prefix)


@dataclass(frozen=True)
class ExportedEncoder:
    """An export that is opened."""

    session: Any
    """An `onnxruntime.InferenceSession`."""
    tokenizer: Any
    """Truncates at the model's window, and pads."""
    reader: Any
    """The same tokenizer, set to neither truncate nor pad."""

    @property
    def window(self) -> int:
        """Tokens that the model reads at once."""
        return int(self.tokenizer.truncation["max_length"])

    def encode(self, texts: list[str], prefix: str) -> Encoded:
        """Unit vectors of texts of any length."""
        return encode_windows(texts, self.reader, self.window, prefix, self._vectors)

    def _vectors(self, texts: list[str]) -> np.ndarray:
        """Unit vectors, float32 (n, d), computed in batches of texts of similar length."""
        order = np.argsort([len(text) for text in texts], kind="stable")
        sorted_vectors = []
        for start in range(0, len(order), _BATCH_SIZE):
            batch = [texts[n] for n in order[start : start + _BATCH_SIZE]]
            encodings = self.tokenizer.encode_batch(batch)
            inputs = {
                "input_ids": np.array([tokens.ids for tokens in encodings], np.int64),
                "attention_mask": np.array([t.attention_mask for t in encodings], np.int64),
            }
            sorted_vectors.append(self.session.run(None, inputs)[0])
        ordered = np.concatenate(sorted_vectors)
        vectors = np.empty_like(ordered)
        vectors[order] = ordered / np.linalg.norm(ordered, axis=1, keepdims=True)
        return vectors


@cache
def _opened(folder: Path) -> ExportedEncoder:
    return _open(folder)


def _open(folder: Path) -> ExportedEncoder:
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
            str(folder / MODEL_FILE), options, providers=["CPUExecutionProvider"]
        )
        tokenizer, reader = (Tokenizer.from_file(str(folder / TOKENIZER_FILE)) for _ in range(2))
    except Exception as error:
        raise UserError(
            f"the exported model in {folder} is damaged: {first_line(error)}",
            "delete that folder; the model is exported again",
        ) from None
    reader.no_truncation()
    reader.no_padding()
    return ExportedEncoder(session, tokenizer, reader)


def _is_whole(folder: Path) -> bool:
    return all((folder / file).is_file() for file in (MODEL_FILE, TOKENIZER_FILE))


def _export(name: str, revision: str, folder: Path) -> None:
    """Export a model beside `folder`, check that it gives the same vectors, and move it there."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(".draft", f".{folder.name}.", folder.parent) as draft_folder:
        draft = Path(draft_folder)
        with sentence_transformers.one_thread():
            _write_export(name, revision, draft)
        expected = sentence_transformers.encode(list(_TEST_TEXTS), name, revision, "").vectors
        exported = _open(draft).encode(list(_TEST_TEXTS), "").vectors
        difference = np.abs(exported - expected).max()
        if difference > _TOLERANCE:
            raise UserError(
                f"the ONNX export of {name} differs from the model by {difference:.1e}", _USE_TORCH
            )
        _move_into(draft, folder)


def _move_into(draft: Path, folder: Path) -> None:
    """Move the files of an export into `folder`, unless another process has done so already.

    They are moved one by one, the model last. So no file is deleted that another process may have
    open, and an export that lost a file is completed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for file in sorted(draft.iterdir(), key=lambda file: file.name == MODEL_FILE):
        if not _is_whole(folder):
            file.replace(folder / file.name)


def _write_export(name: str, revision: str, folder: Path) -> None:
    """Write the model into `folder`, and its tokenizer, set to truncate and to pad."""
    import torch

    class Vectors(torch.nn.Module):  # type: ignore[misc]  # torch is not analysed
        """From token ids to vectors, without dictionaries, which ONNX does not have."""

        def __init__(self, model: Any) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            features = {"input_ids": input_ids, "attention_mask": attention_mask}
            return self.model(features)["sentence_embedding"]

    model = sentence_transformers.sentence_transformer(name, revision)
    example = torch.ones((2, 7), dtype=torch.int64)
    axes = {0: "texts", 1: "tokens"}
    try:
        with warnings.catch_warnings():
            # The newer exporter needs one more package; this one warns about that each time.
            warnings.simplefilter("ignore")
            torch.onnx.export(
                Vectors(model),
                (example, example),
                str(folder / MODEL_FILE),
                input_names=["input_ids", "attention_mask"],
                output_names=["vectors"],
                dynamic_axes={"input_ids": axes, "attention_mask": axes, "vectors": {0: "texts"}},
                dynamo=False,
            )
    except Exception as error:
        raise UserError(
            f"the model {name} cannot be exported to ONNX: {first_line(error)}", _USE_TORCH
        ) from None
    tokenizer = sentence_transformers.tokenizer_of(name, revision)
    tokenizer.enable_truncation(model.max_seq_length)
    pad = model.tokenizer.pad_token
    tokenizer.enable_padding(pad_id=model.tokenizer.pad_token_id, pad_token=pad)
    tokenizer.save(str(folder / TOKENIZER_FILE))
    tokenizer.no_truncation()
    tokenizer.no_padding()
