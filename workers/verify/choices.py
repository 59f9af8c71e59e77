"""Chances that are not drawn: what usually happens does, and one draw of a step may come out otherwise."""

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from workers.world.chances import Chances

USUAL: Final = 0.5
"""What happens more often than not is what happens, unless it is chosen otherwise."""
NEARLY: Final = 1 - 2**-30
"""The upper end of a half-open span."""
OTHERWISE: Final = {"leaver": (0.0, 0.8, 0.95)}
"""Draws that settle more than one of two ways: one value for each way, the usual one first."""
WITHOUT_EFFECT: Final = frozenset({"code", "attach", "insert", "put-back", "slot-answer", "task", "old-kit", "new-kit"})
"""Draws that are always the usual one: how soon a thing happens, where what comes late is a deviation of its own."""


class Drawn(NamedTuple):
    """A draw that was made in a step, and in how many ways it may come out, the usual one counted."""

    what: str
    ways: int


@dataclass(frozen=True, slots=True)
class Choices(Chances):
    """What a line's world goes by in one step. `chosen` is the draw, counted from 0, that comes out in way `way`."""

    chosen: int = -1
    way: int = 1
    drawn: list[Drawn] = field(default_factory=list)

    def draw(self, line: str, step: str, attempt: str = "") -> float:  # noqa: ARG002 - as `Chances` has it
        """A number in [0, 1): the lowest, or for the draw that is chosen one of the others."""
        values = OTHERWISE.get(step, (0.0, NEARLY))
        return values[self._way(step, len(values))]

    def hits(self, share: float, line: str, step: str, attempt: str = "") -> bool:  # noqa: ARG002 - as above
        """Whether it happens: what is usual, or for the draw that is chosen the other."""
        if share <= 0 or share >= 1:
            return share >= 1
        return (share >= USUAL) != bool(self._way(step, 2))

    def between(self, low: float, high: float, line: str, step: str, attempt: str = "") -> float:  # noqa: ARG002 - as above
        """A number in [low, high): the lowest, or for the draw that is chosen nearly the highest."""
        return low if low >= high else low + (high - low) * NEARLY * bool(self._way(step, 2))

    def _way(self, step: str, ways: int) -> int:
        """Which way this draw goes, noted among those that were made."""
        here = len(self.drawn)
        self.drawn.append(Drawn(step, ways))
        return self.way if here == self.chosen else 0
