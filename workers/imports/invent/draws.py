"""Chances from a seed."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import TypeVar

T = TypeVar("T")


class Draws:
    """A row of chances that depends on the seed and the part of the invention alone.

    Only `random.random` and seeding are promised to stay the same in later versions of Python, so everything is made
    of those. A row of its own per part keeps one part as it was when another is changed.
    """

    def __init__(self, seed: int, part: str) -> None:
        self._random = random.Random(f"{seed}/{part}").random

    def below(self, limit: int) -> int:
        """A whole number from 0 up to, not including, the limit."""
        return int(self._random() * limit)

    def between(self, first: int, last: int) -> int:
        """A whole number from the first to the last, both included."""
        return first + self.below(last - first + 1)

    def pick(self, choices: Sequence[T]) -> T:
        """One of the choices."""
        return choices[self.below(len(choices))]

    def weighted(self, choices: Mapping[T, int]) -> T:
        """One of the choices, each as likely as its weight says."""
        at = self.below(sum(choices.values()))
        bounds = accumulate(choices.values())
        return next(choice for choice, bound in zip(choices, bounds, strict=True) if at < bound)

    def shuffled(self, items: Iterable[T]) -> list[T]:
        """The items in a drawn order."""
        return [item for _, _, item in sorted((self._random(), at, item) for at, item in enumerate(items))]

    def some(self, items: Iterable[T], count: int) -> list[T]:
        """So many of the items, or all when there are fewer, in a drawn order."""
        return self.shuffled(items)[:count]

    def distinct(self, count: int, limit: int) -> list[int]:
        """So many different whole numbers below the limit."""
        drawn: dict[int, None] = {}
        while len(drawn) < count:
            drawn.setdefault(self.below(limit))
        return list(drawn)


def part_of(total: int, share: float) -> int:
    """The whole number nearest to this share of the total."""
    return int(total * share + 0.5)
