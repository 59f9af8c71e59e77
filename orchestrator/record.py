"""What is known: frozen records, a time or an outcome per fact, None until known. Phases are derived, never stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from events.base import Account, Barcode, Dossier, Iccid, Imei, Key, LetterId, LineId, Msisdn, SubjectId, TaskId
from events.control import Waivable
from events.cutover import Medium, Network
from events.dispatch import ParcelStatus
from events.enrolment import EmployeeEnrolled, LineEnrolled
from events.messages import Role
from events.outcomes import EndReason, IncidentKind, TaskKind
from events.places import Kit
from events.porting import PortState
from orchestrator.turn import Plan, YesOrNo

R = TypeVar("R")


def with_(record: R, **changes: Any) -> R:  # noqa: ANN401 - the fields' own types
    """The record with these fields changed, at an eighth of the cost of `dataclasses.replace`."""
    values = record.__dict__ | changes
    assert len(values) == len(record.__dict__), f"{type(record).__name__} has not all of {', '.join(changes)}"
    copy: R = object.__new__(type(record))
    object.__setattr__(copy, "__dict__", values)
    return copy


class AskState(StrEnum):
    """What became of a command."""

    ASKED = "asked"
    DONE = "done"
    REFUSED = "refused"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Ask:
    """The latest command of one effect of a line."""

    key: Key
    attempt: int
    at: datetime
    tries: int = 1  # in a row, about the same
    state: AskState = AskState.ASKED
    answered_at: datetime | None = None
    again_at: datetime | None = None  # not before this: the counterpart answers nobody
    not_after: datetime | None = None
    code: str = ""
    withdrawal: bool = False  # whether it was asked back
    unsure: bool = False  # whether this key was asked before, and nobody knew what came of it
    about: str = ""  # what the command was about (a slot, a SIM), so that another one is another ask


@dataclass(frozen=True)
class Scan:
    """A SIM scanned in the person's hands: with which handset, since when, and when it was last said."""

    imei: Imei | None
    since: datetime
    last: datetime


@dataclass(frozen=True)
class Consignment:
    """The kit: granted, sent, and in whose hands."""

    asks: int = 0
    asked_at: datetime | None = None
    kit: Kit | None = None
    granted_at: datetime | None = None
    granted: int = 0  # which ask was granted last
    barcode: Barcode | None = None
    parcel: ParcelStatus | None = None
    parcel_at: datetime | None = None
    handed: Iccid | None = None
    handed_imei: Imei | None = None
    handed_at: datetime | None = None
    scans: Mapping[Iccid, Scan] = field(default_factory=dict)
    corrected: Mapping[Iccid, datetime] = field(default_factory=dict)  # scans said to be wrong, until when
    choices: Mapping[Iccid, YesOrNo] = field(default_factory=dict)  # whether an unexpected SIM is to be used
    returned_at: datetime | None = None  # the old phone and SIM
    returned: Iccid | None = None  # the SIM of the new kit that came back

    @property
    def accepted(self) -> Iccid | None:
        """The SIM that a person accepted instead of the one of the kit that was granted last."""
        if not self.choices:
            return None  # nearly always, and it is asked at every decision
        since = self.granted_at
        used = [(said.at, iccid) for iccid, said in self.choices.items() if said.yes and (not since or said.at > since)]
        return max(used)[1] if used else None

    def gave_up(self, iccid: Iccid) -> bool:
        """Whether a person decided that this SIM will not be used."""
        said = self.choices.get(iccid)
        return said is not None and not said.yes


@dataclass(frozen=True)
class Test:
    """One test of a SIM, and whether the handset answered every network."""

    __test__ = False  # pytest would take the name for a test class
    at: datetime
    sequence: int
    medium: Medium
    number: Msisdn | None
    passed: bool


@dataclass(frozen=True)
class Sim:
    """What is known of one SIM. Evidence is kept per ICCID (gate rule 5)."""

    iccid: Iccid
    active_at: datetime | None = None
    temporary: Msisdn | None = None
    attached_at: datetime | None = None
    detached_at: datetime | None = None
    failed_at: datetime | None = None
    reset_at: datetime | None = None
    blocked_at: datetime | None = None
    lost_at: datetime | None = None
    found_at: datetime | None = None
    test: Test | None = None  # the newest of the line's own medium
    failures: int = 0  # tests failed in a row


@dataclass(frozen=True)
class Closed:
    """A dossier that is over."""

    dossier: Dossier
    state: PortState
    at: datetime
    code: str = ""
    note: str = ""


