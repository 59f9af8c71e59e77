"""Days and times as people and spreadsheets write them: Dutch time unless a zone is given, UTC once read."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from events.base import EARLIEST, LATEST, in_utc
from workers.imports.taken import UnableToTakeError
from workers.runtime.language import _, marked

ZONE: Final = ZoneInfo("Europe/Amsterdam")
AS_A_MOMENT: Final = marked("Write it such as 2027-01-31 or 2027-01-31 14:00")
_DAY: Final = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y")
_MOMENT: Final = ("%d-%m-%Y %H:%M", "%d-%m-%Y %H:%M:%S", "%d/%m/%Y %H:%M")


def local(day: date, hour: int = 0) -> datetime:
    """This hour of the day in the Netherlands, in UTC."""
    return datetime.combine(day, time(hour), ZONE).astimezone(UTC)


def day_of(text: str) -> date:
    """The day in this text. Raises `UnableToTakeError`."""
    for shape in _DAY:
        try:
            return datetime.strptime(text, shape).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    raise UnableToTakeError(what=_("not a day"), remedy=_("Write it such as 2027-01-31"))


def moment_of(text: str) -> datetime:
    """The moment in this text, in UTC; a day alone is its first moment. Raises `UnableToTakeError`.

    Without a zone it is Dutch time; an hour that comes twice, at the end of summer time, is the later one
    (`scenarios/S50.yaml`).
    """
    try:
        day = day_of(text)
    except UnableToTakeError:
        moment = _clocked(text)
    else:
        moment = datetime.combine(day, time(), ZONE)
    try:
        return in_utc((moment if moment.tzinfo else moment.replace(tzinfo=ZONE, fold=1)).astimezone(UTC))
    except (OverflowError, ValueError):
        years = _("Give a year from {earliest} to {latest}").format(earliest=EARLIEST, latest=LATEST)
        raise UnableToTakeError(what=_("no time that this programme can meet"), remedy=years) from None


def _clocked(text: str) -> datetime:
    for shape in _MOMENT:
        try:
            return datetime.strptime(text, shape)  # noqa: DTZ007 - the caller puts the Dutch zone on it
        except ValueError:
            continue
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise UnableToTakeError(what=_("not a day or a time"), remedy=_(AS_A_MOMENT)) from None
