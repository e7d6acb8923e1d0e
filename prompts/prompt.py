"""A prompt: a text file with a TOML header between `+++` lines and `{{variables}}` in the text.

    +++
    version = 1
    variables = ["topic"]
    reply = "conversation"     # prompts/replies/conversation.json, a JSON schema
    +++
    Write about {{topic}}.

Variables are `{{name}}` and not `{name}` of `str.format`, as prompts that show JSON contain braces.
"""

import hashlib
import json
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from schemas.base import Model

FOLDER = Path(__file__).parent

_HEADER = re.compile(r"\A\+\+\+\n(.*?)\n\+\+\+\n", re.DOTALL)
_VARIABLE = re.compile(r"\{\{(\w+)\}\}")


class Prompt(Model):
    """A text for a model, with the variables to fill in and the schema of the answer."""

    name: str
    """Path below `prompts/` without the ending, such as `synth/conversation`."""
    version: int
    variables: frozenset[str]
    """The names in the text that `render` must be given values for."""
    reply: str | None = None
    """Name of the JSON schema of the answer, in `prompts/replies/`; None: any text."""
    text: str
    sha256: str
    """SHA-256 (hex) of the file and its reply schema: provenance, and part of a job's identity."""

    def render(self, **values: str) -> str:
        """Fill in every variable. Values are inserted as they are, and not searched for variables.

        Raises:
            ValueError: A variable has no value, or a value has no variable.
        """
        if values.keys() != self.variables:
            missing, unknown = self.variables - values.keys(), values.keys() - self.variables
            raise ValueError(
                f"prompt {self.name}: missing {sorted(missing)}, unknown {sorted(unknown)}"
            )
        return _VARIABLE.sub(lambda variable: values[variable[1]], self.text)

    @property
    def reply_schema(self) -> dict[str, Any] | None:
        """The JSON schema of the answer; None: any text."""
        return json.loads(_reply_path(FOLDER, self.reply).read_bytes()) if self.reply else None


@cache
def load_prompt(name: str, folder: Path = FOLDER) -> Prompt:
    """Read `<folder>/<name>.md`.

    Raises:
        ValueError: There is no header, or header and text do not name the same variables.
    """
    raw = (folder / f"{name}.md").read_bytes()
    text = raw.decode("utf-8")
    header = _HEADER.match(text)
    if header is None:
        raise ValueError(f"prompt {name} does not begin with a header between +++ lines")
    body = text[header.end() :].strip()
    fields = tomllib.loads(header[1])
    declared, used = set(fields["variables"]), set(_VARIABLE.findall(body))
    if declared != used:
        raise ValueError(
            f"prompt {name}: unused {sorted(declared - used)}, undeclared {sorted(used - declared)}"
        )
    reply = fields.get("reply")
    schema = _reply_path(folder, reply).read_bytes() if reply else b""
    sha256 = hashlib.sha256(raw + schema).hexdigest()
    return Prompt(name=name, text=body, sha256=sha256, **fields)


def _reply_path(folder: Path, name: str | None) -> Path:
    return folder / "replies" / f"{name}.json"
