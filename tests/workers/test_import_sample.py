"""The invented municipality: the same from the same seed, right in every cell, alike at every size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import phonenumbers
import pytest
from stdnum import imei, luhn

from events.base import subject_of
from events.enrolment import Critical, Execution, Handset, LineKind
from workers.imports.reader import read_roster
from workers.imports.roster import Roster
from workers.imports.sample import EMPLOYEES, MUNICIPALITY, SEED, STARTS, generate, main
from workers.imports.writer import write_csv

SIZES: Final = (900, 3_000)


@cache
def municipality(employees: int = EMPLOYEES) -> Roster:
    return generate(employees, SEED, STARTS)


def test_the_script_writes_the_shipped_files_byte_for_byte(tmp_path: Path) -> None:
    main(["--employees", "900", "--seed", "1", "--out", str(tmp_path)])

    shipped = sorted(MUNICIPALITY.iterdir())
    assert [path.name for path in shipped] == sorted(path.name for path in tmp_path.iterdir())
    assert [path.read_bytes() for path in shipped] == [(tmp_path / path.name).read_bytes() for path in shipped]


def test_the_shipped_files_are_read_without_fault_or_repair() -> None:
    imported = read_roster(MUNICIPALITY)

    assert imported.roster == municipality()
    assert imported.notices == ()


@pytest.mark.parametrize("employees", [1, 2, 13, 60, 250])
def test_what_is_written_is_read_back_as_it_was(tmp_path: Path, employees: int) -> None:
    write_csv(municipality(employees), tmp_path)

    assert read_roster(tmp_path).roster == municipality(employees)


def test_another_seed_gives_other_people() -> None:
    assert generate(60, 2, STARTS).employees != generate(60, 1, STARTS).employees


@pytest.mark.parametrize("employees", ["0", "100001", "many"])
def test_the_script_refuses_a_size_it_has_no_numbers_for(tmp_path: Path, employees: str) -> None:
    with pytest.raises(SystemExit):
        main(["--employees", employees, "--out", str(tmp_path)])

    assert list(tmp_path.iterdir()) == []


@dataclass(frozen=True)
class Share:
    """Which part of all it is, and what it ought to be."""

    part: int
    whole: int
    least: float
    most: float


def shares(roster: Roster) -> dict[str, Share]:
    people, lines = len(roster.employees), len(roster.lines)
    kinds = Counter(line.kind for line in roster.lines)
    handsets = Counter(line.handset for line in roster.lines)
    critical = Counter(line.critical for line in roster.lines)
    ports = [line for line in roster.lines if line.ports]
    weeks = [(absence.until - absence.since).days / 7 for absence in roster.absences]
    return {
        "lines": Share(lines, people, 1.1, 1.2),
        "voice": Share(kinds[LineKind.VOICE], lines, 0.83, 0.87),
        "data": Share(kinds[LineKind.DATA], lines, 0.09, 0.11),
        "machines": Share(kinds[LineKind.MACHINE], lines, 0.02, 0.04),
        "shared": Share(kinds[LineKind.SHARED], people, 0.013, 0.014),
        "new handsets": Share(handsets[Handset.NEW], lines, 0.77, 0.83),
        "kept handsets": Share(handsets[Handset.KEPT], lines, 0.12, 0.16),
        "esim": Share(handsets[Handset.ESIM], lines, 0.04, 0.08),
        "first aiders": Share(critical[Critical.FIRST_AIDER], people, 0.08, 0.08),
        "booked": Share(sum(line.execution is Execution.BOOKED for line in ports), len(ports), 0.145, 0.155),
        "mandates": Share(sum(line.mandate is not None for line in ports), len(ports), 0.975, 0.985),
        "leavers": Share(len(roster.leavers), people, 0.014, 0.016),
        "absences": Share(len(roster.absences), people, 0.05, 0.05),
        "long absences": Share(sum(long >= 6 for long in weeks), len(weeks), 0.05, 0.3),
        "joiners": Share(sum(line.born_new for line in roster.lines), people, 0.009, 0.011),
    }


@pytest.mark.parametrize("employees", SIZES)
@pytest.mark.parametrize("name", list(shares(generate(1, 1, STARTS))))
def test_has_the_proportions_of_a_real_one_at_every_size(employees: int, name: str) -> None:
    share = shares(municipality(employees))[name]

    assert share.least <= share.part / share.whole <= share.most


def each_once(values: Iterable[object]) -> bool:
    return max(Counter(values).values()) == 1


@pytest.mark.parametrize("employees", SIZES)
def test_every_number_sim_and_handset_is_valid_and_there_once(employees: int) -> None:
    roster = municipality(employees)
    sims = [line.old_iccid for line in roster.lines if line.old_iccid] + [kit.iccid for kit in roster.kits]
    handsets = [kit.imei for kit in roster.kits if kit.imei]

    assert all(phonenumbers.is_valid_number(phonenumbers.parse(line.number)) for line in roster.lines)
    assert all(luhn.is_valid(sim) for sim in sims)
    assert all(imei.is_valid(handset) for handset in handsets)
    assert each_once(line.number for line in roster.lines)
    assert each_once(sims)
    assert each_once(handsets)
    assert each_once(employee.mail for employee in roster.employees)


@pytest.mark.parametrize("employees", SIZES)
def test_every_department_has_a_superuser_and_every_site_its_rosters(employees: int) -> None:
    roster = municipality(employees)
    departments = {employee.department for employee in roster.employees}
    rosters = {name: line.site for line in roster.lines for name in line.rosters}

    assert len(departments) == 14
    assert {employee.department for employee in roster.employees if employee.superuser is None} == departments
    assert all(count >= 3 for count in Counter(rosters.values()).values())
    assert {duty.roster for duty in roster.duty_rosters} == set(rosters)


def test_a_roster_counts_the_lines_that_stand_on_it() -> None:
    roster = municipality()
    counted = Counter(name for line in roster.lines for name in line.rosters)

    assert {duty.roster: duty.members for duty in roster.duty_rosters} == counted


def test_each_stock_holds_a_kit_per_moving_line_and_six_in_a_hundred_to_spare() -> None:
    roster = municipality()
    needed = Counter(line.stock for line in roster.lines if not line.born_new)
    held = Counter(kit.stock for kit in roster.kits)
    with_handset = Counter(kit.stock for kit in roster.kits if kit.imei)
    new = Counter(line.stock for line in roster.lines if line.handset is Handset.NEW and not line.born_new)

    assert set(held) == set(needed)
    assert all(1.05 <= held[stock] / needed[stock] <= 1.08 for stock in held)
    assert all(with_handset[stock] > new[stock] for stock in held)


def test_a_joiner_brings_no_port_and_no_old_sim() -> None:
    joiners = [line for line in municipality().lines if line.born_new]

    assert [(line.ports, line.old_iccid, line.mandate) for line in joiners] == [(False, None, None)] * 9


def test_machines_have_097_numbers_and_people_to_look_after_them() -> None:
    roster = municipality()
    facilities = {employee.employee for employee in roster.employees if employee.department == "facilitair"}
    machines = [line for line in roster.lines if line.kind is LineKind.MACHINE]

    assert all(line.number.startswith("+3197") for line in machines)
    assert all(facilities.issuperset(line.members or {subject_of(line.line)}) for line in machines)


def test_nobody_leaves_of_those_who_help_or_lead_others() -> None:
    roster = municipality()
    helpers = {name for employee in roster.employees for name in (employee.superuser, employee.team_lead)}

    assert helpers.isdisjoint(leaver.employee for leaver in roster.leavers)
