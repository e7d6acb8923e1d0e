"""The base of every shape: frozen, strict about unknown keys, documented under each field."""

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """A frozen value whose field docstrings are its manual."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
