"""How torch, transformers and their kin are loaded: without chatter, and by name if missing."""

import importlib.util
import logging
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from schemas.errors import MissingExtra


def require_packages(packages: Iterable[str]) -> None:
    """Check that packages of the `train` extra are installed, without importing them.

    Raises:
        MissingExtra: names the first that is missing.
    """
    for package in packages:
        if importlib.util.find_spec(package) is None:
            raise MissingExtra(package, "train")


def import_transformers() -> Any:
    """The transformers module with its log messages and progress bars turned off.

    Raises:
        MissingExtra: it is not installed.
    """
    require_packages(["transformers"])
    import transformers

    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    return transformers


@contextmanager
def quiet_libraries() -> Iterator[None]:
    """Hide warnings that are meant for developers of these libraries, not for our users.

    We support a wide range of versions on purpose, so deprecations are expected. And on a CPU
    bitsandbytes logs that it did not find a faster kernel.
    """
    logger = logging.getLogger("bitsandbytes")
    level_before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            warnings.simplefilter("ignore", FutureWarning)
            yield
    finally:
        logger.setLevel(level_before)
