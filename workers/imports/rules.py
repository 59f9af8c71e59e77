"""What must hold within an import, so that nobody is moved into a trap."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from events.base import subject_of
from events.enrolment import Execution, LineKind
from workers.imports.findings import Fault
from workers.imports.phones import is_machine_number
from workers.imports.references import Sheets
from workers.imports.roster import Line
from workers.imports.sheets import Placed
from workers.runtime.language import _

_VOICE: Final = frozenset({LineKind.VOICE, LineKind.SHARED})
_Wrong = Iterator[tuple[str, str, str]]
"""Column, what is wrong, what to do."""


def broken_rules(sheets: Sheets) -> Iterator[Fault]:
    """A fault for each row that contradicts itself or another."""
    yield from _periods(sheets)
    yield from _moved_nets(sheets)
    for at in sheets.lines.rows:
        for rule in (_net, _batch, _number, _port, _holder):
            for column, what, remedy in rule(at.item):
                yield Fault("lines.csv", at.row, column, what, remedy)


def _periods(sheets: Sheets) -> Iterator[Fault]:
    for absence in sheets.absences.rows:
        if absence.item.until <= absence.item.since:
            what = _("the absence ends before it begins, or at once")
            yield Fault("absences.csv", absence.row, "until", what, _("Give the first day back"))
    for opened in sheets.programme.rows:
        if opened.item.contract_ends <= opened.item.starts:
            what = _("the old contract ends before the programme starts")
            yield Fault("programme.csv", opened.row, "contract_ends", what, _("Correct one of the two"))
    if sheets.programme.whole and sheets.programme.filled != 1:
        what = _("tells of {count} programmes").format(count=sheets.programme.filled)
        yield Fault("programme.csv", None, None, what, _("Give one row under the header"))


def _moved_nets(sheets: Sheets) -> Iterator[Fault]:
    """The net of a line must not be on the move as well (gate rule 11)."""
    moving: dict[str, Placed[Line]] = {at.item.number: at for at in sheets.lines.rows}
    for at in sheets.lines.rows:
        if at.item.net and (other := moving.get(at.item.net)):
            what = _("this number is moved as well (line {line}), so it may fail at the same moment").format(
                line=other.item.line
            )
            yield Fault("lines.csv", at.row, "net", what, _("Give a fixed number, of a desk for instance"))


def _net(line: Line) -> _Wrong:
    if line.critical and line.kind in _VOICE and not line.net:
        yield "net", _("a critical line without anybody who answers when it cannot"), _("Give the number of a desk")


def _batch(line: Line) -> _Wrong:
    """A batch runs an hour or more after the last moment to recall: a critical line's proof would be too old."""
    if line.critical and line.execution is Execution.BOOKED:
        yield "execution", _("a critical line cannot go in a batch: its proof must be fresher"), _("Write on_call")


def _number(line: Line) -> _Wrong:
    if is_machine_number(line.number) and line.kind in _VOICE:
        yield "number", _("a 097 number is for machines, and nobody calls it"), _("Correct the number, or the kind")


def _port(line: Line) -> _Wrong:
    if line.ports and line.kind not in _VOICE:
        yield "ports", _("a data or machine line is replaced, not ported"), _("Write no, or correct the kind")
    if line.ports and line.born_new:
        yield "ports", _("the line is at the new provider already"), _("Write no here, or at born_new")


def _holder(line: Line) -> _Wrong:
    shared = subject_of(line.line).startswith("S-")
    if line.kind is LineKind.SHARED and not shared:
        yield "line", _("a shared line is nobody's own"), _("Give it an id of its own, such as S-0001-1")
    if line.kind in {LineKind.VOICE, LineKind.DATA} and shared:
        yield (
            "kind",
            _("an S- line is shared, or a machine"),
            _("Write shared or machine, or give it its employee's id"),
        )
    if shared and not line.members:
        yield "members", _("a shared line without members reaches nobody"), _("Name the employees who answer it")
    if line.members and not shared:
        yield "members", _("only a shared line (S-…) has members"), _("Empty the cell, or give the line an S- id")
