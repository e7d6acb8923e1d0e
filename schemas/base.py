"""The base of every shape: frozen, strict about unknown keys, documented under each field."""

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload

from pydantic import BaseModel, ConfigDict

T = TypeVar("T")


class lazy(Generic[T]):
    """A value that is computed when it is first asked for, and then stands in the instance.

    `functools.cached_property` takes a lock in Python 3.11, which costs a microsecond a value.
    """

    def __init__(self, compute: Callable[[Any], T]) -> None:
        self._compute = compute
        self.__doc__ = compute.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object, owner: type) -> Self | T:
        if instance is None:  # asked of the class, as `inspect` and `help` do
            return self
        value: T = self._compute(instance)
        instance.__dict__[self._name] = value
        return value


class Model(BaseModel):
    """A frozen value whose field docstrings are its manual."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, ignored_types=(lazy,)
    )
