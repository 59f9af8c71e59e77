"""Who and what moves: employees, their lines, mandates, leavers, joiners and absence."""

from datetime import date
from enum import StrEnum
from typing import Literal

from events.base import Account, Fact, Iccid, Instant, LineFact, Msisdn, PersonId, SubjectId


class LineKind(StrEnum):
    """How a line is used, which settles how it is proved to work."""

    VOICE = "voice"
    DATA = "data"  # no port, no voice: proved by attaching
    MACHINE = "machine"  # a 097 number in a lift or alarm: proved at its own alarm centre
    SHARED = "shared"  # one number, several members


class Critical(StrEnum):
    """Why a line may fail nobody."""

    FIRST_AIDER = "first_aider"  # BHV
    DESK_ALARM = "desk_alarm"
    ON_CALL = "on_call"


class Handset(StrEnum):
    """What becomes of the phone: it decides whether both SIMs can be in use at once (gate rule 7)."""

    NEW = "new"
    KEPT = "kept"  # one phone: the new SIM pushes the old one out
    ESIM = "esim"  # one phone, a downloaded profile


class Execution(StrEnum):
    """How the new provider of this line carries out a port."""

    ON_CALL = "on_call"  # when told
    BOOKED = "booked"  # in its own batch, at a time set beforehand


class EmployeeEnrolled(Fact):
    """An employee takes part in the programme."""

    type: Literal["nl.naadloos.enrolment.employee-enrolled.v1"] = "nl.naadloos.enrolment.employee-enrolled.v1"
    person: PersonId
    department: str
    site: str
    superuser: SubjectId | None = None  # who helps this person; None when the person is a superuser
    language: Literal["nl", "en"] = "nl"


class LineEnrolled(LineFact):
    """A line is to move: what it is, and which number and old SIM it has."""

    type: Literal["nl.naadloos.enrolment.line-enrolled.v1"] = "nl.naadloos.enrolment.line-enrolled.v1"
    number: Msisdn
    kind: LineKind
    critical: Critical | None = None
    ports: bool  # whether the number is kept by a port
    execution: Execution = Execution.ON_CALL
    handset: Handset = Handset.NEW
    old_iccid: Iccid | None = None
    net: Msisdn | None = None  # the desk or superuser who answers when this line cannot
    rosters: tuple[SubjectId, ...] = ()
    members: tuple[SubjectId, ...] = ()  # of a shared line
    stock: SubjectId = SubjectId("K-main")
    born_new: bool = False  # a joiner whose first line is at the new provider


class LineDropped(LineFact):
    """A line needs no move after all (unused, or not ours), by somebody's decision."""

    type: Literal["nl.naadloos.enrolment.line-dropped.v1"] = "nl.naadloos.enrolment.line-dropped.v1"
    why: str
    by: Account


class MandateFiled(LineFact):
    """The subscriber's consent to the port is on file, as the new provider must be able to show."""

    type: Literal["nl.naadloos.enrolment.mandate-filed.v1"] = "nl.naadloos.enrolment.mandate-filed.v1"
    mandate: str
    early_termination: bool = False


class MandateWithdrawn(LineFact):
    """The subscriber took the consent back."""

    type: Literal["nl.naadloos.enrolment.mandate-withdrawn.v1"] = "nl.naadloos.enrolment.mandate-withdrawn.v1"
    mandate: str


class LeaverAnnounced(Fact):
    """The employee leaves the organisation (`scenarios/S41.yaml`)."""

    type: Literal["nl.naadloos.enrolment.leaver-announced.v1"] = "nl.naadloos.enrolment.leaver-announced.v1"
    last_day: date


class LeaverSettled(LineFact):
    """A person decided what becomes of a leaver's line."""

    type: Literal["nl.naadloos.enrolment.leaver-settled.v1"] = "nl.naadloos.enrolment.leaver-settled.v1"
    choice: Literal["cancel", "pool", "lapse", "stays"]
    by: Account


class AbsenceAnnounced(Fact):
    """The employee is away (leave, illness) for a half-open period."""

    type: Literal["nl.naadloos.enrolment.absence-announced.v1"] = "nl.naadloos.enrolment.absence-announced.v1"
    since: Instant
    until: Instant


class AbsenceEnded(Fact):
    """The employee is back, whatever was announced."""

    type: Literal["nl.naadloos.enrolment.absence-ended.v1"] = "nl.naadloos.enrolment.absence-ended.v1"


EnrolmentFact = (
    EmployeeEnrolled
    | LineEnrolled
    | LineDropped
    | MandateFiled
    | MandateWithdrawn
    | LeaverAnnounced
    | LeaverSettled
    | AbsenceAnnounced
    | AbsenceEnded
)
