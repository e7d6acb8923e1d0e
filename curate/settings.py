"""Reading `curate.toml` into one frozen `Settings`, and writing a commented `curate.toml`.

The docstring of a field is its comment in the file, so comments, validation and documents agree.
"""

import difflib
import json
import tomllib
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError
from pydantic_core import ErrorDetails

from pipeline.curation.recipe import Recipe
from pipeline.curation.run_stages import Curation
from pipeline.curation.splits import SplitSettings
from pipeline.features import Features
from pipeline.readers.reading import ReadSettings
from pipeline.synthesis.settings import SynthSettings
from review.settings import ReviewSettings
from schemas.base import Model
from schemas.errors import UserError
from train.settings import ExportSettings, TrainSettings

FILE = "curate.toml"


class Settings(Model):
    """Everything that can be set in `curate.toml`. Everything has a default."""

    ingest: ReadSettings = Field(default_factory=ReadSettings)
    features: Features = Field(default_factory=Features)
    recipe: Recipe = Field(default_factory=Recipe)
    splits: SplitSettings = Field(default_factory=SplitSettings)
    synth: SynthSettings = Field(default_factory=SynthSettings)
    review: ReviewSettings = Field(default_factory=ReviewSettings)
    train: TrainSettings = Field(default_factory=TrainSettings)
    export: ExportSettings = Field(default_factory=ExportSettings)

    @property
    def curation(self) -> Curation:
        """The part that decides what is kept."""
        return Curation(features=self.features, recipe=self.recipe)


GROUPS: dict[str, type[Model]] = {"features": Features, "recipe": Recipe}
"""Fields of `Settings` whose own fields are tables of the file."""


def settings_tables() -> dict[str, type[Model]]:
    """Every table of `curate.toml`, in order, with the model behind it."""
    tables: dict[str, type[Model]] = {}
    for name, field in Settings.model_fields.items():
        group = GROUPS.get(name)
        fields = group.model_fields if group else {name: field}
        tables |= {table: _model_of(inner.annotation) for table, inner in fields.items()}
    return tables


def load_settings(path: Path) -> Settings:
    """Read a settings file.

    Raises:
        UserError: it is missing, is not valid TOML, or has a wrong key or value; with the line.
    """
    try:
        text = path.read_text("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        raise UserError(
            f"there is no {path.name} in {path.parent.resolve()}",
            "make a workspace with `curate init DIR`, or name an existing one with -C DIR",
        ) from None
    except UnicodeDecodeError:
        raise UserError(f"{path.name} is not UTF-8", "save it as UTF-8") from None
    return parse_settings(text, path.name)


def parse_settings(text: str, name: str) -> Settings:
    """The settings in a text; `name` is what messages call it. Raises as `load_settings`."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{name} is not valid TOML: {error}", "correct that line") from None
    grouped: dict[str, Any] = {}
    for table, value in data.items():
        if table in GROUPS:
            raise UserError(
                f"{name}:{_line(text, table, None)}: there is no table [{table}]",
                f"use one of: {', '.join(settings_tables())}",
            )
        group = next((g for g, model in GROUPS.items() if table in model.model_fields), None)
        (grouped.setdefault(group, {}) if group else grouped)[table] = value
    try:
        return Settings.model_validate(grouped)
    except ValidationError as error:
        raise _user_error(name, text, error.errors()[0]) from None


def settings_text(chosen: dict[str, dict[str, Any]]) -> str:
    """The text of a `curate.toml`: every setting with a comment; those in `chosen` are set."""
    lines = [
        "# All settings of curate, with their defaults. To change one, remove the # before it."
    ]
    for table, model in settings_tables().items():
        lines += ["", "", *_comment(model.__doc__ or ""), f"[{table}]"]
        for key, field in model.model_fields.items():
            default = field.get_default(call_default_factory=True)
            value = chosen.get(table, {}).get(key, default)
            comment = "" if key in chosen.get(table, {}) else "# "
            lines += ["", *_comment(field.description or ""), f"{comment}{key} = {_toml(value)}"]
    return "\n".join(lines) + "\n"


def _comment(text: str) -> list[str]:
    return [f"# {line.strip()}".rstrip() for line in text.strip().splitlines()]


def _toml(value: Any) -> str:
    """A TOML value. TOML has none for None, which is only written after a #."""
    if value is None:
        return "(not set)"
    if isinstance(value, dict):
        inside = ", ".join(f"{json.dumps(key)} = {_toml(item)}" for key, item in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)


def _model_of(annotation: Any) -> type[Model]:
    assert isinstance(annotation, type)
    assert issubclass(annotation, Model)
    return annotation


def _user_error(file: str, text: str, error: ErrorDetails) -> UserError:
    path = [str(part) for part in error["loc"]]
    if path[0] in GROUPS:
        path = path[1:]
    table, key = path[0], path[1] if len(path) > 1 else None
    place = f"{file}:{_line(text, table, key)}"
    if error["type"] != "extra_forbidden":
        where = f"[{table}] {key}" if key else f"[{table}]"
        message = error["msg"].removeprefix("Value error, ")
        return UserError(f"{place}: {where}: {message}", "correct that line")
    names = list(settings_tables()[table].model_fields) if key else list(settings_tables())
    wrong = key or table
    near = difflib.get_close_matches(wrong, names, n=1)
    problem = f'[{table}] has no key "{key}"' if key else f"there is no table [{table}]"
    remedy = f'did you mean "{near[0]}"?' if near else f"use one of: {', '.join(names)}"
    return UserError(f"{place}: {problem}", remedy)


def _line(text: str, table: str, key: str | None) -> int:
    """The number of the line with a table, or with a key of it."""
    header, inside = 1, False
    for number, line in enumerate(text.splitlines(), 1):
        code = line.split("#")[0].strip()
        if code.startswith("["):
            inside = code.strip("[] ") == table
            header = number if inside else header
        elif inside and key and code.split("=")[0].strip() == key:
            return number
    return header
