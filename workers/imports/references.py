"""Whether what one row names is there in another file, and whether each thing is there once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from events.base import subject_of
from workers.imports.findings import Fault
from workers.imports.roster import Absence, DutyRoster, Employee, Leaver, Line, StockedKit
from workers.imports.sheets import Sheet
from workers.imports.tables import Programme
from workers.runtime.language import _

_SHARED = "S-"


@dataclass(frozen=True)
class Sheets:
    """Every file of an import."""

    programme: Sheet[Programme]
    employees: Sheet[Employee]
    lines: Sheet[Line]
    absences: Sheet[Absence]
    leavers: Sheet[Leaver]
    duty_rosters: Sheet[DutyRoster]
    kits: Sheet[StockedKit]


@dataclass(frozen=True)
class _At:
    """A value and where it stands."""

    file: str
    row: int
    column: str
    value: str


def dangling(sheets: Sheets) -> Iterator[Fault]:
    """A fault for everything that is named and is nowhere. Where the other file was unreadable, nothing is said."""
    yield from _absent(_named_employees(sheets), sheets.employees, _("nobody in employees.csv has the id {id}"))
    rosters = (_At("lines.csv", at.row, "rosters", name) for at in sheets.lines.rows for name in at.item.rosters)
    yield from _absent(rosters, sheets.duty_rosters, _("no roster in duty_rosters.csv has the id {id}"))
    stocks = (_At("lines.csv", at.row, "stock", at.item.stock) for at in sheets.lines.rows)
    yield from _absent(stocks, sheets.kits, _("no kit in kits.csv lies in the stock {id}"))


def no_superuser(sheets: Sheets) -> Iterator[Fault]:
    """A fault for each employee whose superuser has one of his own, and so is none."""
    helped = {at.item.employee for at in sheets.employees.rows if at.item.superuser}
    for at in sheets.employees.rows:
        if at.item.superuser in helped:
            what = _("{who} is not a superuser, having one as well").format(who=at.item.superuser)
            remedy = _("Name a superuser, or empty the cell of that employee's superuser")
            yield Fault("employees.csv", at.row, "superuser", what, remedy)


def twice(sheets: Sheets) -> Iterator[Fault]:
    """A fault for each second row about what may be there once."""
    yield from _again(_At("employees.csv", at.row, "employee", at.item.employee) for at in sheets.employees.rows)
    yield from _again(_At("lines.csv", at.row, "line", at.item.line) for at in sheets.lines.rows)
    yield from _again(_At("lines.csv", at.row, "number", at.item.number) for at in sheets.lines.rows)
    yield from _again(_sims(sheets))
    yield from _again(_At("kits.csv", at.row, "imei", at.item.imei) for at in sheets.kits.rows if at.item.imei)
    yield from _again(_At("duty_rosters.csv", at.row, "roster", at.item.roster) for at in sheets.duty_rosters.rows)
    yield from _again(_At("leavers.csv", at.row, "employee", at.item.employee) for at in sheets.leavers.rows)


def _named_employees(sheets: Sheets) -> Iterator[_At]:
    for member in sheets.employees.rows:
        for column, name in (("superuser", member.item.superuser), ("team_lead", member.item.team_lead)):
            if name:
                yield _At("employees.csv", member.row, column, name)
    for line in sheets.lines.rows:
        if not line.item.line.startswith(_SHARED):
            yield _At("lines.csv", line.row, "line", subject_of(line.item.line))
        yield from (_At("lines.csv", line.row, "members", name) for name in line.item.members)
    yield from (_At("absences.csv", at.row, "employee", at.item.employee) for at in sheets.absences.rows)
    yield from (_At("leavers.csv", at.row, "employee", at.item.employee) for at in sheets.leavers.rows)


def _sims(sheets: Sheets) -> Iterator[_At]:
    for at in sheets.lines.rows:
        if at.item.old_iccid:
            yield _At("lines.csv", at.row, "old_iccid", at.item.old_iccid)
    yield from (_At("kits.csv", kit.row, "iccid", kit.item.iccid) for kit in sheets.kits.rows)


def _absent(named: Iterable[_At], other: Sheet[Employee | DutyRoster | StockedKit], what: str) -> Iterator[Fault]:
    if other.whole:
        for at in named:
            if at.value not in other.named:
                remedy = _("Correct the id, or add a row to {file}").format(file=other.file)
                yield Fault(at.file, at.row, at.column, what.format(id=at.value), remedy)


def _again(values: Iterable[_At]) -> Iterator[Fault]:
    first: dict[str, _At] = {}
    for at in values:
        known = first.setdefault(at.value, at)
        if known is not at:
            what = _("the same stands in {file}, row {row}, column {column}").format(
                file=known.file, row=known.row, column=known.column
            )
            yield Fault(at.file, at.row, at.column, what, _("Keep the right one of the two"))
