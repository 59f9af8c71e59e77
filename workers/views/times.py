"""Times and ages as people read them: in the programme's zone, in the chosen language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from events.planning import Slot
from workers.runtime.dates import shown
from workers.runtime.language import _, n_

_DAY: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)
_WEEK: Final = 7
_MINUTE: Final = timedelta(minutes=1)


def moment(at: datetime, *, now: datetime | None = None) -> str:
    """Day and minute, as `Fri 19 Feb 14:00`; with the year where `now` is in another."""
    return full(at) if another_year([at], now) else shown(at, "EEE d MMM HH:mm")


def another_year(times: Iterable[datetime], now: datetime | None) -> bool:
    """Whether one of these is in another year than now."""
    return now is not None and any(shown(at, "y") != shown(now, "y") for at in times)


def full(at: datetime) -> str:
    """With the year, as `Fri 19 Feb 2027 14:00`."""
    return shown(at, "EEE d MMM y HH:mm")


def exact(at: datetime, *, year: bool = False) -> str:
    """With seconds and without the day's name, for columns: `19 Feb 14:00:05`, or `19 Feb 2027 14:00:05`."""
    return shown(at, "dd MMM y HH:mm:ss" if year else "dd MMM HH:mm:ss")


def day(at: datetime) -> str:
    """The day alone, as `19 Feb 2027`."""
    return shown(at, "d MMM y")


def clock_told(now: datetime, *, past: bool = False) -> str:
    """Which time it is by the programme's clock, or which moment is looked back to."""
    text = _("As it was on {at}, by the programme's clock.") if past else _("By the programme's clock it is {at}.")
    return text.format(at=full(now))


def span(slot: Slot, *, now: datetime | None = None) -> str:
    """A slot, as `Fri 19 Feb 14:00–16:00`; with the year where `now` is in another."""
    return f"{moment(slot.start, now=now)}–{shown(slot.end, 'HH:mm')}"


def age(elapsed: timedelta) -> str:
    """How long, in its two largest units that matter: `3 days 4 h`, `4 h 10 min`, `10 min`."""
    elapsed = max(elapsed, timedelta(0))
    days, rest = divmod(elapsed, _DAY)
    hours, rest = divmod(rest, _HOUR)
    minutes = rest // _MINUTE
    if days:
        many = n_("{number} day", "{number} days", days)
        return many if days >= _WEEK or not hours else _("{days} {hours} h").format(days=many, hours=hours)
    if hours and not minutes:
        return _("{hours} h").format(hours=hours)
    if hours:
        return _("{hours} h {minutes} min").format(hours=hours, minutes=minutes)
    return _("{minutes} min").format(minutes=minutes)
