"""Working hours in the Netherlands: when providers answer, carriers deliver and people read their mail."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

AMSTERDAM: Final = ZoneInfo("Europe/Amsterdam")
OPENS: Final = time(8)
CLOSES: Final = time(18)
DAY: Final = timedelta(days=1)
SATURDAY: Final = 5


def next_hour(at: datetime) -> datetime:
    """The whole hour at or after this time, so that a rehearsal's clock needs few steps."""
    whole = at.replace(minute=0, second=0, microsecond=0)
    return whole if whole == at else whole + timedelta(hours=1)


def next_minute(at: datetime) -> datetime:
    """The whole minute at or after this time: the grain of what happens inside a cut-over."""
    whole = at.replace(second=0, microsecond=0)
    return whole if whole == at else whole + timedelta(minutes=1)


def local_midnight(day: date) -> datetime:
    """The beginning of this day in the Netherlands, in UTC."""
    return datetime.combine(day, time(), tzinfo=AMSTERDAM).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """Monday to Friday from 08:00 to 18:00, Europe/Amsterdam, without these holidays."""

    holidays: frozenset[date]

    def works_on(self, day: date) -> bool:
        """Whether this is a working day."""
        return day.weekday() < SATURDAY and day not in self.holidays

    def open_at(self, at: datetime) -> bool:
        """Whether people are at work at this time."""
        local = at.astimezone(AMSTERDAM)
        return self.works_on(local.date()) and OPENS <= local.time() < CLOSES

    def after(self, at: datetime, hours: float) -> datetime:
        """When so many working hours have passed, at a whole hour, in UTC."""
        left = timedelta(hours=hours)
        local = at.astimezone(AMSTERDAM).replace(tzinfo=None)
        while True:
            opens, closes = datetime.combine(local, OPENS), datetime.combine(local, CLOSES)
            begins = max(local, opens)
            if self.works_on(local.date()) and begins < closes:
                if left <= closes - begins:
                    return next_hour((begins + left).replace(tzinfo=AMSTERDAM).astimezone(UTC))
                left -= closes - begins
            local = opens + DAY - timedelta(hours=OPENS.hour)

    def day_after(self, at: datetime, days: int, hour: int) -> datetime:
        """This hour of the working day that comes so many working days after the day of `at`, in UTC."""
        day = at.astimezone(AMSTERDAM).date()
        left = days
        while left > 0 or not self.works_on(day):
            day += DAY
            left -= self.works_on(day)
        return datetime.combine(day, time(hour), tzinfo=AMSTERDAM).astimezone(UTC)
