"""Reports that match nobody: told, kept on disk, and offered again until they are routed, once."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from events.base import Iccid
from events.control import ReportRouted, ReportUnrouted
from events.dispatch import HandedOver
from events.sim import SimAttached
from tests.workers.inbound_office import (
    DISMISSAL,
    E1,
    JOURNAL,
    OF_SIM,
    Office,
    another,
    decided,
    one_waits,
    sim,
    too_long,
)
from tests.workers.inbox_facts import an_example, said
from workers.runtime.saying import UnableToShortenError


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
    office = one_waits(tmp_path)
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
    office = one_waits(tmp_path)
    other = an_example(HandedOver, "E-0002")
    office.journal.coming += decided([said("E-0002", other)])
    office.offer_again()

    assert (office.heard(), office.waiting()) == ([], ["provider/r-1"])


def test_after_a_restart_the_waiting_report_is_offered_again(tmp_path: Path) -> None:
    office = one_waits(tmp_path)
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


def test_where_nothing_may_be_said_nothing_is_kept_but_what_waited_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = Office(tmp_path)
    office.intake.take([sim("attached")])
    monkeypatch.setattr(office.inbox, "say_all", too_long)

    with pytest.raises(UnableToShortenError):
        office.intake.take([sim("attached"), another(2)])

    assert office.waiting() == ["provider/r-1"]


def test_one_to_which_a_person_has_seen_waits_no_longer(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.intake.take([sim("attached"), another(2)])
    office.journal.coming += DISMISSAL
    office.offer_again()

    assert office.waiting() == ["provider/r-2"]


def test_one_to_which_a_person_has_seen_does_not_wait_again_though_its_source_repeats_it(tmp_path: Path) -> None:
    office = Office(tmp_path, knows=DISMISSAL)

    assert office.intake.take([sim("attached")]) == ["unrouted/provider/r-1"]
    assert office.waiting() == []


def test_one_to_which_a_person_has_seen_is_a_fact_where_its_source_repeats_it_of_a_line_known_by_then(
    tmp_path: Path,
) -> None:
    office = Office(tmp_path, knows=[*DISMISSAL, *JOURNAL])

    assert office.intake.take([sim("attached")]) == ["r-1"]
    assert office.heard() == [(E1, SimAttached(**OF_SIM))]


def test_reports_of_two_sources_under_one_id_wait_both(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.intake.take([sim("attached"), sim("attached").model_copy(update={"source": "another"})])

    assert office.waiting() == ["provider/r-1", "another/r-1"]


def test_a_report_too_long_to_keep_is_no_report() -> None:
    with pytest.raises(ValidationError):
        sim("failed", why="x" * 1_001)
