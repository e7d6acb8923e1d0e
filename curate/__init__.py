"""curate: from raw conversations to a chat model of your own, with every row accounted for.

    import curate

    ws = curate.init("my-bot", languages=["en", "de"])   # or curate.open("my-bot")
    ws.ingest("chats.jsonl")
    c = ws.curated()
    c.kept                              # a Polars frame; c.to_dataset() for `datasets`
    c.dropped("near_duplicate")         # dropped for one reason, with the record they repeat
    print(c.explain("3f9a"))            # the history of a record; the start of its id is enough
    ws.report("report.html")

    curate.check("chats.csv")                       # what is in a file; needs no workspace
    curate.deduplicate(texts, threshold=0.92)       # which texts repeat which, and how closely

Every error is one of these, with one sentence and, in `remedy`, what to do about it:

    CurateError
    ├── UserError         the input or the settings must change (exit code 2 of the command line)
    │   └── MissingExtra  a package is not installed; names the extra to install
    └── Finding           everything worked, but a check failed (exit code 1)

Importing curate loads only the standard library; the rest is imported when it is first used.
"""

import importlib
import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from curate.checking import Checked
    from curate.checking import check_files as check
    from curate.curated_set import CuratedSet
    from curate.deduplication import Deduplicated, deduplicate
    from curate.new_workspace import make_workspace as init
    from curate.report.life import Life
    from curate.workspace import Workspace
    from curate.workspace import open_workspace as open
    from schemas.errors import CurateError, Finding, MissingExtra, UserError
    from schemas.message import Message
    from schemas.record import Record

__version__ = "0.1.0"

__all__ = [
    "Checked",
    "CurateError",
    "CuratedSet",
    "Deduplicated",
    "Finding",
    "Life",
    "Message",
    "MissingExtra",
    "Record",
    "UserError",
    "Workspace",
    "check",
    "deduplicate",
    "init",
    "open",
]

_HOMES = {
    "Checked": ("curate.checking", "Checked"),
    "CurateError": ("schemas.errors", "CurateError"),
    "CuratedSet": ("curate.curated_set", "CuratedSet"),
    "Deduplicated": ("curate.deduplication", "Deduplicated"),
    "Finding": ("schemas.errors", "Finding"),
    "Life": ("curate.report.life", "Life"),
    "Message": ("schemas.message", "Message"),
    "MissingExtra": ("schemas.errors", "MissingExtra"),
    "Record": ("schemas.record", "Record"),
    "UserError": ("schemas.errors", "UserError"),
    "Workspace": ("curate.workspace", "Workspace"),
    "check": ("curate.checking", "check_files"),
    "deduplicate": ("curate.deduplication", "deduplicate"),
    "init": ("curate.new_workspace", "make_workspace"),
    "open": ("curate.workspace", "open_workspace"),
}
"""Where each name of `__all__` lives; a test holds the two and the imports above together."""

SIBLING_PACKAGES = ("schemas", "prompts", "pipeline", "review", "train")
"""The other packages of curate, which are installed beside this one."""


def __getattr__(name: str) -> Any:
    """Import a name of `__all__` when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module 'curate' has no attribute {name!r}")
    module, attribute = _HOMES[name]
    value = getattr(importlib.import_module(module), attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """The public names, imported or not, for tab completion."""
    return sorted({*globals(), *__all__})


def _refuse_shadowed_packages() -> None:
    """Refuse to run when another distribution, or a file beside a notebook, hides our packages.

    Something else may be called `schemas` or `train`, and its code would run in place of ours.
    """
    home = Path(__file__).parent.parent
    for package in SIBLING_PACKAGES:
        spec = importlib.util.find_spec(package)
        place = Path(spec.origin) if spec and spec.origin else None
        if place is None or place.parent.parent != home:
            where = place or "nothing"
            message = f"{where} is imported in place of curate's own package {package!r}"
            remedy = (
                "rename that file, or install curate in an environment of its own"
                " (uv tool install, pipx)"
            )
            if Path(sys.argv[0]).stem == "curate":  # the command line shows no traceback
                sys.stderr.write(f"error: {message}\n help: {remedy}\n")
                sys.exit(2)
            raise ImportError(f"{message}: {remedy}")


_refuse_shadowed_packages()
