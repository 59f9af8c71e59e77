"""Code with a guard taken out, for as long as it is tried whether anything misses it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any, NamedTuple


class Instead(NamedTuple):
    """What stands in the stead of a name for a while."""

    where: str
    """A module or, after a colon, a class in it."""
    name: str
    value: object


@contextmanager
def standing(instead: Iterable[Instead]) -> Iterator[None]:
    """For as long as this lasts, these names of the running code stand for something else, in this process alone."""
    changes = [(_owner(one.where), one) for one in instead]
    before = [(owner, one.name, getattr(owner, one.name)) for owner, one in changes]
    try:
        for owner, one in changes:
            setattr(owner, one.name, one.value)
        yield
    finally:
        for owner, name, value in before:
            setattr(owner, name, value)


def _owner(where: str) -> Any:  # noqa: ANN401 - a module or a class
    module, _, name = where.partition(":")
    found = import_module(module)
    return getattr(found, name) if name else found
