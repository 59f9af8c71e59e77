"""`naadloos audit` as it is typed: of a backup, against an anchor, and what it says of what was altered."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from pathlib import Path

import pytest

from tests.workers.inbox_facts import MONDAY, PROGRAMME
from tests.workers.kept_programme import keep, programme, records
from workers.audit.anchor import UnableToReadAnchorError, anchor_of, read_anchor
from workers.cli import main
from workers.cli.exits import Exit


@pytest.fixture
def file(tmp_path: Path) -> Path:
    keep(tmp_path / "town.backup", programme(records()))
    return tmp_path / "town.backup"


def test_a_backup_is_audited_without_a_kafka(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "audit.csv"

    assert main(["--lang", "en", "audit", "--from", str(file), "--out", str(out)]) == Exit.DONE

    told = capsys.readouterr()
    assert f"{len(records())} decisions in one chain" in told.err
    assert "unread: not_json" in out.read_text(encoding="utf-8")


def test_an_earlier_report_is_an_anchor_for_a_later_audit(file: Path, tmp_path: Path) -> None:
    early, report = tmp_path / "early.backup", tmp_path / "report.json"
    keep(early, programme(records()[:20]))
    audit = ["audit", "--from", str(early), "--format", "json", "--out", str(report)]

    assert main(audit) == Exit.DONE
    assert main(["audit", "--from", str(file), "--anchor", str(report), "--out", str(tmp_path / "x")]) == Exit.DONE


def test_an_altered_last_record_shows_against_an_anchor_and_not_without(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report, other, out = tmp_path / "report.json", tmp_path / "other.backup", tmp_path / "x"
    main(["audit", "--from", str(file), "--format", "json", "--out", str(report)])
    topics = programme(records())
    last = topics["journal"][-1]
    topics["journal"][-1] = last._replace(value=(last.value or b"").replace(b'"code":"', b'"code":"f'))
    keep(other, topics)

    assert main(["audit", "--from", str(other), "--out", str(out)]) == Exit.DONE
    assert main(["audit", "--from", str(other), "--anchor", str(report), "--out", str(out)]) == Exit.FAILED
    assert f"journal, partition 0, offset {last.offset}: the anchor names another" in capsys.readouterr().err


def test_a_journal_that_ends_before_what_the_deciders_had_come_to_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, report = tmp_path / "cut.backup", tmp_path / "report.json"
    topics = programme(records())
    del topics["journal"][-2:]
    keep(file, topics)

    assert main(["audit", "--from", str(file), "--format", "json", "--out", str(report)]) == Exit.FAILED

    told = capsys.readouterr().err
    assert "stands last, and the deciders had come as far as inbox offset" in told
    assert "naadloos audit --format json --out FINDINGS.json" in told
    assert [finding["kind"] for finding in json.loads(report.read_text())["findings"]] == ["ends-early"]


def test_what_is_damaged_in_a_file_stands_in_the_report_too(tmp_path: Path, file: Path) -> None:
    report = tmp_path / "report.json"
    with sqlite3.connect(file) as connection:
        connection.execute("update records set value = x'00' where topic = 'people'")

    assert main(["audit", "--from", str(file), "--format", "json", "--out", str(report)]) == Exit.FAILED

    (damage,) = json.loads(report.read_text())["damage"]
    assert "people" in damage


@pytest.mark.parametrize("text", ["", "{}", '{"anchor": {}}', "[1]"])
def test_what_is_no_anchor_is_bad_input(file: Path, tmp_path: Path, text: str) -> None:
    (tmp_path / "odd.json").write_text(text)

    assert main(["audit", "--from", str(file), "--anchor", str(tmp_path / "odd.json")]) == Exit.BAD_INPUT
    assert main(["audit", "--from", str(file), "--anchor", str(tmp_path / "none.json")]) == Exit.BAD_INPUT


def test_an_anchor_of_another_programme_than_the_backup_says_which_two_belong_together(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    anchor = anchor_of("other", "other.1", [], at=MONDAY)
    (tmp_path / "other.json").write_text(anchor.model_dump_json())
    monkeypatch.setenv("NAADLOOS_PROGRAMME", "other")  # it names whose Kafka is read, and here none is

    asked = ["audit", "--from", str(file), "--anchor", str(tmp_path / "other.json")]
    assert main(["--lang", "en", *asked]) == Exit.BAD_INPUT

    told = capsys.readouterr().err
    assert f"Give the anchor of {PROGRAMME}, or the backup of other:  naadloos audit --from FILE --anchor FILE" in told
    assert "export" not in told


def test_an_anchor_of_another_programme_than_ours_says_which_and_what_to_type(tmp_path: Path) -> None:
    anchor = anchor_of("other", "other.1", [], at=MONDAY)
    (tmp_path / "other.json").write_text(anchor.model_dump_json())

    with pytest.raises(UnableToReadAnchorError, match="export NAADLOOS_PROGRAMME=other"):
        read_anchor(tmp_path / "other.json", programme=PROGRAMME, backup=None)


def test_an_altered_backup_fails_its_audit_and_the_place_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    topics = programme(records())
    topics["journal"][7] = topics["journal"][7]._replace(value=b"{}")
    keep(tmp_path / "other.backup", topics)

    assert main(["audit", "--from", str(tmp_path / "other.backup"), "--out", str(tmp_path / "x")]) == Exit.FAILED
    assert "journal, partition 0, offset 7: is no journal record of ours" in capsys.readouterr().err


def test_a_place_where_nothing_can_be_written_is_bad_input(file: Path, tmp_path: Path) -> None:
    assert main(["audit", "--from", str(file), "--out", str(tmp_path / "none" / "x.csv")]) == Exit.BAD_INPUT


@pytest.mark.parametrize(
    ("who", "hint"),
    [
        ("E-9999", "Give an id such as E-0001, E-0001-1 or W-01."),
        ("NOBODY", "Give an id such as E-0001, E-0001-1 or W-01."),
        ("E-001", "Did you mean E-0001?  naadloos audit --employee E-0001"),
        ("E-1-1", "Did you mean E-0001-1?  naadloos audit --employee E-0001-1"),
    ],
)
def test_a_name_that_is_nobodys_is_bad_input_with_what_was_meant(
    who: str, hint: str, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["audit", "--from", str(file), "--out", str(tmp_path / "rows.csv"), "--employee", who]

    assert main(["--lang", "en", *asked]) == Exit.BAD_INPUT

    told = capsys.readouterr().err.splitlines()
    assert told[-2:] == [f"Nothing was ever heard about {who}, so there is no row.", hint]
    assert any("The journal is as it was written" in line for line in told)


@pytest.mark.parametrize("who", ["E-0001", "e-0001", "E-0001-1"])
def test_a_name_that_is_somebodys_may_have_an_empty_log(
    who: str, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["audit", "--from", str(file), "--out", str(tmp_path / "rows.csv"), "--employee", who]

    assert main(["--lang", "en", *asked, "--until", "2020-01-01"]) == Exit.DONE
    assert "Nothing was ever heard" not in capsys.readouterr().err


def test_an_altered_journal_is_graver_than_a_name_that_is_nobodys(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    topics = programme(records())
    topics["journal"][7] = topics["journal"][7]._replace(value=b"{}")
    keep(tmp_path / "other.backup", topics)

    asked = ["audit", "--from", str(tmp_path / "other.backup"), "--out", str(tmp_path / "x"), "--employee", "E-9999"]
    assert main(["--lang", "en", *asked]) == Exit.FAILED
    assert "Nothing was ever heard about E-9999" in capsys.readouterr().err


def test_who_stops_reading_the_rows_does_not_turn_the_verdict(file: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("update records set value = x'00' where topic = 'people'")
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w", encoding="utf-8") as pipe, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", pipe)
        code = main(["--lang", "en", "audit", "--from", str(file)])

    assert code == Exit.FAILED
    assert "The journal is not as it was written" in capfd.readouterr().err
