"""Working days and slots, and what is taken of them while a plan is made."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from math import ceil
from typing import Final

from events.base import SubjectId, subject_of
from events.planning import Slot
from orchestrator.planning.grouping import Group
from orchestrator.planning.shapes import PlanLine, PlannedWave
from orchestrator.terms import Terms

LEAD_DAYS: Final = 25
"""Working days between a wave's opening and its first cut-over: answers and first possible dates take that long."""
CATCH_UP_DAYS: Final = 40
"""Working days after a wave's last one on which it has slots to hand out again."""
STARTS: Final = (time(9), time(11), time(13), time(15))
"""When slots on call begin, in the programme's zone."""
BATCH: Final = time(20)
SLOT: Final = timedelta(hours=2)


@dataclass
class Agenda:
    """Working days and what is taken on them while a plan is made."""

    starts: datetime
    terms: Terms
    per_day: int
    days: list[date] = field(default_factory=list)
    taken: Counter[datetime] = field(default_factory=Counter)
    on_day: Counter[int] = field(default_factory=Counter)
    duties: Counter[tuple[SubjectId, datetime]] = field(default_factory=Counter)
    ends: dict[SubjectId, datetime] = field(default_factory=dict)
    """When each holder's last slot is over."""

    def wave(self, name: SubjectId, group: Group, since: int) -> PlannedWave:
        """The group with slots from this working day on."""
        lines = sorted(
            ((line.line, self._place(line, since)) for line in group.lines), key=lambda pair: (pair[1].start, pair[0])
        )
        opens, last = self.day_of(lines[0][1].start) - LEAD_DAYS, self.day_of(lines[-1][1].start)
        later = range(last + 1, last + 1 + CATCH_UP_DAYS)
        return PlannedWave(
            wave=name,
            title=group.title,
            opens=max(self.starts, self._at(opens, self.starts.astimezone(self.terms.zone).time())),
            lines=tuple(lines),
            slots=tuple(slot for day in later for slot in self._slots(day)),
            batches=tuple(self._batch(day) for day in later),
            per_slot=max(1, self._per_slot // len(STARTS)),
        )

    def open_days(self, days: int) -> tuple[tuple[Slot, ...], tuple[Slot, ...]]:
        """All slots on call, and all batches, of the first so many working days."""
        slots = tuple(slot for day in range(days) for slot in self._slots(day))
        return slots, tuple(self._batch(day) for day in range(days))

    def day_of(self, at: datetime) -> int:
        """Which working day this is, the first being 0."""
        day = at.astimezone(self.terms.zone).date()
        while not self.days or self.days[-1] < day:
            self._day(len(self.days))
        return self.days.index(day)

    @property
    def _per_slot(self) -> int:
        return ceil(self.per_day / len(STARTS))

    def _place(self, line: PlanLine, since: int) -> Slot:
        """The first slot that has room, spares the rosters, and comes after the members of a shared line."""
        after = max((self.ends[member] for member in line.members if member in self.ends), default=self.starts)
        day = since
        while (slot := self._fit(line, day, after)) is None:
            day += 1
        self.taken[slot.start] += 1
        self.on_day[day] += 1
        self.duties.update((duty.roster, slot.start) for duty in line.rosters)
        holder = subject_of(line.line)
        self.ends[holder] = max(slot.end, self.ends.get(holder, slot.end))
        return slot

    def _fit(self, line: PlanLine, day: int, after: datetime) -> Slot | None:
        if self.on_day[day] >= self.per_day:
            return None
        most = self.per_day if line.booked else self._per_slot
        for slot in (self._batch(day),) if line.booked else self._slots(day):
            spared = all(self.duties[duty.roster, slot.start] < duty.limit for duty in line.rosters)
            if slot.start >= after and self.taken[slot.start] < most and spared:
                return slot
        return None

    def _slots(self, day: int) -> tuple[Slot, ...]:
        return tuple(_slot(self._at(day, start)) for start in STARTS)

    def _batch(self, day: int) -> Slot:
        return _slot(self._at(day, BATCH))

    def _at(self, day: int, local: time) -> datetime:
        return datetime.combine(self._day(day), local, self.terms.zone).astimezone(UTC)

    def _day(self, number: int) -> date:
        while len(self.days) <= number:
            day = self.days[-1] + timedelta(days=1) if self.days else self.starts.astimezone(self.terms.zone).date()
            while not self.terms.is_working(day):
                day += timedelta(days=1)
            self.days.append(day)
        return self.days[number]


def _slot(start: datetime) -> Slot:
    return Slot(start=start, end=start + SLOT)
