"""A domain pack: what the conversations of a domain are about, who has them, and how.

Variety comes from the pack and not from sampling: of 50 samples of one prompt most are alike
(arXiv 2510.22954), and the newest models accept no temperature at all. Topics from a tree cover the
domain by construction (GLAN, 2402.13064); further axes, such as the mood of the user, multiply them
(AttrPrompt, 2306.15895).
"""

import difflib
import hashlib
import itertools
import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationError, field_validator, model_validator

from prompts.prompt import FOLDER
from schemas.base import Model
from schemas.errors import UserError

Weight = Annotated[int, Field(ge=1, le=100)]


def _equal_weights(values: Any) -> Any:
    return dict.fromkeys(map(str, values), 1) if isinstance(values, list) else values


Axis = Annotated[dict[str, Weight], BeforeValidator(_equal_weights), Field(min_length=1)]


class Pack(Model):
    """One domain, as described by a TOML file."""

    title: str
    """What a prompt calls the domain."""
    languages: tuple[str, ...] = Field(min_length=1)
    """ISO 639-1 codes to write in if the user names none."""
    system: tuple[str, ...] = ()
    """System messages; half of the conversations begin with one."""
    topics: Annotated[dict[tuple[str, ...], Weight], Field(min_length=1)]
    """Leaves of the topic tree, as paths, with how often each is drawn per round."""
    axes: dict[str, Axis]
    """Name of an axis -> value -> weight. `persona` and `turns` (exchanges) are required."""
    forbid: tuple[dict[str, str], ...] = ()
    """Combinations of values that are never drawn together."""
    sha256: str = ""
    """SHA-256 (hex) of the file."""

    @field_validator("topics", mode="before")
    @classmethod
    def _leaves(cls, tree: Any) -> Any:
        return dict(_walk(tree, ()))

    @model_validator(mode="after")
    def _axes_fit(self) -> "Pack":
        for needed in ("persona", "turns"):
            if needed not in self.axes:
                raise ValueError(f"axes has no {needed}")
        if not all(value.isdecimal() and int(value) > 0 for value in self.axes["turns"]):
            raise ValueError("axes.turns must be numbers of exchanges, such as {1 = 5, 3 = 2}")
        for rule in self.forbid:
            for axis, value in rule.items():
                if value not in self.axes.get(axis, {}):
                    raise ValueError(f"forbid names {axis} = {value!r}, which no axis has")
        if not self.forbid:
            return self
        named = sorted({axis for rule in self.forbid for axis in rule})
        draws = itertools.product(*(self.axes[axis] for axis in named))
        if all(self.forbids(dict(zip(named, draw, strict=True))) for draw in draws):
            raise ValueError("forbid leaves nothing to draw")
        return self

    def forbids(self, drawn: dict[str, str]) -> bool:
        """Whether these values (axis -> value) must not be combined."""
        return any(rule.items() <= drawn.items() for rule in self.forbid)


def _walk(tree: dict[str, Any], path: tuple[str, ...]) -> list[tuple[tuple[str, ...], Any]]:
    """The leaves below `path`, each with its whole path and its weight."""
    leaves: list[tuple[tuple[str, ...], Any]] = []
    for name, node in tree.items():
        here = (*path, name)
        leaves += _walk(node, here) if isinstance(node, dict) else [(here, node)]
    return leaves


def load_pack(domain: str, workspace: Path) -> Pack:
    """Read the pack of a domain: `<workspace>/packs/<domain>.toml`, or else the one that ships.

    Raises:
        UserError: There is no such pack, or the file is not valid.
    """
    files = {path.stem: path for path in sorted((FOLDER / "packs").glob("*.toml"))}
    files |= {path.stem: path for path in sorted((workspace / "packs").glob("*.toml"))}
    if domain not in files:
        near = difflib.get_close_matches(domain, files, n=3, cutoff=0.4) or sorted(files)
        raise UserError(
            f"there is no pack for the domain {domain!r}",
            f"use one of: {', '.join(near)}; or write packs/{domain}.toml in the workspace",
        )
    raw = files[domain].read_bytes()
    try:
        fields = tomllib.loads(raw.decode("utf-8"))
        return Pack(**fields, sha256=hashlib.sha256(raw).hexdigest())
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        problem = f"{where}: {first['msg']}"
    except (ValueError, TypeError, AttributeError) as error:
        problem = str(error)
    raise UserError(
        f"{files[domain]} is not a valid pack: {problem}",
        "compare it with prompts/packs/support.toml, which ships with curate",
    )


@cache
def _names() -> dict[str, str]:
    return {
        str(k): str(v) for k, v in tomllib.loads((FOLDER / "languages.toml").read_text()).items()
    }


@cache
def _codes() -> dict[str, str]:
    return {english.casefold(): code for code, english in _names().items()}


def language_code(name: str) -> str | None:
    """The ISO 639-1 code of a language by its English name, in any case; None if not known."""
    return _codes().get(name.strip().casefold())


def language_name(code: str) -> str:
    """How a prompt names a language; one without a name in our list is named by its code."""
    return _names().get(code, f"the language with the ISO 639-1 code {code}")
