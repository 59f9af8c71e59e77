"""A line's turn: its wave and slot, and whether the person will be there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from events.base import SubjectId
from events.planning import Slot


@dataclass(frozen=True)
class YesOrNo:
    """A yes or a no, and when it was true. Of two about the same the later one counts; at the same instant the no."""

    at: datetime
    yes: bool

    def outdone_by(self, other: "YesOrNo") -> bool:
        """Whether the other one counts instead of this."""
        return (other.at, not other.yes) > (self.at, not self.yes)


@dataclass(frozen=True)
class Plan:
    """When it is the line's turn, and whether the person will be there."""

    wave: SubjectId | None = None
    slot: Slot | None = None
    first: datetime | None = None  # the start of the earliest slot that it ever had
    planned_at: datetime | None = None
    answers: Mapping[datetime, YesOrNo] = field(default_factory=dict)  # by the start of the slot
    not_before: datetime | None = None
    not_before_at: datetime | None = None
    missed: int = 0
    missed_start: datetime | None = None
    asks: int = 0
    asked_for: datetime | None = None  # the start of the slot that was given up for another
    asked_at: datetime | None = None
    asked_until: datetime | None = None  # by when the other slot had to be over
    wave_state: str = ""
    wave_change: int = -1

    def confirms(self, start: datetime) -> bool:
        """Whether the person agreed to the slot that starts then."""
        said = self.answers.get(start)
        return said is not None and said.yes

    def declines(self, start: datetime) -> bool:
        """Whether the person cannot make the slot that starts then."""
        said = self.answers.get(start)
        return said is not None and not said.yes
