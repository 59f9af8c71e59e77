"""Reports from outside: each becomes one fact of ours; what matches nobody waits, and is offered again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from events.base import Account, Barcode, Dossier, Iccid, LineId, Msisdn, SubjectId
from events.control import Held, ReportRouted, ReportUnrouted
from events.cutover import ForwardLost, Network
from events.dispatch import HandedOver, ParcelAnnounced, ParcelReported, ParcelStatus
from events.enrolment import LineEnrolled
from events.envelope import Said
from events.journal import JournalRecord
from events.places import KitGranted
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
    RequestPort,
)
from events.registry import AnyFact
from events.sim import SimAttached, SimBlocked, SimDetached, SimFailed
from tests.fakes import FakeClock
from tests.workers.inbox_facts import MONDAY, TERMS, an_example, fed, life, record, said
from workers.inbound.desk import Desk
from workers.inbound.directory import Directory
from workers.inbound.unrouted import Unrouted
from workers.journal.fold import Fold
from workers.journal.reading import Journal
from workers.journal.record import decode
from workers.providers.reports import ForwardReport, ParcelReport, PortReport, Report, SimReport, Spoken
from workers.runtime.saying import Inbox

LINE, E1 = LineId("E-0001-1"), SubjectId("E-0001")
TUESDAY = MONDAY + timedelta(days=1)
WHO: dict[str, Any] = {"id": "r-1", "source": "provider", "at": MONDAY}
JOURNAL = [JournalRecord.model_validate_json(value) for value, _ in fed(Fold(0, TERMS), map(record, life()))]


def first(kind: type[AnyFact]) -> Any:  # noqa: ANN401 - whichever fact was asked for
    return next(one.message for one in life() if isinstance(one.message, kind))


DOSSIER: Dossier = next(
    command.dossier
    for value, _ in fed(Fold(0, TERMS), map(record, life()))
    for command in decode(value).decision.commands
    if isinstance(command, RequestPort)
)
ICCID: Iccid = first(HandedOver).iccid
NUMBER: Msisdn = first(LineEnrolled).number
BARCODE: Barcode = first(ParcelAnnounced).barcode


class GrowingJournal:
    """A journal in memory, that grows when a test says so; a single reading gets a part of what is there."""

    def __init__(self) -> None:
        self.coming: list[JournalRecord] = []

    def read(self, _seconds: float) -> Iterator[tuple[int, JournalRecord]]:
        if self.coming:
            yield 0, self.coming.pop(0)

    def catch_up(self, seen: Callable[[int, JournalRecord], None]) -> None:
        while self.coming:
            for partition, each in self.read(0):
                seen(partition, each)


class HearingInbox:
    """An inbox in memory."""

    def __init__(self) -> None:
        self.said: list[Said[AnyFact]] = []

    def say_all(self, saids: Iterable[Said[AnyFact]]) -> None:
        self.said += saids


class Office:
    """A desk with all that stands around it."""

    def __init__(self, folder: Path, *, knows: Iterable[JournalRecord] = ()) -> None:
        self.folder = folder
        self.journal, self.inbox = GrowingJournal(), HearingInbox()
        self.journal.coming += knows
        self.open()

    def open(self) -> None:
        """Open it, as after a restart: of what was known only the disk and the journal are left."""
        self.desk = Desk(
            programme="demo",
            journal=cast("Journal[JournalRecord]", self.journal),
            inbox=cast("Inbox", self.inbox),
            clock=FakeClock(TUESDAY),
            unrouted=Unrouted(self.folder / "unrouted.json"),
        )

    def offer_again(self) -> None:
        """What the desk does all the time."""
        self.desk.follow()
        self.desk.offer_again()
        while self.journal.coming:
            self.desk.follow()
            self.desk.offer_again()

    def heard(self) -> list[tuple[str, AnyFact]]:
        """What was said since it was asked last."""
        said, self.inbox.said = self.inbox.said, []
        return [(one.subject, one.message) for one in said]

    def waiting(self) -> list[str]:
        return list(Unrouted(self.folder / "unrouted.json").reports)


def port(state: PortState, **more: Any) -> PortReport:  # noqa: ANN401 - the fields' own types
    return PortReport(dossier=DOSSIER, state=state, **WHO, **more)


def sim(state: Any, **more: Any) -> SimReport:  # noqa: ANN401 - one of four words
    return SimReport(iccid=ICCID, state=state, **WHO, **more)


D: dict[str, Any] = {"line": LINE, "dossier": DOSSIER}
S: dict[str, Any] = {"line": LINE, "iccid": ICCID}
TRANSLATED: list[tuple[Report, AnyFact]] = [
    (port(PortState.DELAYED, due=TUESDAY, code="9"), PortDelayed(due=TUESDAY, code="9", **D)),
    (
        port(PortState.ACCEPTED, first_possible=TUESDAY, iccid=ICCID),
        PortAccepted(first_possible=TUESDAY, iccid=ICCID, **D),
    ),
    (port(PortState.ACCEPTED, iccid=ICCID, rebound=True), PortRebound(iccid=ICCID, **D)),
    (port(PortState.ACCEPTED, missed_batch=True), PortMissedBatch(**D)),
    (port(PortState.BLOCKED, code="63", note="n"), PortBlocked(code="63", note="n", **D)),
    (port(PortState.FAILED, code="12", note="n"), PortErrorFound(code="12", note="n", **D)),
    (port(PortState.PERFORMED), PortPerformed(**D)),
    (port(PortState.CANCELLED), PortCancelled(**D)),
    (port(PortState.LAPSED), PortLapsed(**D)),
    (port(PortState.REVERSED), PortReversed(**D)),
    (port(PortState.RETURNED), NumberDeactivated(**D)),
    (port(PortState.EXECUTING), PortReported(state=PortState.EXECUTING, **D)),
    (port(PortState.DELAYED, code="9"), PortReported(state=PortState.DELAYED, code="9", **D)),
    (port(PortState.ACCEPTED, note="n"), PortReported(state=PortState.ACCEPTED, note="n", **D)),
    (sim("attached"), SimAttached(**S)),
    (sim("detached"), SimDetached(**S)),
    (sim("failed", why="dead"), SimFailed(why="dead", **S)),
    (sim("blocked", asked=True), SimBlocked(asked=True, **S)),
    (
        ParcelReport(barcode=BARCODE, status=ParcelStatus.ON_HOLD, incident="wet", **WHO),
        ParcelReported(line=LINE, barcode=BARCODE, status=ParcelStatus.ON_HOLD, incident="wet"),
    ),
    (ForwardReport(number=NUMBER, network=Network.OLD, **WHO), ForwardLost(line=LINE, network=Network.OLD)),
]


@pytest.mark.parametrize(("report", "fact"), TRANSLATED, ids=lambda each: type(each).__name__)
def test_a_report_becomes_a_fact_of_the_line_that_it_is_about(tmp_path: Path, report: Report, fact: AnyFact) -> None:
    office = Office(tmp_path, knows=JOURNAL)

    assert office.desk.take([report]) == ["r-1"]
    assert office.heard() == [(E1, fact)]
    assert office.waiting() == []


def test_the_fact_carries_the_reports_own_id_source_and_time(tmp_path: Path) -> None:
    office = Office(tmp_path, knows=JOURNAL)
    office.desk.take([sim("attached")])
    (one,) = office.inbox.said

    assert (one.id, one.source, one.time, one.recorded) == ("r-1", "provider", MONDAY, TUESDAY)
    assert (one.correlation, one.actor) == (E1, "")


def test_what_a_person_says_goes_to_the_subject_as_it_is_with_the_account(tmp_path: Path) -> None:
    held = Held(why="asked", by=Account("els"))
    office = Office(tmp_path)
    office.desk.take([Spoken(subject=SubjectId("W-01"), actor=Account("els"), fact=held, **WHO)])
    (one,) = office.inbox.said

    assert (one.subject, one.message, one.actor, one.id) == ("W-01", held, "els", "r-1")


def test_reports_keep_their_order(tmp_path: Path) -> None:
    office = Office(tmp_path, knows=JOURNAL)
    reports = [report.model_copy(update={"id": f"r-{n}"}) for n, (report, _) in enumerate(TRANSLATED)]

    assert office.desk.take(reports) == [report.id for report in reports]
    assert [fact for _, fact in office.heard()] == [fact for _, fact in TRANSLATED]


def test_a_name_given_a_moment_ago_is_known(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.journal.coming += JOURNAL
    office.desk.take([sim("attached")])

    assert office.heard() == [(E1, SimAttached(**S))]


def test_what_matches_nobody_is_told_to_the_programme_and_kept_on_disk(tmp_path: Path) -> None:
    office = Office(tmp_path)

    assert office.desk.take([sim("attached")]) == ["unrouted/r-1"]
    assert office.heard() == [("P-demo", ReportUnrouted(source="provider", reference="r-1", kind="sim"))]
    assert office.waiting() == ["r-1"]


def test_one_that_matches_nobody_holds_up_no_other(tmp_path: Path) -> None:
    office = Office(tmp_path, knows=JOURNAL)
    stranger = sim("attached").model_copy(update={"iccid": Iccid("8931000000000000009"), "id": "r-0"})

    assert office.desk.take([stranger, sim("attached")]) == ["unrouted/r-0", "r-1"]
    assert office.waiting() == ["r-0"]


def test_it_is_offered_again_when_the_directory_changes_and_routed_once(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.desk.take([sim("attached")])
    office.heard()
    office.offer_again()
    assert office.heard() == []

    office.journal.coming += JOURNAL
    office.offer_again()

    routed = ReportRouted(source="provider", reference="r-1", kind="sim")
    assert office.heard() == [(E1, SimAttached(**S)), ("P-demo", routed)]
    assert office.waiting() == []
    office.offer_again()
    assert office.heard() == []


def test_it_waits_on_while_the_directory_changes_about_others(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.desk.take([sim("attached")])
    office.heard()
    other = an_example(HandedOver, "E-0002")
    office.journal.coming += [
        JournalRecord.model_validate_json(value) for value, _ in fed(Fold(0, TERMS), [record(said("E-0002", other))])
    ]
    office.offer_again()

    assert (office.heard(), office.waiting()) == ([], ["r-1"])


def test_after_a_restart_the_waiting_report_is_offered_again(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.desk.take([sim("attached")])
    office.heard()
    office.journal.coming += JOURNAL
    office.open()
    office.offer_again()

    assert office.heard()[0] == (E1, SimAttached(**S))
    assert office.waiting() == []


def test_a_report_that_comes_twice_waits_once_and_is_said_under_the_same_id(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.desk.take([sim("attached")])
    office.desk.take([sim("attached")])

    assert len({one.id for one in office.inbox.said}) == 1
    assert office.waiting() == ["r-1"]


def test_killed_between_saying_and_forgetting_it_says_the_same_again(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.desk.take([sim("attached")])
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


@pytest.mark.parametrize("name", [DOSSIER, ICCID, NUMBER, BARCODE, first(LineEnrolled).old_iccid])
def test_the_directory_knows_every_name_of_a_line(name: str) -> None:
    directory = Directory()
    for each in JOURNAL:
        directory.heard(each)

    assert directory.find(name) == LINE


def test_the_directory_learns_nothing_from_duplicates_and_changes_only_by_what_is_new() -> None:
    granted = said("E-0001", an_example(KitGranted, "E-0001"))
    fold, directory = Fold(0, TERMS), Directory()
    records = [JournalRecord.model_validate_json(value) for value, _ in fed(fold, [record(granted)] * 2)]
    directory.heard(records[1])
    assert directory.changes == 0

    directory.heard(records[0])
    directory.heard(records[0])
    assert directory.changes == 1
