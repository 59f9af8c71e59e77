"""A small folder of input files that is right, for tests to spoil one cell of."""

from __future__ import annotations

from pathlib import Path
from typing import Final

Folder = dict[str, list[dict[str, str]]]

OLD_SIM: Final = "8931080000000000019"
OTHER_SIM: Final = "8931080000000000027"
KIT_SIM: Final = "8931440000000000014"
OTHER_KIT_SIM: Final = "8931440000000000022"
HANDSET: Final = "490154203237518"


def right_folder() -> Folder:
    """A superuser, an employee who is first aider, and a lift, each file with what it needs."""
    return {
        "programme.csv": [{"title": "Trial", "starts": "2027-01-11 08:00", "contract_ends": "2027-07-12"}],
        "employees.csv": [_employee("E-0001", "Ann Example", ""), _employee("E-0002", "Bob Example", "E-0001")],
        "lines.csv": [
            line("E-0001-1", "06-12345678", old_iccid=OLD_SIM),
            line("E-0002-1", "06-12345679", critical="first_aider", rosters="R-hall", old_iccid=OTHER_SIM),
            line("E-0002-2", "0970-12345678", kind="machine", ports="no", handset="kept", net="", mandate=""),
            line("S-0001-1", "06-12345680", kind="shared", members="E-0001 E-0002"),
        ],
        "absences.csv": [
            {"employee": "E-0002", "announced": "2027-01-12", "since": "2027-02-01", "until": "2027-02-08"}
        ],
        "leavers.csv": [{"employee": "E-0002", "announced": "2027-01-12", "last_day": "2027-03-31"}],
        "duty_rosters.csv": [{"roster": "R-hall", "title": "Hall", "members": "8", "share": "0,3"}],
        "kits.csv": [
            {"stock": "K-hall", "iccid": KIT_SIM, "imei": HANDSET},
            {"stock": "K-hall", "iccid": OTHER_KIT_SIM, "imei": ""},
        ],
    }


def line(line: str, number: str, **others: str) -> dict[str, str]:
    """A row of lines.csv; a voice line that ports unless told otherwise."""
    row = {"line": line, "number": number, "kind": "voice", "critical": "", "ports": "yes", "execution": "on_call"}
    row |= {"handset": "new", "old_iccid": "", "net": "0412-600001", "rosters": "", "members": "", "stock": "K-hall"}
    row |= {"born_new": "no", "mandate": "M-1", "department": "parks", "site": "hall"}
    return row | others


def write(folder: Path, files: Folder, *, encoding: str = "utf-8") -> Path:
    """The files as they are, without any care for what a cell holds."""
    for name, rows in files.items():
        lines = [";".join(rows[0]), *(";".join(row.values()) for row in rows)]
        (folder / name).write_text("\n".join(lines) + "\n", encoding=encoding)
    return folder


def _employee(employee: str, name: str, superuser: str) -> dict[str, str]:
    row = {"employee": employee, "name": name, "mail": f"{name[:3].lower()}@town.example", "address": "Elm 1, Town"}
    return row | {"department": "parks", "site": "hall", "superuser": superuser, "team_lead": "", "language": "nl"}
