"""What an import says: the facts that put a roster's people, lines, rosters and kits into the programme."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final, Literal, TypeVar

from events.base import Message, SubjectId, subject_of
from events.control import ProgrammeOpened
from events.enrolment import AbsenceAnnounced, EmployeeEnrolled, LeaverAnnounced, LineEnrolled, MandateFiled
from events.envelope import Said
from events.people import PersonKnown
from events.places import Kit, KitsDelivered, RosterFormed
from events.registry import AnyFact
from workers.imports.ids import said_id
from workers.imports.roster import Employee, Line, Roster, StockedKit

SOURCE: Final = "/naadloos/import"
KITS_PER_MESSAGE: Final = 200
"""A delivery of thousands of kits is told in parts, each well under the largest record that Kafka takes."""

M = TypeVar("M", bound=Message)
_Fact = tuple[SubjectId, AnyFact, datetime]
"""To whom, what, and when it was true."""


def facts_of(roster: Roster, *, at: datetime, programme: str, with_announcements: bool = False) -> list[Said[AnyFact]]:
    """What is true of this roster at that time: the programme first, then rosters, kits, employees, lines.

    The ids follow from what is said, so importing twice says the same messages. With announcements, it also says of
    which absences and leavers had been told by then; a rehearsal leaves that to its world.
    """
    facts = [*_places(roster, programme, at), *_people(roster, at)]
    if with_announcements:
        facts += [fact for fact in _announcements(roster) if fact[2] <= at]
    return [_said(programme, subject, fact, time=time, recorded=at) for subject, fact, time in facts]


def people_of(roster: Roster, *, at: datetime, programme: str) -> list[Said[PersonKnown]]:
    """Who the employees are, for the `people` topic alone, where each message's key is its `person`."""
    return [_said(programme, who.employee, _known(who), time=at, recorded=at) for who in roster.employees]


def _said(programme: str, subject: SubjectId, message: M, *, time: datetime, recorded: datetime) -> Said[M]:
    said = said_id(programme, subject, message)
    return Said(id=said, source=SOURCE, subject=subject, time=time, recorded=recorded, message=message)


def _places(roster: Roster, programme: str, at: datetime) -> Iterator[_Fact]:
    opened = ProgrammeOpened(title=roster.title, contract_ends=roster.contract_ends)
    yield SubjectId(f"P-{programme}"), opened, at
    for duty in roster.duty_rosters:
        yield duty.roster, RosterFormed(title=duty.title, members=duty.members, share=duty.share), at
    for stock, kits in _by_stock(roster.kits).items():
        for first in range(0, len(kits), KITS_PER_MESSAGE):
            yield stock, KitsDelivered(kits=tuple(kits[first : first + KITS_PER_MESSAGE])), at


def _by_stock(kits: Iterable[StockedKit]) -> dict[SubjectId, list[Kit]]:
    stocks: defaultdict[SubjectId, list[Kit]] = defaultdict(list)
    for kit in kits:
        stocks[kit.stock].append(Kit(iccid=kit.iccid, imei=kit.imei))
    return stocks


def _people(roster: Roster, at: datetime) -> Iterator[_Fact]:
    for employee in roster.employees:
        yield employee.employee, _enrolled(employee), at
    for line in roster.lines:
        yield subject_of(line.line), _line(line), at
        if line.mandate:
            yield subject_of(line.line), MandateFiled(line=line.line, mandate=line.mandate), at


def _announcements(roster: Roster) -> Iterator[_Fact]:
    for absence in roster.absences:
        yield absence.employee, AbsenceAnnounced(since=absence.since, until=absence.until), absence.announced
    for leaver in roster.leavers:
        yield leaver.employee, LeaverAnnounced(last_day=leaver.last_day), leaver.announced


def _enrolled(employee: Employee) -> EmployeeEnrolled:
    return EmployeeEnrolled(
        person=employee.person,
        department=employee.department,
        site=employee.site,
        superuser=employee.superuser,
        language=_language(employee),
    )


def _line(line: Line) -> LineEnrolled:
    return LineEnrolled(
        line=line.line,
        number=line.number,
        kind=line.kind,
        critical=line.critical,
        ports=line.ports,
        execution=line.execution,
        handset=line.handset,
        old_iccid=line.old_iccid,
        net=line.net,
        rosters=line.rosters,
        members=line.members,
        stock=line.stock,
        born_new=line.born_new,
    )


def _known(who: Employee) -> PersonKnown:
    return PersonKnown(person=who.person, name=who.name, mail=who.mail, address=who.address, language=_language(who))


def _language(who: Employee) -> Literal["nl", "en"]:
    return "en" if who.language == "en" else "nl"
