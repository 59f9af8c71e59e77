"""A roster as a folder of input files, in the shape in which a Dutch spreadsheet leaves them whole."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from workers.imports import tables
from workers.imports.roster import Roster, Row
from workers.imports.tables import Column, Programme, Table
from workers.imports.texts import DELIMITER

# Without this mark a spreadsheet takes UTF-8 for the older Windows encoding.
_ENCODING: Final = "utf-8-sig"


def write_csv(roster: Roster, folder: Path) -> None:
    """The folder holds the roster's files; files of these names that were there are replaced. Raises `OSError`.

    A person's key into the `people` topic is not written: it follows from the employee's id.
    """
    folder.mkdir(parents=True, exist_ok=True)
    programme = Programme(title=roster.title, starts=roster.starts, contract_ends=roster.contract_ends)
    _write(folder, tables.PROGRAMME, [programme])
    _write(folder, tables.EMPLOYEES, roster.employees)
    _write(folder, tables.LINES, roster.lines)
    _write(folder, tables.ABSENCES, roster.absences)
    _write(folder, tables.LEAVERS, roster.leavers)
    _write(folder, tables.DUTY_ROSTERS, roster.duty_rosters)
    _write(folder, tables.KITS, roster.kits)


def _write(folder: Path, table: Table[Any], rows: Iterable[Row]) -> None:
    with (folder / table.file).open("w", encoding=_ENCODING, newline="") as file:
        writer = csv.writer(file, delimiter=DELIMITER, lineterminator="\r\n")
        writer.writerow(table.names)
        writer.writerows([_shown(column, getattr(row, column.name)) for column in table.columns] for row in rows)


def _shown(column: Column, value: Any) -> str:  # noqa: ANN401 - each kind of column shows its own type
    return "" if value is None else column.cell.show(value)
