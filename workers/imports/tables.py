"""The files of an import: their names, their columns, and the row that each line becomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from events.base import Instant, SubjectId
from events.enrolment import Critical, Execution, Handset, LineKind
from workers.imports import cells
from workers.imports.cells import Cell
from workers.imports.ids import person_of
from workers.imports.roster import Absence, DutyRoster, Employee, Leaver, Line, Row, StockedKit

R = TypeVar("R", bound=Row)
REQUIRED: Final = object()
"""Stands where a column has no value for an empty cell."""


class Programme(Row):
    """What holds for the programme as a whole. `contract_ends` is when the old provider's contract runs out."""

    title: str
    starts: Instant
    contract_ends: Instant


@dataclass(frozen=True)
class Column:
    """A column: its name, how its cells are read, and what an empty cell means."""

    name: str
    cell: Cell
    empty: object = REQUIRED


@dataclass(frozen=True)
class Table(Generic[R]):
    """One file. Its first column is what other files refer to."""

    file: str
    columns: tuple[Column, ...]
    make: Callable[[Mapping[str, Any]], R]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in order."""
        return tuple(column.name for column in self.columns)


def _employee(values: Mapping[str, Any]) -> Employee:
    return Employee(person=person_of(SubjectId(values["employee"])), **values)


PROGRAMME: Final = Table(
    "programme.csv",
    (Column("title", cells.TEXT), Column("starts", cells.MOMENT), Column("contract_ends", cells.MOMENT)),
    lambda values: Programme(**values),
)
EMPLOYEES: Final = Table(
    "employees.csv",
    (
        Column("employee", cells.EMPLOYEE),
        Column("name", cells.TEXT),
        Column("mail", cells.MAIL),
        Column("address", cells.TEXT, empty=""),
        Column("department", cells.TEXT),
        Column("site", cells.TEXT),
        Column("superuser", cells.EMPLOYEE, empty=None),
        Column("team_lead", cells.EMPLOYEE, empty=None),
        Column("language", cells.LANGUAGE, empty="nl"),
    ),
    _employee,
)
LINES: Final = Table(
    "lines.csv",
    (
        Column("line", cells.LINE),
        Column("number", cells.MOBILE),
        Column("kind", cells.one_of(LineKind)),
        Column("critical", cells.one_of(Critical), empty=None),
        Column("ports", cells.YES_NO),
        Column("execution", cells.one_of(Execution), empty=Execution.ON_CALL),
        Column("handset", cells.one_of(Handset)),
        Column("old_iccid", cells.ICCID, empty=None),
        Column("net", cells.ANSWERED, empty=None),
        Column("rosters", cells.subjects("R"), empty=()),
        Column("members", cells.subjects("E"), empty=()),
        Column("stock", cells.STOCK),
        Column("born_new", cells.YES_NO, empty=False),
        Column("mandate", cells.TEXT, empty=None),
        Column("department", cells.TEXT),
        Column("site", cells.TEXT),
    ),
    lambda values: Line(**values),
)
ABSENCES: Final = Table(
    "absences.csv",
    (
        Column("employee", cells.EMPLOYEE),
        Column("announced", cells.MOMENT),
        Column("since", cells.MOMENT),
        Column("until", cells.MOMENT),
    ),
    lambda values: Absence(**values),
)
LEAVERS: Final = Table(
    "leavers.csv",
    (Column("employee", cells.EMPLOYEE), Column("announced", cells.MOMENT), Column("last_day", cells.DAY)),
    lambda values: Leaver(**values),
)
DUTY_ROSTERS: Final = Table(
    "duty_rosters.csv",
    (
        Column("roster", cells.ROSTER),
        Column("title", cells.TEXT),
        Column("members", cells.COUNT),
        Column("share", cells.SHARE),
    ),
    lambda values: DutyRoster(**values),
)
KITS: Final = Table(
    "kits.csv",
    (Column("stock", cells.STOCK), Column("iccid", cells.ICCID), Column("imei", cells.IMEI, empty=None)),
    lambda values: StockedKit(**values),
)
FILES: Final = tuple(table.file for table in (PROGRAMME, EMPLOYEES, LINES, ABSENCES, LEAVERS, DUTY_ROSTERS, KITS))
"""Every file of an import, in the order in which faults are told."""