@dataclass(frozen=True)
class Port:
    """The port of the line's number."""

    attempt: int = 0
    dossier: Dossier | None = None
    state: PortState | None = None
    state_at: datetime | None = None
    ordered: Iccid | None = None  # as we asked
    bound: Iccid | None = None  # as the provider confirmed
    bound_at: datetime | None = None
    first_possible: datetime | None = None
    due: datetime | None = None
    runs_at: datetime | None = None
    recall_until: datetime | None = None
    code: str = ""
    note: str = ""
    performed_at: datetime | None = None
    reversed_at: datetime | None = None
    deactivated_at: datetime | None = None
    corrected_at: datetime | None = None
    withdrawn_at: datetime | None = None
    terminates: bool = False  # whether it was asked with the old contract's early end
    hinted_at: datetime | None = None  # when the provider said unasked that it stands otherwise than we know
    closed: tuple[Closed, ...] = ()
    early: bool = False  # performed without our asking


@dataclass(frozen=True)
class Forward:
    """Our forward on one network."""

    generation: int = 0
    set_at: datetime | None = None
    target: Msisdn | None = None
    iccid: Iccid | None = None  # on the new network: the SIM that it was set for
    before: Msisdn | None = None
    cleared_at: datetime | None = None
    lost_at: datetime | None = None

    def stands(self) -> bool:
        """Whether the forward is confirmed and neither cleared nor lost since."""
        return self.set_at is not None and self.cleared_at is None and self.lost_at is None


@dataclass(frozen=True)
class Place:
    """A place on a duty roster for one window."""

    start: datetime
    granted: bool | None = None


@dataclass(frozen=True)
class Hold:
    """A person's hold."""

    line: str | None
    at: datetime
    by: Account
    why: str


@dataclass(frozen=True)
class Task:
    """A task for a person."""

    id: TaskId
    role: Role
    number: int
    opened_at: datetime
    because: str
    closed_at: datetime | None = None
    done_at: datetime | None = None


@dataclass(frozen=True)
class Mandate:
    """A consent to the port, filed and perhaps taken back."""

    filed_at: datetime | None = None
    withdrawn_at: datetime | None = None
    early_termination: bool = False

    @property
    def in_force(self) -> bool:
        """Whether it was filed, and not taken back since."""
        return self.filed_at is not None and (self.withdrawn_at is None or self.filed_at > self.withdrawn_at)


@dataclass(frozen=True)
class Line:
    """What is known of one line."""

    id: LineId
    terms: LineEnrolled | None = None
    mandates: Mapping[str, Mandate] = field(default_factory=dict)
    plan: Plan = field(default_factory=Plan)
    kit: Consignment = Consignment()
    sims: Mapping[Iccid, Sim] = field(default_factory=dict)
    port: Port = Port()
    nets: Mapping[Network, Forward] = field(default_factory=dict)
    places: Mapping[SubjectId, Place] = field(default_factory=dict)
    waivers: Mapping[Waivable, tuple[Account, ...]] = field(default_factory=dict)
    second_medium_at: datetime | None = None
    sequence: int = 0  # of the last test asked
    proved_at: datetime | None = None  # first proof on the real number
    sms_at: datetime | None = None
    approved_by: Account | None = None
    approved_at: datetime | None = None
    old_ended_at: datetime | None = None
    reported_at: datetime | None = None
    settled: str = ""  # what was decided for a leaver
    settled_at: datetime | None = None
    dropped: bool = False
    asks: Mapping[str, Ask] = field(default_factory=dict)
    tasks: Mapping[TaskKind, Task] = field(default_factory=dict)
    incidents: Mapping[IncidentKind, datetime] = field(default_factory=dict)  # open ones
    opened: Mapping[IncidentKind, datetime] = field(default_factory=dict)  # the last of each kind, open or closed
    incident_count: int = 0
    done_at: datetime | None = None
    ended: EndReason | None = None

    @property
    def mandate(self) -> str | None:
        """The consent to the port that was filed last of those in force."""
        filed = [(known.filed_at, name) for name, known in self.mandates.items() if known.filed_at and known.in_force]
        return max(filed)[1] if filed else None

    @property
    def early_termination(self) -> bool:
        """Whether that consent covers the old contract's early end."""
        return self.mandate is not None and self.mandates[self.mandate].early_termination


@dataclass(frozen=True)
class Holder:
    """What is known of an employee, or of a shared line as its own subject."""

    id: SubjectId
    enrolled: EmployeeEnrolled | None = None
    leaver_at: datetime | None = None
    away_since: datetime | None = None
    away_until: datetime | None = None
    absence_at: datetime | None = None
    holds: tuple[Hold, ...] = ()
    letters: frozenset[LetterId] = frozenset()  # every dead letter that there ever was
    settled: frozenset[LetterId] = frozenset()  # those that a person redrove or dismissed
    lines: Mapping[LineId, Line] = field(default_factory=dict)

    @property
    def unread(self) -> frozenset[LetterId]:
        """The open dead letters: while there is one, nothing that cannot be undone is done for this holder."""
        return self.letters - self.settled
