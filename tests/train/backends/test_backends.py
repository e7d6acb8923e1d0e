"""Each file in `train/backends` can stand in for any other."""

import importlib
import inspect
from pathlib import Path

import pytest

from train import backends
from train.backends import Backend, trl

FILES = sorted(path.stem for path in Path(backends.__file__).parent.glob("[!_]*.py"))


@pytest.mark.parametrize("name", FILES)
def test_a_backend_offers_the_interface(name: str) -> None:
    backend = importlib.import_module(f"train.backends.{name}")
    expected = inspect.signature(Backend.train_adapter).parameters
    offered = inspect.signature(backend.train_adapter).parameters
    assert list(offered) == [parameter for parameter in expected if parameter != "self"]


@pytest.mark.parametrize(
    ("on_gpu", "cpu", "dtype"),
    [
        (True, "AVX2", "bfloat16"),
        (False, "AVX512", "bfloat16"),
        (False, "AVX2", "float32"),
        (False, "DEFAULT", "float32"),
    ],
)
def test_a_cpu_without_kernels_for_bf16_computes_in_32_bits(
    monkeypatch: pytest.MonkeyPatch, on_gpu: bool, cpu: str, dtype: str
) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: on_gpu)
    monkeypatch.setattr("torch.backends.cpu.get_cpu_capability", lambda: cpu)
    assert str(trl.compute_dtype()) == f"torch.{dtype}"
