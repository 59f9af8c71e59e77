"""What people and spreadsheets do to a value without harm is taken; what was repaired is told."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.workers.import_folder import HANDSET, OLD_SIM, right_folder, write
from workers.imports.iccid import iccid_of, issuer_of
from workers.imports.imei import imei_of
from workers.imports.moments import moment_of
from workers.imports.phones import answered_of, mobile_of, national
from workers.imports.reader import read_roster


@pytest.mark.parametrize(
    "text",
    [
        "06-12345678",
        "+31 6 12345678",
        "0031612345678",
        "+31(0)6-12345678",
        "tel:+31-6-12345678",
        "06\u201312345678",
        "06\u00a012345678",
        "'0612345678",
    ],
)
def test_takes_a_number_however_it_is_written(text: str) -> None:
    taken = mobile_of(text)

    assert (taken.value, taken.repaired) == ("+31612345678", "")


@pytest.mark.parametrize(("text", "lost"), [("612345678", "zero"), ("31612345678", "plus")])
def test_puts_back_what_a_spreadsheet_took_off_a_number(text: str, lost: str) -> None:
    taken = mobile_of(text)

    assert taken.value == "+31612345678"
    assert f"the {lost} in front was lost" in taken.repaired


@pytest.mark.parametrize("text", ["0412-345678", "088-1234567", "14 0412", "085-1234567", "+44 20 7946 0958"])
def test_takes_any_number_that_a_person_answers_as_net(text: str) -> None:
    assert answered_of(text).repaired == ""


def test_takes_a_machine_number() -> None:
    assert mobile_of("0970-12345678").value == "+3197012345678"


@pytest.mark.parametrize("number", ["06-12345678", "0970-12345678", "+44 20 7946 0958", "0412-345678"])
def test_a_number_written_the_dutch_way_is_read_as_it_was(number: str) -> None:
    taken = answered_of(number) if "0970" not in number else mobile_of(number)

    assert taken.value == (mobile_of if "0970" in number else answered_of)(national(taken.value)).value


@pytest.mark.parametrize("text", [f"{OLD_SIM}F", f" {OLD_SIM[:4]} {OLD_SIM[4:]} ", f"{OLD_SIM[:6]}-{OLD_SIM[6:]}"])
def test_takes_an_iccid_however_it_is_grouped(text: str) -> None:
    assert iccid_of(text) == OLD_SIM


def test_takes_an_imei_however_it_is_grouped() -> None:
    assert imei_of("49-015420-323751-8") == HANDSET


def test_knows_the_issuer_of_a_dutch_sim_and_of_no_other() -> None:
    assert issuer_of(iccid_of("8931440000000000014")) == "Vodafone"
    assert issuer_of(iccid_of("8944100000000000018")) is None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2027-01-31", datetime(2027, 1, 30, 23, tzinfo=UTC)),
        ("31-01-2027", datetime(2027, 1, 30, 23, tzinfo=UTC)),
        ("31-7-2027 14:05", datetime(2027, 7, 31, 12, 5, tzinfo=UTC)),
        ("2027-01-31T14:00", datetime(2027, 1, 31, 13, tzinfo=UTC)),
        ("2027-01-31T14:00Z", datetime(2027, 1, 31, 14, tzinfo=UTC)),
        ("2026-10-25 02:30", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
    ],
)
def test_takes_times_as_dutch_and_the_later_of_two(text: str, moment: datetime) -> None:
    assert moment_of(text) == moment


def test_tells_each_repair_and_not_what_stood_there(tmp_path: Path) -> None:
    files = right_folder()
    files["lines.csv"][0]["number"] = "612345678"

    notices = [str(notice) for notice in read_roster(write(tmp_path, files)).notices]

    assert notices == ["lines.csv, row 2, column number: the zero in front was lost and is put back."]


def test_reads_the_older_windows_encoding_and_tells_so(tmp_path: Path) -> None:
    files = right_folder()
    files["employees.csv"][1]["name"] = "Zoë Example"

    imported = read_roster(write(tmp_path, files, encoding="cp1252"))

    assert imported.roster.employees[1].name == "Zoë Example"
    assert [(notice.file, notice.row) for notice in imported.notices] == [("employees.csv", 3)]


@pytest.mark.parametrize("marks", [1, 2, 3])
def test_passes_over_byte_order_marks_however_many(tmp_path: Path, marks: int) -> None:
    path = write(tmp_path, right_folder()) / "lines.csv"
    path.write_bytes(b"\xef\xbb\xbf" * marks + path.read_bytes())

    imported = read_roster(tmp_path)

    assert imported.roster.lines[0].number == "+31612345678"
    assert imported.notices == ()


def test_reads_what_a_dutch_spreadsheet_calls_true(tmp_path: Path) -> None:
    files = right_folder()
    files["lines.csv"][0] |= {"ports": "WAAR", "born_new": "ONWAAR"}

    assert read_roster(write(tmp_path, files)).roster.lines[0].ports


def test_passes_over_empty_rows(tmp_path: Path) -> None:
    path = write(tmp_path, right_folder()) / "kits.csv"
    path.write_text(path.read_text(encoding="utf-8") + ";;\n\n", encoding="utf-8")

    assert len(read_roster(tmp_path).roster.kits) == 2
