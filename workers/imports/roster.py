"""An organisation as its input files give it, checked and typed."""

from datetime import date

from pydantic import BaseModel, ConfigDict

from events.base import Iccid, Imei, Instant, LineId, Msisdn, PersonId, SubjectId
from events.enrolment import Critical, Execution, Handset, LineKind


class Row(BaseModel):
    """One row of an input file."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Employee(Row):
    """An employee of the organisation. `superuser` is None for a superuser."""

    employee: SubjectId
    person: PersonId
    name: str
    mail: str
    address: str
    department: str
    site: str
    superuser: SubjectId | None
    team_lead: SubjectId | None
    language: str


class Line(Row):
    """A line of an employee, or a shared line (its own subject, with members)."""

    line: LineId
    number: Msisdn
    kind: LineKind
    critical: Critical | None
    ports: bool
    execution: Execution
    handset: Handset
    old_iccid: Iccid | None
    net: Msisdn | None
    rosters: tuple[SubjectId, ...]
    members: tuple[SubjectId, ...]
    stock: SubjectId
    born_new: bool
    mandate: str | None
    department: str
    site: str


class Absence(Row):
    """An employee is away in this half-open period; `announced` is when HR tells."""

    employee: SubjectId
    announced: Instant
    since: Instant
    until: Instant


class Leaver(Row):
    """An employee leaves; `announced` is when HR tells."""

    employee: SubjectId
    announced: Instant
    last_day: date


class DutyRoster(Row):
    """A duty roster, its size, and the share of it that may be in one cut-over window."""

    roster: SubjectId
    title: str
    members: int
    share: float


class StockedKit(Row):
    """A kit on the shelf."""

    stock: SubjectId
    iccid: Iccid
    imei: Imei | None


class Roster(Row):
    """All of it."""

    title: str
    starts: Instant
    contract_ends: Instant
    employees: tuple[Employee, ...]
    lines: tuple[Line, ...]
    absences: tuple[Absence, ...]
    leavers: tuple[Leaver, ...]
    duty_rosters: tuple[DutyRoster, ...]
    kits: tuple[StockedKit, ...]
