"""Which lines there are, and whose: what each line is for, before it has numbers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from events.base import LineId, SubjectId
from events.enrolment import LineKind
from workers.imports.invent import town
from workers.imports.invent.draws import Draws, part_of
from workers.imports.roster import Employee

_DATA_ALONE: Final = 0.022
_DATA_BESIDE: Final = 0.093
_JOINERS: Final = 0.01
_MACHINES: Final = 0.035
_SHARED: Final = 12 / 900
_PER_LIFT_GROUP: Final = 4


@dataclass(frozen=True)
class Wanted:
    """A line without its numbers."""

    line: LineId
    kind: LineKind
    department: str
    site: str
    members: tuple[SubjectId, ...] = ()
    born_new: bool = False

    @property
    def ports(self) -> bool:
        """Whether the number is kept by a port."""
        return self.kind in {LineKind.VOICE, LineKind.SHARED} and not self.born_new


class Lines:
    """Hands out the ids of lines: per holder 1, 2, 3 and so on."""

    def __init__(self) -> None:
        self._count: Counter[SubjectId] = Counter()

    def next(self, holder: SubjectId) -> LineId:
        """The holder's next line."""
        self._count[holder] += 1
        return LineId(f"{holder}-{self._count[holder]}")


def wanted_lines(employees: Sequence[Employee], seed: int) -> list[Wanted]:
    """Every line: those of employees in their order, then the shared ones. About 1.14 to an employee."""
    draws = Draws(seed, "lines")
    lines = Lines()
    own = [*_personal(employees, lines, draws), *_machines(employees, lines)]
    places = {employee.employee: at for at, employee in enumerate(employees)}
    own.sort(key=lambda wanted: (places[SubjectId(wanted.line.rsplit("-", 1)[0])], wanted.line))
    return [*own, *_shared(employees, lines, draws), *_lift_groups(employees, lines)]


def _personal(employees: Sequence[Employee], lines: Lines, draws: Draws) -> Iterator[Wanted]:
    leads = {employee.team_lead for employee in employees}
    plain = [who.employee for who in employees if who.superuser and who.employee not in leads]
    joiners = part_of(len(employees), _JOINERS)
    alone = joiners + part_of(len(employees), _DATA_ALONE)
    beside = alone + part_of(len(employees), _DATA_BESIDE)
    order = {who: at for at, who in enumerate(draws.shuffled(plain))}
    for employee in employees:
        at = order.get(employee.employee, beside)
        if not joiners <= at < alone:
            yield _of(employee, LineKind.VOICE, lines, born_new=at < joiners)
        if joiners <= at < beside:
            yield _of(employee, LineKind.DATA, lines)


def _of(employee: Employee, kind: LineKind, lines: Lines, *, born_new: bool = False) -> Wanted:
    line = lines.next(employee.employee)
    return Wanted(line, kind, employee.department, employee.site, born_new=born_new)


def _machines(employees: Sequence[Employee], lines: Lines) -> Iterator[Wanted]:
    """Two in three machines stand in the name of somebody of facilities."""
    keepers = [employee for employee in employees if employee.department == town.FACILITY]
    for at in range(_own_machines(len(employees)) if keepers else 0):
        yield _of(keepers[at % len(keepers)], LineKind.MACHINE, lines)


def _own_machines(employees: int) -> int:
    return part_of(employees, _MACHINES * 2 / 3)


def _shared(employees: Sequence[Employee], lines: Lines, draws: Draws) -> Iterator[Wanted]:
    teams: defaultdict[str, list[SubjectId]] = defaultdict(list)
    for employee in employees:
        teams[employee.department].append(employee.employee)
    for at in range(part_of(len(employees), _SHARED)):
        first = draws.pick(employees)
        team = teams[first.department]
        places = draws.distinct(min(draws.between(3, 6), len(team)), len(team))
        members = tuple(team[place] for place in sorted(places))
        holder = SubjectId(f"S-{at + 1:04d}")
        yield Wanted(lines.next(holder), LineKind.SHARED, first.department, first.site, members)


def _lift_groups(employees: Sequence[Employee], lines: Lines) -> Iterator[Wanted]:
    """The other machines stand on subjects of their own, which people of facilities look after."""
    keepers = [employee.employee for employee in employees if employee.department == town.FACILITY]
    left = part_of(len(employees), _MACHINES) - _own_machines(len(employees)) if keepers else 0
    sites = list(town.SITES)
    for at in range(left):
        group = at // _PER_LIFT_GROUP
        holder = SubjectId(f"S-lift-{group + 1:02d}")
        members = tuple(sorted(keepers[(group + step) % len(keepers)] for step in range(min(2, len(keepers)))))
        yield Wanted(lines.next(holder), LineKind.MACHINE, town.FACILITY, sites[group % len(sites)], members)
