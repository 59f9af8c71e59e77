"""An intake that is killed says again, or makes good, whatever it was about."""

from __future__ import annotations

from pathlib import Path

from events.control import ReportDismissed, ReportUnrouted
from events.sim import SimAttached
from tests.workers.inbound_office import E1, JOURNAL, OF_SIM, Office, another, decided, killed, one_waits, sim


def test_killed_between_saying_and_forgetting_it_says_the_same_again(tmp_path: Path) -> None:
    office = one_waits(tmp_path)
    kept = (tmp_path / "unrouted.json").read_bytes()
    office.journal.coming += JOURNAL
    office.offer_again()
    first_time = [(one.source, one.id) for one in office.inbox.said]
    office.inbox.said = []
    (tmp_path / "unrouted.json").write_bytes(kept)
    office.journal.coming += JOURNAL
    office.open()
    office.offer_again()

    assert [(one.source, one.id) for one in office.inbox.said] == first_time


def test_killed_before_it_is_said_that_a_report_waits_it_waits(tmp_path: Path) -> None:
    office = Office(tmp_path)
    with killed(office):
        office.intake.take([sim("attached")])
    office.journal.coming += JOURNAL
    office.open()
    office.offer_again()

    assert office.heard()[0] == (E1, SimAttached(**OF_SIM))


def test_killed_before_too_many_are_let_go_that_is_made_good(tmp_path: Path) -> None:
    office = Office(tmp_path, most=1)
    office.intake.take([sim("attached")])
    with killed(office):
        office.intake.take([another(2)])
    office.heard()
    office.open()

    office.intake.take([another(2)])

    assert [type(fact) for _, fact in office.heard()] == [ReportUnrouted, ReportDismissed]
    assert office.waiting() == ["provider/r-2"]


def test_killed_while_only_a_part_is_acknowledged_it_does_not_say_that_a_report_is_routed_before_its_fact_stands(
    tmp_path: Path,
) -> None:
    office = one_waits(tmp_path)
    office.journal.coming += JOURNAL
    office.journal.at_once = len(JOURNAL)
    with killed(office, once_said=lambda one: one.subject == "P-demo"):
        office.offer_again()
    stands, office.inbox.said = decided(office.inbox.said), []
    office.journal.coming += [*JOURNAL, *stands]

    office.open()
    office.offer_again()

    assert (E1, SimAttached(**OF_SIM)) in office.heard()
    assert office.waiting() == []
