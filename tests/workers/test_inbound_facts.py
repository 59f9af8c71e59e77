"""Reports from outside: each becomes one fact of ours, with the report's own id, source and time."""

from __future__ import annotations

from pathlib import Path

import pytest

from events.base import Account, SubjectId
from events.control import Held
from events.cutover import ForwardLost, Network
from events.dispatch import ParcelReported, ParcelStatus
from events.porting import (
    NumberDeactivated,
    PortAccepted,
    PortBlocked,
    PortCancelled,
    PortDelayed,
    PortErrorFound,
    PortLapsed,
    PortMissedBatch,
    PortPerformed,
    PortRebound,
    PortReported,
    PortReversed,
    PortState,
)
from events.registry import AnyFact
from events.sim import SimAttached, SimBlocked, SimDetached, SimFailed
from tests.workers.inbound_office import (
    BARCODE,
    E1,
    ICCID,
    JOURNAL,
    LINE,
    NUMBER,
    OF_DOSSIER,
    OF_SIM,
    TUESDAY,
    WHO,
    Office,
    port,
    sim,
)
from tests.workers.inbox_facts import MONDAY
from workers.providers.reports import ForwardReport, ParcelReport, Report, Spoken

TRANSLATED: list[tuple[Report, AnyFact]] = [
    (port(PortState.DELAYED, due=TUESDAY, code="9"), PortDelayed(due=TUESDAY, code="9", **OF_DOSSIER)),
    (
        port(PortState.ACCEPTED, first_possible=TUESDAY, iccid=ICCID),
        PortAccepted(first_possible=TUESDAY, iccid=ICCID, **OF_DOSSIER),
    ),
    (port(PortState.ACCEPTED, iccid=ICCID, rebound=True), PortRebound(iccid=ICCID, **OF_DOSSIER)),
    (port(PortState.ACCEPTED, missed_batch=True), PortMissedBatch(**OF_DOSSIER)),
    (port(PortState.BLOCKED, code="63", note="n"), PortBlocked(code="63", note="n", **OF_DOSSIER)),
    (port(PortState.FAILED, code="12", note="n"), PortErrorFound(code="12", note="n", **OF_DOSSIER)),
    (port(PortState.PERFORMED), PortPerformed(**OF_DOSSIER)),
    (port(PortState.CANCELLED), PortCancelled(**OF_DOSSIER)),
    (port(PortState.LAPSED), PortLapsed(**OF_DOSSIER)),
    (port(PortState.REVERSED), PortReversed(**OF_DOSSIER)),
    (port(PortState.RETURNED), NumberDeactivated(**OF_DOSSIER)),
    (port(PortState.EXECUTING), PortReported(state=PortState.EXECUTING, **OF_DOSSIER)),
    (port(PortState.DELAYED, code="9"), PortReported(state=PortState.DELAYED, code="9", **OF_DOSSIER)),
    (port(PortState.ACCEPTED, note="n"), PortReported(state=PortState.ACCEPTED, note="n", **OF_DOSSIER)),
    (sim("attached"), SimAttached(**OF_SIM)),
    (sim("detached"), SimDetached(**OF_SIM)),
    (sim("failed", why="dead"), SimFailed(why="dead", **OF_SIM)),
    (sim("blocked", asked=True), SimBlocked(asked=True, **OF_SIM)),
    (
        ParcelReport(barcode=BARCODE, status=ParcelStatus.ON_HOLD, incident="wet", **WHO),
        ParcelReported(line=LINE, barcode=BARCODE, status=ParcelStatus.ON_HOLD, incident="wet"),
    ),
    (ForwardReport(number=NUMBER, network=Network.OLD, **WHO), ForwardLost(line=LINE, network=Network.OLD)),
]


@pytest.mark.parametrize(("report", "fact"), TRANSLATED, ids=lambda each: type(each).__name__)
def test_a_report_becomes_a_fact_of_the_line_that_it_is_about(tmp_path: Path, report: Report, fact: AnyFact) -> None:
    office = Office(tmp_path, knows=JOURNAL)

    assert office.intake.take([report]) == ["r-1"]
    assert office.heard() == [(E1, fact)]
    assert office.waiting() == []


def test_the_fact_carries_the_reports_own_id_source_and_time(tmp_path: Path) -> None:
    office = Office(tmp_path, knows=JOURNAL)
    office.intake.take([sim("attached")])
    (one,) = office.inbox.said

    assert (one.id, one.source, one.time, one.recorded) == ("r-1", "provider", MONDAY, TUESDAY)
    assert (one.correlation, one.actor) == (E1, "")


def test_what_a_person_says_goes_to_the_subject_as_it_is_with_the_account(tmp_path: Path) -> None:
    held = Held(why="asked", by=Account("els"))
    office = Office(tmp_path)
    office.intake.take([Spoken(subject=SubjectId("W-01"), actor=Account("els"), fact=held, **WHO)])
    (one,) = office.inbox.said

    assert (one.subject, one.message, one.actor, one.id) == ("W-01", held, "els", "r-1")


def test_reports_keep_their_order(tmp_path: Path) -> None:
    office = Office(tmp_path, knows=JOURNAL)
    reports = [report.model_copy(update={"id": f"r-{n}"}) for n, (report, _) in enumerate(TRANSLATED)]

    assert office.intake.take(reports) == [report.id for report in reports]
    assert [fact for _, fact in office.heard()] == [fact for _, fact in TRANSLATED]


def test_a_name_given_a_moment_ago_is_known(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.journal.coming += JOURNAL
    office.intake.take([sim("attached")])

    assert office.heard() == [(E1, SimAttached(**OF_SIM))]
