"""Who is away for a while during the programme, and who leaves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from workers.imports.invent.draws import Draws, part_of
from workers.imports.moments import ZONE, local
from workers.imports.roster import Absence, Employee, Leaver

_ABSENT: Final = 0.05
_LEAVERS: Final = 0.015
_ILL: Final = 30
_LONG: Final = 15
_DAYS: Final = 16 * 7
"""Within how many days of the start an absence begins."""
_OFFICE_HOUR: Final = 8


def absences(employees: Sequence[Employee], *, starts: datetime, seed: int) -> tuple[Absence, ...]:
    """One in twenty is away; leave is told weeks before, illness on the day, and one in seven is away for long."""
    draws = Draws(seed, "absences")
    chosen = draws.some(employees, part_of(len(employees), _ABSENT))
    return tuple(
        sorted(
            (_absence(who, _day(starts), draws) for who in chosen),
            key=lambda leaver: (leaver.announced, leaver.employee),
        )
    )


def leavers(employees: Sequence[Employee], *, starts: datetime, seed: int) -> tuple[Leaver, ...]:
    """Three in two hundred leave, on the last day of a month in the programme, told weeks before."""
    draws = Draws(seed, "leavers")
    leads = {employee.team_lead for employee in employees}
    able = [employee for employee in employees if employee.superuser and employee.employee not in leads]
    chosen = draws.some(able, part_of(len(employees), _LEAVERS))
    return tuple(sorted(_leaving(chosen, _day(starts), draws), key=lambda leaver: (leaver.announced, leaver.employee)))


def _absence(who: Employee, start: date, draws: Draws) -> Absence:
    since = start + timedelta(days=draws.below(_DAYS))
    ill = draws.below(100) < _ILL
    days = draws.between(42, 140) if draws.below(100) < _LONG else draws.between(3, 21)
    return Absence(
        employee=who.employee,
        announced=local(since if ill else since - timedelta(days=draws.between(14, 60)), _OFFICE_HOUR),
        since=local(since),
        until=local(since + timedelta(days=days)),
    )


def _leaving(chosen: Sequence[Employee], start: date, draws: Draws) -> Iterator[Leaver]:
    for who in chosen:
        last_day = _month_end(start, ahead=draws.between(0, 4))
        told = local(last_day - timedelta(days=draws.between(28, 60)), _OFFICE_HOUR)
        yield Leaver(employee=who.employee, announced=told, last_day=last_day)


def _month_end(day: date, *, ahead: int) -> date:
    months = day.year * 12 + day.month + ahead
    return date(months // 12, months % 12 + 1, 1) - timedelta(days=1)


def _day(moment: datetime) -> date:
    return moment.astimezone(ZONE).date()
