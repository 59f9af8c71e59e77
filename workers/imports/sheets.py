"""One file of an import, read row by row: what could be read, and a fault for everything that could not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from workers.imports.findings import Fault, Findings, Notice
from workers.imports.headers import column_names, header_faults
from workers.imports.roster import Row
from workers.imports.tables import REQUIRED, Column, Table
from workers.imports.taken import UnableToTakeError
from workers.imports.texts import TextRow, text_rows
from workers.runtime.language import _

R_co = TypeVar("R_co", bound=Row, covariant=True)
R = TypeVar("R", bound=Row)


@dataclass(frozen=True)
class Placed(Generic[R_co]):
    """A row and the line of the file on which it begins."""

    row: int
    item: R_co


@dataclass(frozen=True)
class Sheet(Generic[R_co]):
    """A file as far as it could be read."""

    file: str
    rows: tuple[Placed[R_co], ...] = ()
    named: frozenset[str] = frozenset()
    """What stands in the first column, of faulty rows too: a fault in a row must not make others refer to nothing."""
    filled: int = 0
    """How many rows there are under the header, faulty ones too."""
    whole: bool = False
    """Whether the file was there with its columns in order; else nobody can say what it holds."""

    @property
    def items(self) -> tuple[R_co, ...]:
        """The rows without their places."""
        return tuple(placed.item for placed in self.rows)


def read_sheet(folder: Path, table: Table[R], *, findings: Findings) -> Sheet[R]:
    """The rows of this file; faults and repairs go to `findings`."""
    rows = text_rows(folder / table.file, findings=findings)
    if not rows:
        return Sheet(table.file)
    faults = header_faults(table.file, table.names, rows)
    findings.faults.extend(faults)
    return Sheet(table.file) if faults else _sheet(rows, table, findings)


def _sheet(rows: list[TextRow], table: Table[R], findings: Findings) -> Sheet[R]:
    header = column_names(rows[0])
    placed: list[Placed[R]] = []
    named: set[str] = set()
    for row in rows[1:]:
        if len(row.cells) != len(header):
            findings.faults.append(_uneven(table.file, row, len(header)))
            continue
        cells = {name: cell.strip() for name, cell in zip(header, row.cells, strict=True)}
        named.add(cells[table.columns[0].name])
        values = _values(cells, row.row, table, findings)
        if len(values) == len(table.columns):
            placed.append(Placed(row.row, table.make(values)))
    return Sheet(table.file, tuple(placed), frozenset(named), len(rows) - 1, whole=True)


def _values(cells: Mapping[str, str], row: int, table: Table[R], findings: Findings) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for column in table.columns:
        try:
            values[column.name] = _value(cells[column.name], column, (table.file, row), findings)
        except UnableToTakeError as unable:
            findings.faults.append(Fault(table.file, row, column.name, unable.what, unable.remedy))
    return values


def _value(text: str, column: Column, place: tuple[str, int], findings: Findings) -> object:
    if not text:
        if column.empty is REQUIRED:
            raise UnableToTakeError(what=_("empty"), remedy=_("Fill it in"))
        return column.empty
    taken = column.cell.read(text)
    if taken.repaired:
        findings.notices.append(Notice(*place, column.name, _(taken.repaired)))
    return taken.value


def _uneven(file: str, row: TextRow, wanted: int) -> Fault:
    what = _("{count} cells where the header has {wanted}").format(count=len(row.cells), wanted=wanted)
    remedy = _("Give every column a cell, and put double quotes around one that holds a semicolon")
    return Fault(file, row.row, None, what, remedy)
