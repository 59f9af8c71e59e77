"""An import is refused: every fault is told with its file, row and column, and without what stood there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.workers.import_folder import HANDSET, KIT_SIM, OLD_SIM, Folder, line, right_folder, write
from workers.imports.findings import Fault, UnableToImportError
from workers.imports.reader import read_roster


def faults_of(folder: Path) -> tuple[Fault, ...]:
    with pytest.raises(UnableToImportError) as refused:
        read_roster(folder)
    return refused.value.faults


def spoiled(tmp_path: Path, file: str, row: int, column: str, text: str) -> Path:
    files = right_folder()
    files[file][row - 2][column] = text
    return write(tmp_path, files)


def test_what_the_cases_start_from_has_no_fault(tmp_path: Path) -> None:
    assert read_roster(write(tmp_path, right_folder())).notices == ()


@pytest.mark.parametrize(
    ("file", "row", "column", "text", "what"),
    [
        ("leavers.csv", 2, "employee", "0002", "not the id of an employee"),
        ("leavers.csv", 2, "employee", "E-00/02", "not a well-formed id"),
        ("employees.csv", 2, "name", "", "empty"),
        ("employees.csv", 2, "name", "x" * 201, "longer than 200"),
        ("employees.csv", 2, "mail", "ann at town", "not a mail address"),
        ("employees.csv", 2, "language", "fy", "not a language"),
        ("employees.csv", 3, "superuser", "E-0009", "nobody in employees.csv has the id E-0009"),
        ("employees.csv", 3, "superuser", "E-0002", "E-0002 is not a superuser"),
        ("employees.csv", 3, "team_lead", "E-0009", "nobody in employees.csv has the id E-0009"),
        ("lines.csv", 2, "line", "E-0001", "not the id of a line"),
        ("lines.csv", 2, "line", "E-0009-1", "nobody in employees.csv has the id E-0009"),
        ("lines.csv", 3, "line", "E-0001-1", "the same stands in lines.csv, row 2, column line"),
        ("lines.csv", 2, "number", "6,12345678E+08", "scientific notation"),
        ("lines.csv", 2, "number", "6.12345678E8", "scientific notation"),
        ("lines.csv", 2, "number", "06 1234567O", "the letter O"),
        ("lines.csv", 2, "number", "06-12345678 thuis", "holds letters"),
        ("lines.csv", 2, "number", "06 1234 567", "not a number that exists"),
        ("lines.csv", 2, "number", "06-123456789", "not a number that exists"),
        ("lines.csv", 2, "number", "onbekend", "holds letters"),
        ("lines.csv", 2, "number", "06-12345678 / 06-87654321", "two numbers"),
        ("lines.csv", 2, "number", "0412-345678", "a fixed or service number"),
        ("lines.csv", 2, "number", "+447400123456", "a foreign number"),
        ("lines.csv", 2, "number", "0970-12345670", "a 097 number is for machines"),
        ("lines.csv", 3, "number", "+31612345678", "the same stands in lines.csv, row 2, column number"),
        ("lines.csv", 2, "kind", "mobile", "not a word from the list"),
        ("lines.csv", 5, "kind", "voice", "an S- line is shared, or a machine"),
        ("lines.csv", 2, "critical", "very", "not a word from the list"),
        ("lines.csv", 2, "ports", "maybe", "neither yes nor no"),
        ("lines.csv", 4, "ports", "yes", "a data or machine line is replaced"),
        ("lines.csv", 2, "execution", "later", "not a word from the list"),
        ("lines.csv", 2, "handset", "old", "not a word from the list"),
        ("lines.csv", 2, "old_iccid", "8,93108E+18", "scientific notation"),
        ("lines.csv", 2, "old_iccid", "8931080000000000018", "the check digit is wrong"),
        ("lines.csv", 2, "old_iccid", "8931081234567000000", "ends in four zeros"),
        ("lines.csv", 2, "old_iccid", "893108000000", "not an ICCID"),
        ("lines.csv", 2, "net", "06-12345679", "this number is moved as well (line E-0002-1)"),
        ("lines.csv", 2, "net", "0900-1234", "nobody answers"),
        ("lines.csv", 2, "net", "0970-87654321", "nobody answers"),
        ("lines.csv", 3, "execution", "booked", "a critical line cannot go in a batch"),
        ("lines.csv", 3, "net", "", "a critical line without anybody"),
        ("lines.csv", 3, "rosters", "E-0001", "not the id of a duty roster"),
        ("lines.csv", 3, "rosters", "R-hall R-hall", "names the same id twice"),
        ("lines.csv", 3, "rosters", "R-attic", "no roster in duty_rosters.csv has the id R-attic"),
        ("lines.csv", 5, "members", "E-0001 E-0009", "nobody in employees.csv has the id E-0009"),
        ("lines.csv", 5, "members", "", "a shared line without members"),
        ("lines.csv", 2, "members", "E-0002", "only a shared line"),
        ("lines.csv", 2, "stock", "K-attic", "no kit in kits.csv lies in the stock K-attic"),
        ("absences.csv", 2, "employee", "E-0009", "nobody in employees.csv has the id E-0009"),
        ("absences.csv", 2, "since", "soon", "not a day or a time"),
        ("absences.csv", 2, "since", "31-12-1999", "no time that this programme can meet"),
        ("absences.csv", 2, "until", "31-12-9999", "no time that this programme can meet"),
        ("absences.csv", 2, "until", "0001-01-01T00:00+23:59", "no time that this programme can meet"),
        ("programme.csv", 2, "contract_ends", "9999-12-31", "no time that this programme can meet"),
        ("absences.csv", 2, "until", "2027-02-01", "ends before it begins"),
        ("leavers.csv", 2, "employee", "E-0009", "nobody in employees.csv has the id E-0009"),
        ("leavers.csv", 2, "last_day", "31-02-2027", "not a day"),
        ("duty_rosters.csv", 2, "members", "0", "not a count"),
        ("duty_rosters.csv", 2, "share", "30%", "not a share"),
        ("duty_rosters.csv", 2, "share", "0,0", "not a share"),
        ("kits.csv", 3, "iccid", OLD_SIM, "the same stands in lines.csv, row 2, column old_iccid"),
        ("kits.csv", 3, "imei", HANDSET, "the same stands in kits.csv, row 2, column imei"),
        ("kits.csv", 2, "imei", HANDSET[:-1], "not an IMEI"),
        ("kits.csv", 2, "imei", f"{HANDSET}0", "not an IMEI"),
        ("kits.csv", 2, "imei", f"{HANDSET[:-1]}9", "the check digit is wrong"),
        ("kits.csv", 2, "imei", "4,90154E+14", "scientific notation"),
        ("programme.csv", 2, "contract_ends", "2026-07-12", "ends before the programme starts"),
    ],
)
def test_names_the_cell(tmp_path: Path, file: str, row: int, column: str, text: str, what: str) -> None:
    (fault,) = faults_of(spoiled(tmp_path, file, row, column, text))

    assert str(fault).startswith(f"{file}, row {row}, column {column}: ")
    assert what in fault.what


@pytest.mark.parametrize(
    ("column", "text", "told"),
    [
        ("kind", "shared", "lines.csv, row 2, column line: a shared line is nobody's own"),
        ("born_new", "yes", "lines.csv, row 2, column ports: the line is at the new provider already"),
        ("old_iccid", KIT_SIM, "kits.csv, row 2, column iccid: the same stands in lines.csv, row 2, column old_iccid"),
    ],
)
def test_names_the_cell_that_contradicts_another(tmp_path: Path, column: str, text: str, told: str) -> None:
    (fault,) = faults_of(spoiled(tmp_path, "lines.csv", 2, column, text))

    assert str(fault).startswith(told)


@pytest.mark.parametrize(
    ("file", "column", "text"),
    [
        ("employees.csv", "mail", "ann at town"),
        ("lines.csv", "number", "06 1234 567"),
        ("lines.csv", "net", "06-12345679"),
        ("lines.csv", "number", "06-12345679"),
        ("lines.csv", "kind", "Ann Example"),
        ("employees.csv", "superuser", "Ann Example"),
    ],
)
def test_never_repeats_a_name_an_address_or_a_number(tmp_path: Path, file: str, column: str, text: str) -> None:
    with pytest.raises(UnableToImportError) as refused:
        read_roster(spoiled(tmp_path, file, 2, column, text))

    assert text not in str(refused.value)
    assert "+31612345679" not in str(refused.value)


def no_header(files: Folder) -> None:
    files["employees.csv"] = [{"Ann Example": "x", "ann@town.example": "x"}]


def without(column: str) -> Callable[[Folder], None]:
    return lambda files: [row.pop(column) for row in files["employees.csv"]].clear()


def also(column: str, *cells: str) -> Callable[[Folder], None]:
    def add(files: Folder) -> None:
        for row, cell in zip(files["employees.csv"], cells, strict=True):
            row[column] = cell

    return add


def two_programmes(files: Folder) -> None:
    files["programme.csv"] *= 2


def one_cell_more(files: Folder) -> None:
    files["employees.csv"][1]["address"] = "Elm 2; Town"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (without("mail"), "employees.csv, row 1, column mail: the column is missing"),
        (also("nickname", "a", "b"), "employees.csv, row 1, column nickname: the column is not known"),
        (also("BSN", "", ""), "employees.csv, row 1, column bsn: holds what looks like citizen service numbers"),
        (also("code", "111222333", "123456782"), "column code: holds what looks like citizen service numbers"),
        (also("department", "111222333", "123456782"), "column department: holds what looks like citizen service"),
        (no_header, "employees.csv, row 1: the first row is not the header"),
        (two_programmes, "programme.csv: tells of 2 programmes"),
        (one_cell_more, "employees.csv, row 3: 10 cells where the header has 9"),
    ],
)
def test_names_the_column_or_row(tmp_path: Path, change: Callable[[Folder], None], told: str) -> None:
    files = right_folder()
    change(files)

    assert told in "\n".join(str(fault) for fault in faults_of(write(tmp_path, files)))


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (None, "leavers.csv: not there"),
        (b"", "leavers.csv: empty"),
        (b"employee,announced,last_day\n", "leavers.csv, row 1: no semicolons"),
        (b"employee;announced;last_day;last_day\n", "column last_day: the column stands here more than once"),
        ("employee;announced;last_day\n".encode("utf-16"), "leavers.csv: not a text in UTF-8"),
        (b"employee;announced;last_day\nE-0002;\x81;\n", "leavers.csv, row 2: neither UTF-8 nor"),
        (b'employee;announced;last_day\n"E-0002;', "leavers.csv: not a table"),
    ],
)
def test_names_the_file(tmp_path: Path, raw: bytes | None, told: str) -> None:
    leavers = write(tmp_path, right_folder()) / "leavers.csv"
    leavers.unlink()
    if raw is not None:
        leavers.write_bytes(raw)

    assert told in "\n".join(str(fault) for fault in faults_of(tmp_path))


def test_a_folder_that_is_not_there_is_one_fault(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path / "rooster")

    assert "no such folder" in fault.what


def test_tells_every_fault_in_one_go_and_what_to_do(tmp_path: Path) -> None:
    files = right_folder()
    files["employees.csv"][0]["mail"] = "none"
    files["lines.csv"][0]["number"] = "none"
    files["kits.csv"][0]["imei"] = "none"

    with pytest.raises(UnableToImportError) as refused:
        read_roster(write(tmp_path, files))

    first, *middle, last = str(refused.value).splitlines()
    assert first == f"Import not done: 3 faults in 3 files of {tmp_path}."
    assert [text.split(",")[0].strip() for text in middle] == ["employees.csv", "lines.csv", "kits.csv"]
    assert last.endswith(f"naadloos import {tmp_path}")


def test_a_fault_in_a_row_makes_no_other_row_refer_to_nothing(tmp_path: Path) -> None:
    assert len(faults_of(spoiled(tmp_path, "employees.csv", 2, "mail", "none"))) == 1


def test_a_file_that_is_not_there_makes_no_other_file_refer_to_nothing(tmp_path: Path) -> None:
    (write(tmp_path, right_folder()) / "employees.csv").unlink()

    assert len(faults_of(tmp_path)) == 1


def test_rows_are_counted_as_lines_of_the_file(tmp_path: Path) -> None:
    files = right_folder()
    files["lines.csv"].append(line("E-0001-2", "none"))
    path = write(tmp_path, files) / "lines.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("parks", '"parks\nand woods"', 1), encoding="utf-8")

    assert [fault.row for fault in faults_of(tmp_path)] == [7]
