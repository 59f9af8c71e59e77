"""A folder of input files, read whole: either a roster that may be acted on, or every fault at once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from workers.imports import tables
from workers.imports.findings import Fault, Findings, Notice, UnableToImportError
from workers.imports.references import Sheets, dangling, no_superuser, twice
from workers.imports.roster import Roster
from workers.imports.rules import broken_rules
from workers.imports.sheets import read_sheet
from workers.runtime.language import _


@dataclass(frozen=True)
class Imported:
    """What was read, and each thing that was repaired on the way."""

    roster: Roster
    notices: tuple[Notice, ...]


def read_roster(folder: Path) -> Imported:
    """The organisation in this folder. Raises `UnableToImportError` with all that is wrong with it."""
    if not folder.is_dir():
        remedy = _("Name the folder that holds {file} and the other files").format(file=tables.PROGRAMME.file)
        raise UnableToImportError(folder, (Fault(str(folder), None, None, _("no such folder"), remedy),))
    findings = Findings()
    sheets = _sheets(folder, findings)
    for check in (twice, dangling, no_superuser, broken_rules):
        findings.faults.extend(check(sheets))
    if findings.faults:
        raise UnableToImportError(folder, tuple(sorted(findings.faults, key=_order)))
    return Imported(_roster(sheets), tuple(findings.notices))


def _sheets(folder: Path, findings: Findings) -> Sheets:
    return Sheets(
        programme=read_sheet(folder, tables.PROGRAMME, findings=findings),
        employees=read_sheet(folder, tables.EMPLOYEES, findings=findings),
        lines=read_sheet(folder, tables.LINES, findings=findings),
        absences=read_sheet(folder, tables.ABSENCES, findings=findings),
        leavers=read_sheet(folder, tables.LEAVERS, findings=findings),
        duty_rosters=read_sheet(folder, tables.DUTY_ROSTERS, findings=findings),
        kits=read_sheet(folder, tables.KITS, findings=findings),
    )


def _order(fault: Fault) -> tuple[int, int]:
    return tables.FILES.index(fault.file), fault.row or 0


def _roster(sheets: Sheets) -> Roster:
    programme = sheets.programme.items[0]
    return Roster(
        title=programme.title,
        starts=programme.starts,
        contract_ends=programme.contract_ends,
        employees=sheets.employees.items,
        lines=sheets.lines.items,
        absences=sheets.absences.items,
        leavers=sheets.leavers.items,
        duty_rosters=sheets.duty_rosters.items,
        kits=sheets.kits.items,
    )
