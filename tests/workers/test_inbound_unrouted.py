"""Reports that match nobody: told, kept on disk, and offered again until they are routed, once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from events.base import Account, Iccid
from events.control import ReportDismissed, ReportRouted, ReportUnrouted
from events.dispatch import HandedOver
from events.journal import JournalRecord
from events.sim import SimAttached
from tests.workers.inbound_office import E1, JOURNAL, OF_SIM, Office, sim
from tests.workers.inbox_facts import TERMS, an_example, fed, record, said
from workers.inbound import unrouted as unrouted_module
from workers.inbound.unrouted import Unrouted
from workers.journal.fold import Fold
from workers.providers.reports import REPORTS, SimReport
from workers.runtime.saying import UnableToShortenError


def another(number: int) -> SimReport:
    """A report about a SIM that nobody has."""
    return sim("attached").model_copy(update={"iccid": Iccid("8931000000000000009"), "id": f"r-{number}"})


def dies(_saids: object) -> None:
    raise KeyboardInterrupt


def too_long(_saids: object) -> None:
    raise UnableToShortenError("Not said: too long.")


def no_space(*_asked: object) -> None:
    raise OSError(28, "No space left on device")


SEEN_TO = ReportDismissed(source="provider", reference="r-1", why="a test card", by=Account("els"))
DISMISSAL = [
    JournalRecord.model_validate_json(value) for value, _ in fed(Fold(0, TERMS), [record(said("P-demo", SEEN_TO))])
]


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


def test_killed_before_it_is_said_that_a_report_waits_it_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office(tmp_path)
    with monkeypatch.context() as dying:
        dying.setattr(office.inbox, "say_all", dies)
        with pytest.raises(KeyboardInterrupt):
            office.intake.take([sim("attached")])
    office.journal.coming += JOURNAL
    office.open()
    office.offer_again()

    assert office.heard()[0] == (E1, SimAttached(**OF_SIM))


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


@pytest.mark.parametrize("turn", ["read", "catch_up"])
def test_a_full_disk_keeps_no_line_from_the_directory_and_what_was_settled_is_forgotten_later(
    turn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = Office(tmp_path)
    office.intake.take([sim("attached"), another(2)])
    office.heard()
    office.journal.coming += [*DISMISSAL, *JOURNAL]
    office.journal.at_once = len(office.journal.coming)
    with monkeypatch.context() as full:
        full.setattr(Path, "open", no_space)
        office.intake.follow(catch_up=turn == "catch_up")
        office.intake.offer_again()
        assert office.heard() == []
        assert office.intake.take([sim("detached").model_copy(update={"id": "r-3"})]) == ["r-3"]
    assert office.waiting() == ["provider/r-1", "provider/r-2"]

    office.offer_again()

    assert office.waiting() == ["provider/r-2"]


def test_what_found_its_line_while_the_disk_is_full_is_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = Office(tmp_path)
    office.intake.take([sim("attached")])
    office.heard()
    office.journal.coming += JOURNAL
    with monkeypatch.context() as full:
        full.setattr(Path, "open", no_space)
        office.offer_again()
        assert len(office.heard()) == 2
        office.offer_again()

    office.offer_again()

    assert (office.heard(), office.waiting()) == ([], [])


def test_what_is_kept_is_added_to_what_stands_there(tmp_path: Path) -> None:
    unrouted, file = Unrouted(tmp_path / "unrouted.json"), tmp_path / "unrouted.json"
    unrouted.keep([another(1)])
    before = file.read_bytes()
    unrouted.keep([another(2)])
    unrouted.forget(["provider/r-1"])

    assert file.read_bytes().startswith(before)
    assert list(Unrouted(file).reports) == ["provider/r-2"]


def test_the_file_does_not_grow_with_what_came_and_went(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unrouted_module, "SPARE", 4)
    unrouted, file = Unrouted(tmp_path / "unrouted.json"), tmp_path / "unrouted.json"
    for number in range(50):
        unrouted.keep([another(number)])
        unrouted.forget([f"provider/r-{number}"])

    assert file.read_bytes().count(b"\n") < 10


def test_of_too_many_the_oldest_are_let_go_and_that_is_said(tmp_path: Path) -> None:
    office = Office(tmp_path, most=2)
    for number in (1, 2):
        office.intake.take([another(number)])
    office.heard()

    office.intake.take([another(3), another(4), another(5)])

    told = [fact for _, fact in office.heard()]
    assert [fact.reference for fact in told if isinstance(fact, ReportUnrouted)] == ["r-3", "r-4", "r-5"]
    assert [(fact.reference, fact.by) for fact in told if isinstance(fact, ReportDismissed)] == [
        (reference, "inbound") for reference in ("r-1", "r-2", "r-3")
    ]
    assert office.waiting() == ["provider/r-4", "provider/r-5"]


def test_where_nothing_may_be_said_none_is_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office(tmp_path, most=1)
    office.intake.take([sim("attached")])
    monkeypatch.setattr(office.inbox, "say_all", too_long)

    with pytest.raises(UnableToShortenError):
        office.intake.take([another(2)])

    assert office.waiting() == ["provider/r-1"]


def test_killed_before_too_many_are_let_go_that_is_made_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office(tmp_path, most=1)
    office.intake.take([sim("attached")])
    with monkeypatch.context() as dying:
        dying.setattr(office.inbox, "say_all", dies)
        with pytest.raises(KeyboardInterrupt):
            office.intake.take([another(2)])
    office.heard()
    office.open()

    office.intake.take([another(2)])

    assert [type(fact) for _, fact in office.heard()] == [ReportUnrouted, ReportDismissed]
    assert office.waiting() == ["provider/r-2"]


def test_a_line_that_was_cut_off_halfway_was_promised_to_nobody(tmp_path: Path) -> None:
    file = tmp_path / "unrouted.json"
    Unrouted(file).keep([another(1)])
    whole = file.read_bytes()
    file.write_bytes(whole + whole[:-9])

    after = Unrouted(file)
    after.keep([another(2)])

    assert list(after.reports) == list(Unrouted(file).reports) == ["provider/r-1", "provider/r-2"]


def test_a_file_from_before_there_were_lines_is_read(tmp_path: Path) -> None:
    file = tmp_path / "unrouted.json"
    file.write_bytes(REPORTS.dump_json([another(1), another(2)]))

    assert list(Unrouted(file).reports) == ["provider/r-1", "provider/r-2"]


def test_what_the_disk_did_not_take_does_not_wait_and_does_no_harm_to_what_comes_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "unrouted.json"
    unrouted = Unrouted(file)
    unrouted.keep([another(1)])
    with monkeypatch.context() as full:
        full.setattr(os, "fsync", no_space)
        with pytest.raises(OSError, match="No space"):
            unrouted.keep([another(2)])
    assert list(unrouted.reports) == ["provider/r-1"]

    unrouted.keep([another(3)])

    assert list(Unrouted(file).reports) == ["provider/r-1", "provider/r-3"]


def test_reports_of_two_sources_under_one_id_wait_both(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.intake.take([sim("attached"), sim("attached").model_copy(update={"source": "another"})])

    assert office.waiting() == ["provider/r-1", "another/r-1"]


def test_a_report_too_long_to_keep_is_no_report() -> None:
    with pytest.raises(ValidationError):
        sim("failed", why="x" * 1_001)
