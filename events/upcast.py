"""Old versions of a message become the next version, one pure step each, before anybody reads them."""

from collections.abc import Callable, Mapping
from typing import Any, Final

Step = Callable[[Mapping[str, Any]], tuple[str, dict[str, Any]]]
"""From the data of an old version to the next version's type and data."""

STEPS: Final[dict[str, Step]] = {}
"""By the type that is no longer said. Empty while every type is at its first version."""


def to_newest(type_: str, data: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The type and data as today's code knows them."""
    while step := STEPS.get(type_):
        type_, data = step(data)
    return type_, data
