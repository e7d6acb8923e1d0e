"""Each file in `train/backends` can stand in for any other."""

import importlib
import inspect
from pathlib import Path

import pytest

from train import backends
from train.backends import Backend

FILES = sorted(path.stem for path in Path(backends.__file__).parent.glob("[!_]*.py"))


@pytest.mark.parametrize("name", FILES)
def test_a_backend_offers_the_interface(name: str) -> None:
    backend = importlib.import_module(f"train.backends.{name}")
    expected = inspect.signature(Backend.train_adapter).parameters
    offered = inspect.signature(backend.train_adapter).parameters
    assert list(offered) == [parameter for parameter in expected if parameter != "self"]
