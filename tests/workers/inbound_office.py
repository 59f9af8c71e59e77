"""An intake for reports from outside, with a journal that grows when a test says so and an inbox that is only heard.

And what befalls it: it is killed as it says something, the disk is full, what it says is too long.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from events.base import Account, Barcode, Dossier, Iccid, LineId, Msisdn, SubjectId
from events.control import ReportDismissed
from events.dispatch import HandedOver, ParcelAnnounced
from events.enrolment import LineEnrolled
from events.envelope import Said
from events.journal import JournalRecord
from events.porting import PortState, RequestPort
from events.registry import AnyFact
from tests.fakes import FakeClock
from tests.workers.inbox_facts import MONDAY, TERMS, fed, life, record, said
from workers.inbound.intake import Intake
from workers.inbound.unrouted import MOST, Unrouted
from workers.journal.fold import Fold
from workers.journal.reading import Journal
from workers.journal.record import decode
from workers.providers.reports import PortReport, SimReport
from workers.runtime.saying import Inbox, UnableToShortenError

LINE, E1 = LineId("E-0001-1"), SubjectId("E-0001")
TUESDAY = MONDAY + timedelta(days=1)
WHO: dict[str, Any] = {"id": "r-1", "source": "provider", "at": MONDAY}


def decided(saids: Iterable[Said[AnyFact]]) -> list[JournalRecord]:
    """The journal's records of these messages."""
    return [JournalRecord.model_validate_json(value) for value, _ in fed(Fold(0, TERMS), map(record, saids))]


JOURNAL = decided(life())
SEEN_TO = ReportDismissed(source="provider", reference="r-1", why="a test card", by=Account("els"))
DISMISSAL = decided([said("P-demo", SEEN_TO)])


def first(kind: type[AnyFact]) -> Any:  # noqa: ANN401 - whichever fact was asked for
    """The first fact of this kind in the line's life."""
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
OF_DOSSIER: dict[str, Any] = {"line": LINE, "dossier": DOSSIER}
OF_SIM: dict[str, Any] = {"line": LINE, "iccid": ICCID}


class GrowingJournal:
    """A journal in memory, that grows when a test says so; a single reading gets a part of what is there.

    What was handed over is not handed over again, whatever becomes of it.
    """

    def __init__(self) -> None:
        self.coming: list[JournalRecord] = []
        self.at_once = 1

    def read(self, _seconds: float) -> list[tuple[int, JournalRecord]]:
        portion, self.coming = self.coming[: self.at_once], self.coming[self.at_once :]
        return [(0, each) for each in portion]

    def catch_up(self, seen: Callable[[int, JournalRecord], None]) -> None:
        portion, self.coming = self.coming, []
        for each in portion:
            seen(0, each)


class HearingInbox:
    """An inbox in memory."""

    def __init__(self) -> None:
        self.said: list[Said[AnyFact]] = []

    def say_all(self, saids: Iterable[Said[AnyFact]]) -> None:
        self.said += saids


class Office:
    """An intake with all that stands around it."""

    def __init__(self, folder: Path, *, knows: Iterable[JournalRecord] = (), most: int = MOST) -> None:
        self.folder, self.most = folder, most
        self.journal, self.inbox = GrowingJournal(), HearingInbox()
        self.journal.coming += knows
        self.open()

    def open(self) -> None:
        """Open it, as after a restart: of what was known only the disk and the journal are left."""
        self.intake = Intake(
            programme="demo",
            journal=cast("Journal[JournalRecord]", self.journal),
            inbox=cast("Inbox", self.inbox),
            clock=FakeClock(TUESDAY),
            unrouted=Unrouted(self.folder / "unrouted.json", most=self.most),
        )

    def offer_again(self) -> None:
        """What the intake does all the time."""
        self.intake.follow()
        self.intake.offer_again()
        while self.journal.coming:
            self.intake.follow()
            self.intake.offer_again()

    def heard(self) -> list[tuple[str, AnyFact]]:
        """What was said since it was asked last."""
        said, self.inbox.said = self.inbox.said, []
        return [(one.subject, one.message) for one in said]

    def waiting(self) -> list[str]:
        """The ids of the reports that wait on disk."""
        return list(Unrouted(self.folder / "unrouted.json").reports)


def port(state: PortState, **more: Any) -> PortReport:  # noqa: ANN401 - the fields' own types
    """The provider says how the line's dossier stands."""
    return PortReport(dossier=DOSSIER, state=state, **WHO, **more)


def sim(state: Any, **more: Any) -> SimReport:  # noqa: ANN401 - one of four words
    """The network says how the line's SIM is."""
    return SimReport(iccid=ICCID, state=state, **WHO, **more)


def another(number: int) -> SimReport:
    """A report about a SIM that nobody has."""
    return sim("attached").model_copy(update={"iccid": Iccid("8931000000000000009"), "id": f"r-{number}"})


def one_waits(folder: Path) -> Office:
    """An office where a report about the line's SIM waits, of which nothing is known yet."""
    office = Office(folder)
    office.intake.take([sim("attached")])
    office.heard()
    return office


@contextmanager
def killed(office: Office, *, once_said: Callable[[Said[AnyFact]], bool] = lambda _said: False) -> Iterator[None]:
    """It is killed as it says something, when this much of it is acknowledged."""

    def dies(saids: Iterable[Said[AnyFact]]) -> None:
        office.inbox.said += filter(once_said, saids)
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(office.inbox, "say_all", dies)
        with pytest.raises(KeyboardInterrupt):
            yield


def too_long(_saids: object) -> None:
    """In the stead of an inbox that takes everything."""
    raise UnableToShortenError("Not said: too long.")


def no_space(*_asked: object) -> None:
    """In the stead of a disk that takes everything."""
    raise OSError(28, "No space left on device")
