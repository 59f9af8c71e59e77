"""What is imported again after something else was: the file's word stands, and the same file twice changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from events.enrolment import MandateWithdrawn
from tests.workers.conftest import Typed
from tests.workers.import_folder import right_folder, write
from tests.workers.told import ANN, Told, line_of
from workers.cli.exits import Exit

CELLS = [
    ("employees.csv", "department", "roads"),
    ("employees.csv", "superuser", ""),
    ("lines.csv", "handset", "kept"),
    ("duty_rosters.csv", "share", "0,5"),
    ("programme.csv", "contract_ends", "2027-10-01"),
]


def imported(folder: Path, typed: Typed, changes: dict[str, tuple[str, str]]) -> None:
    files = right_folder()
    for file, (column, text) in changes.items():
        files[file][1 if file == "employees.csv" else 0][column] = text
    code, _out, err = typed(f"import {write(folder, files)} --as els --go")
    assert code == Exit.DONE, err


@pytest.mark.parametrize(("file", "column", "text"), CELLS)
def test_what_was_changed_by_mistake_is_changed_back_by_the_file_of_before(
    file: str, column: str, text: str, town: Told, typed: Typed, tmp_path: Path
) -> None:
    imported(tmp_path, typed, {})
    before = dict(town.known().states)
    imported(tmp_path, typed, {file: (column, text)})
    assert town.known().states != before

    imported(tmp_path, typed, {})

    assert town.known().states == before


def test_the_same_file_twice_says_nothing_new(town: Told, typed: Typed, tmp_path: Path) -> None:
    for change in ({}, {"employees.csv": ("department", "roads")}, {}):
        imported(tmp_path, typed, change)
    said = len(town.entries)

    imported(tmp_path, typed, {})

    assert all(entry.duplicate for entry in town.entries[said:])


def test_a_mandate_that_was_taken_back_is_not_given_anew_by_a_file_that_has_it_still(
    town: Told, typed: Typed, tmp_path: Path
) -> None:
    imported(tmp_path, typed, {})
    town.say(ANN, MandateWithdrawn(line=line_of(ANN), mandate="M-1"))

    imported(tmp_path, typed, {})

    after = town.known().line(line_of(ANN))
    assert after is not None
    assert after.mandate is None
