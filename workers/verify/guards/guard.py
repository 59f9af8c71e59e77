"""What a guard is, and how one is taken out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from workers.verify.without import Instead

DECIDING: Final = "orchestrator.deciding"
KNOWING: Final = "orchestrator.knowing"
CASE: Final = f"{DECIDING}.case:Case"


@dataclass(frozen=True)
class Guard:
    """One guard: what stands in its stead when it is out, and how that is missed."""

    out: tuple[Instead, ...]
    system: str = ""
    """The system in which a history misses it, within `k` deviations of the kinds that are named."""
    kinds: tuple[str, ...] = ()
    """See `workers.verify.deviating.kind_of`."""
    k: int = 1
    story: str = ""
    """The shipped story that misses it, where no history of few deviations does."""


def instead(name: str, by: object, *modules: str) -> tuple[Instead, ...]:
    """Something else under this name, in each module of the decisions that knows it by that name."""
    return tuple(Instead(f"{DECIDING}.{module}" if module else DECIDING, name, by) for module in modules)


def known_instead(name: str, by: object, *modules: str) -> tuple[Instead, ...]:
    """The same in modules of what is known."""
    return tuple(Instead(f"{KNOWING}.{module}", name, by) for module in modules)


def case_instead(name: str, by: Callable[..., object]) -> tuple[Instead, ...]:
    """Another method of every line before the desks."""
    return (Instead(CASE, name, by),)


def nothing(*_: object, **__: object) -> None:
    """A desk that looks at nothing."""


def yes(*_: object, **__: object) -> bool:
    """A question that is always answered so."""
    return True


def no(*_: object, **__: object) -> bool:
    """A question that is always answered so."""
    return False
