"""What a plan is made of, and what it is made from."""

from dataclasses import dataclass
from datetime import datetime

from events.base import LineId, SubjectId
from events.planning import Slot


@dataclass(frozen=True)
class Duty:
    """A duty roster, and how many of it may be in one slot."""

    roster: SubjectId
    limit: int


@dataclass(frozen=True)
class PlanLine:
    """What the plan must know of a line that is to move."""

    line: LineId
    department: str
    critical: bool = False
    booked: bool = False
    superuser: bool = False
    rosters: tuple[Duty, ...] = ()
    members: tuple[SubjectId, ...] = ()
    """Of a shared line: those whose own lines go before it."""


@dataclass(frozen=True)
class PlannedWave:
    """A wave: its lines with their first slots, in the order of slots, and the slots it keeps for later."""

    wave: SubjectId
    title: str
    opens: datetime
    lines: tuple[tuple[LineId, Slot], ...]
    slots: tuple[Slot, ...]
    batches: tuple[Slot, ...]
    per_slot: int

    @property
    def first(self) -> datetime:
        """When its first line is cut over."""
        return self.lines[0][1].start

    @property
    def last(self) -> datetime:
        """When its last first slot is over."""
        return max(slot.end for _, slot in self.lines)


@dataclass(frozen=True)
class Plan:
    """All waves, in order."""

    waves: tuple[PlannedWave, ...]
