"""Reports that match nobody: told, kept on disk, and offered again until they are routed, once."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from events.base import Iccid
from events.control import ReportRouted, ReportUnrouted
from events.dispatch import HandedOver
from events.journal import JournalRecord
from events.sim import SimAttached
from tests.workers.inbound_office import E1, JOURNAL, OF_SIM, Office, sim
from tests.workers.inbox_facts import TERMS, an_example, fed, record, said
from workers.journal.fold import Fold


def test_what_matches_nobody_is_told_to_the_programme_and_kept_on_disk(tmp_path: Path) -> None:
    office = Office(tmp_path)

    assert office.intake.take([sim("attached")]) == ["unrouted/provider/r-1"]
    assert office.heard() == [("P-demo", ReportUnrouted(source="provider", reference="r-1", kind="sim"))]
    assert office.waiting() == ["provider/r-1"]


def test_one_that_matches_nobody_holds_up_no_other(tmp_path: Path) -> None:
    office = Office(tmp_path, knows=JOURNAL)
    stranger = sim("attached").model_copy(update={"iccid": Iccid("8931000000000000009"), "id": "r-0"})

    assert office.intake.take([stranger, sim("attached")]) == ["unrouted/provider/r-0", "r-1"]
    assert office.waiting() == ["provider/r-0"]


def test_it_is_offered_again_when_the_directory_changes_and_routed_once(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.intake.take([sim("attached")])
    office.heard()
    office.offer_again()
    assert office.heard() == []

    office.journal.coming += JOURNAL
    office.offer_again()

    routed = ReportRouted(source="provider", reference="r-1", kind="sim")
    assert office.heard() == [(E1, SimAttached(**OF_SIM)), ("P-demo", routed)]
    assert office.waiting() == []
    office.offer_again()
    assert office.heard() == []


def test_it_waits_on_while_the_directory_changes_about_others(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.intake.take([sim("attached")])
    office.heard()
    other = an_example(HandedOver, "E-0002")
    office.journal.coming += [
        JournalRecord.model_validate_json(value) for value, _ in fed(Fold(0, TERMS), [record(said("E-0002", other))])
    ]
    office.offer_again()

    assert (office.heard(), office.waiting()) == ([], ["provider/r-1"])


def test_after_a_restart_the_waiting_report_is_offered_again(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.intake.take([sim("attached")])
    office.heard()
    office.journal.coming += JOURNAL
    office.open()
    office.offer_again()

    assert office.heard()[0] == (E1, SimAttached(**OF_SIM))
    assert office.waiting() == []


def test_a_report_that_comes_twice_waits_once_and_is_said_under_the_same_id(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.intake.take([sim("attached")])
    office.intake.take([sim("attached")])

    assert len({one.id for one in office.inbox.said}) == 1
    assert office.waiting() == ["provider/r-1"]


def test_killed_between_saying_and_forgetting_it_says_the_same_again(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.intake.take([sim("attached")])
    kept = (tmp_path / "unrouted.json").read_bytes()
    office.heard()
    office.journal.coming += JOURNAL
    office.offer_again()
    first_time = [(one.source, one.id) for one in office.inbox.said]
    office.inbox.said = []
    (tmp_path / "unrouted.json").write_bytes(kept)
    office.journal.coming += JOURNAL
    office.open()
    office.offer_again()

    assert [(one.source, one.id) for one in office.inbox.said] == first_time


def test_reports_of_two_sources_under_one_id_wait_both(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.intake.take([sim("attached"), sim("attached").model_copy(update={"source": "another"})])

    assert office.waiting() == ["provider/r-1", "another/r-1"]


def test_a_report_too_long_to_keep_is_no_report() -> None:
    with pytest.raises(ValidationError):
        sim("failed", why="x" * 1_001)
