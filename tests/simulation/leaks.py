"""What may stand in no log and no metric: who the sample people are, how they are reached, and which SIMs they have."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workers.imports.roster import Employee, Line, Roster, StockedKit
from workers.world.sims import temporary_number

SHORTEST_NAME = 5
"""Letters of a surname that cannot be another word by chance."""
CODES = re.compile(r"LPA:1\$|\bPUK\b|matchingid", re.IGNORECASE)
"""What downloads an eSIM (SGP.22) and what unlocks a SIM: nothing of the kind is ours to know."""


def secrets(roster: Roster) -> set[str]:
    """Every text that gives somebody away, in the spellings in which it may come out."""
    found = {
        *(text for employee in roster.employees for text in _of_employee(employee)),
        *(text for line in roster.lines for text in _of_line(line)),
        *(text for kit in roster.kits for text in _of_kit(kit)),
    }
    return {text.casefold() for text in found}


def _of_employee(employee: Employee) -> Iterator[str]:
    surname = employee.name.rpartition(" ")[2]
    street, _, town = employee.address.partition(", ")
    yield from (employee.name, employee.mail, employee.mail.partition("@")[0], employee.address, street)
    yield from (word for word in re.findall(r"\b\d{4} ?[A-Z]{2}\b", town))
    if len(surname) >= SHORTEST_NAME:
        yield surname


def _of_line(line: Line) -> Iterator[str]:
    yield from _of_number(line.number)
    if line.net is not None:
        yield from _of_number(line.net)
    if line.old_iccid is not None:
        yield line.old_iccid


def _of_number(number: str) -> Iterator[str]:
    national = number.removeprefix("+31")
    yield from (national, f"0{national}", f"0{national[0]} {national[1:]}", f"0{national[:2]} {national[2:]}")


def _of_kit(kit: StockedKit) -> Iterator[str]:
    yield kit.iccid
    yield from _of_number(temporary_number(kit.iccid))
    if kit.imei is not None:
        yield kit.imei


def leaks(text: str, hidden: set[str]) -> list[str]:
    """What of it stands in the text."""
    folded = text.casefold()
    return [*(one for one in sorted(hidden) if one in folded), *CODES.findall(text)]
