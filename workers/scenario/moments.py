"""When something happens, as a story says it: a date and time in the Netherlands, or so long after the step before."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final

from events.planning import Slot
from orchestrator.terms import Terms
from workers.runtime import dates
from workers.runtime.language import marked
from workers.runtime.terms import ZONE

EXPECTED: Final = marked(
    "a time such as 2026-12-01 09:00 (Europe/Amsterdam), '+2 hours', '+3 days', '3 working days later', "
    "'slot start', 'slot end' or 'slot start - 30 minutes'"
)
EXPECTED_LENGTH: Final = marked("a length of time such as '30 minutes', '2 hours', '3 days' or '1 week'")
UNITS: Final = {
    "m": timedelta(minutes=1),
    "min": timedelta(minutes=1),
    "minute": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "hour": timedelta(hours=1),
    "d": timedelta(days=1),
    "day": timedelta(days=1),
    "w": timedelta(weeks=1),
    "week": timedelta(weeks=1),
}
_ABSOLUTE: Final = re.compile(r"^\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2})?)?$")
_LENGTH: Final = re.compile(r"^(\d+)\s*(minute|min|m|hour|h|day|d|week|w)s?$")
_WORKING: Final = re.compile(r"^\+?\s*(\d+) working days?( later)?$")
_SLOT: Final = re.compile(r"^slot (start|end)(?:\s*([+-])\s*(.+))?$")


class UnableToReadMomentError(ValueError):
    """The text is no time that a story can say."""


def absolute(value: object) -> bool:
    """Whether this is a date, with or without a time."""
    return isinstance(value, date) or (isinstance(value, str) and _ABSOLUTE.match(value.strip()) is not None)


def local(value: object) -> datetime:
    """A date and time in the Netherlands, as UTC. Of an hour that comes twice it is the later one (`S50.yaml`)."""
    if not absolute(value):
        raise UnableToReadMomentError(str(value))
    try:
        naive = datetime.fromisoformat(str(value).strip())
    except ValueError:
        raise UnableToReadMomentError(str(value)) from None
    return naive.replace(tzinfo=ZONE, fold=1).astimezone(UTC)


def length(value: object) -> timedelta:
    """A length of elapsed time."""
    found = _LENGTH.match(str(value).strip())
    if found is None:
        raise UnableToReadMomentError(str(value))
    return int(found[1]) * UNITS[found[2]]


def moment(value: object, *, now: datetime, slot: Slot | None, terms: Terms) -> datetime:
    """The time that is meant, seen from `now` and this slot, in UTC."""
    text = str(value).strip()
    if absolute(value):
        return local(value)
    if found := _WORKING.match(text):
        return terms.working_days_after(now, int(found[1]))
    if found := _SLOT.match(text):
        if slot is None:
            raise UnableToReadMomentError(text)
        base = slot.start if found[1] == "start" else slot.end
        by = length(found[3]) if found[3] else timedelta()
        return base - by if found[2] == "-" else base + by
    if text.startswith("+"):
        return now + length(text[1:])
    raise UnableToReadMomentError(text)


def readable(value: object) -> bool:
    """Whether this is a time that a story can say."""
    try:
        now = datetime(2026, 1, 5, tzinfo=UTC)
        moment(value, now=now, slot=Slot(start=now, end=now), terms=Terms(programme="story"))
    except UnableToReadMomentError:
        return False
    return True


def shown(at: datetime) -> str:
    """A time as a person in the Netherlands reads it."""
    return dates.shown(at, "EEE dd MMM y HH:mm")
