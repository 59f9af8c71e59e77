"""One line's part of the world: frozen, hashable, without a clock. Everything else changes it by returning another.

The records are named tuples, since changing one field of them takes a tenth of what a dataclass takes, and a rehearsal
changes some hundreds per line.
"""

from bisect import insort
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import Literal, NamedTuple

from events.base import Barcode, Dossier, Iccid, Imei, LineId, Msisdn, SubjectId
from events.cutover import Network
from events.enrolment import Execution, Handset, LineKind
from events.porting import PortState
from workers.providers.reports import Report
from workers.world.acts import Act, Answer

Answers = Literal["handset", "net", "nothing"]


@dataclass(frozen=True, slots=True)
class Cause:
    """What made the world change: a command of ours (or a letter's effect), or the world by itself."""

    kind: Literal["command", "world"]
    what: str
    reference: str = ""
    evidence_at: datetime | None = None
    not_after: datetime | None = None
    iccid: str = ""  # the SIM that the command rests on
    final_at: datetime | None = None  # from when it could not be taken back, where that is before it acts


class Step(IntEnum):
    """What the agenda may hold. At one time they happen in this order, whoever put them there first."""

    PORT_ERROR = 1
    PORT_DELAYED = 2
    PORT_ANSWER = 3
    PORT_EARLY = 4
    BATCH_RUNS = 5
    PORT_PERFORMED = 6
    PORT_REBOUND = 7
    PORT_CANCELLED = 8
    PORT_LAPSED = 9
    PARCEL = 10
    HANDED_OVER = 11
    SIM_INSERTED = 12
    SIM_ATTACHES = 13
    SIM_FAILED = 14
    SIM_DIES = 15
    SIM_DETACHED_TOLD = 16
    SIM_BLOCKED = 17
    FORWARD_LOST = 18
    SLOT_ANSWERED = 19
    NO_SHOW_TOLD = 20
    KIT_RETURNED = 21
    TASK_DONE = 22
    SIM_PUT_BACK = 23
    SILENCE_NOTICED = 24
    KIT_BACK = 25


class Health(StrEnum):
    """What a SIM is good for, whatever the books say."""

    FINE = "fine"
    MUTE = "mute"  # never attaches
    DEAD = "dead"
    BLOCKED = "blocked"


class Happening(NamedTuple):
    """Something that will happen. Sorted by when, then by kind and what it is about."""

    due: datetime
    step: Step
    about: str = ""  # the dossier, SIM, parcel or task
    note: str = ""
    exact: str = ""  # when it truly happened, ISO 8601, where `due` is rounded up
    cause: Cause | None = None

    @property
    def at(self) -> datetime:
        """When it truly happened."""
        return datetime.fromisoformat(self.exact) if self.exact else self.due


class Sim(NamedTuple):
    """A SIM of the new provider."""

    iccid: Iccid
    active: bool = False
    in_phone: bool = False
    attached: bool = False
    health: Health = Health.FINE
    tested: bool = False
    proved_at: datetime | None = None  # its last passed test, where a batch may rest on it
    resets: int = 0
    elsewhere: bool = False  # the phone that it is in is in another person's hands


class Port(NamedTuple):
    """A dossier as the new provider's desk knows it."""

    dossier: Dossier
    iccid: Iccid
    state: PortState
    since: datetime
    early_termination: bool = False
    first_possible: datetime | None = None
    last_possible: datetime | None = None
    due: datetime | None = None
    runs_at: datetime | None = None
    recall_until: datetime | None = None
    booking: Cause | None = None
    rebind_to: Iccid | None = None
    cancelling: bool = False
    code: str = ""
    note: str = ""


class Forward(NamedTuple):
    """What a network does with a call when the phone is not reachable."""

    target: Msisdn | None = None  # ours
    generation: int = 0
    own: Msisdn | None = None  # what the person had: voicemail
    set_at: datetime | None = None  # when ours was set, which is what a letter to change SIMs rests on


class Parcel(NamedTuple):
    """A kit on its way."""

    barcode: Barcode
    iccid: Iccid
    imei: Imei | None
    lost: bool = False
    handed_over: bool = False


class Ways(NamedTuple):
    """What answers a call to this number now, why, and by which ways it could be reached."""

    answers: Answers
    why: str
    old_phone: bool  # the old SIM would ring in the person's hands
    new_sim: str  # the SIM that is attached in the person's hands, or nothing
    net: bool  # a forward on the serving network would be answered


@dataclass(frozen=True, slots=True)
class TruthLine:
    """A change of what answers."""

    at: datetime
    ways: Ways
    cause: Cause


@dataclass(frozen=True, slots=True)
class ActLine:
    """An act that cannot be undone was done."""

    at: datetime
    cause: Cause


class LineWorld(NamedTuple):
    """A line: its SIMs, networks, dossiers, parcels, the person, and what will happen."""

    line: LineId
    subject: SubjectId
    number: Msisdn
    kind: LineKind
    ports: bool
    execution: Execution
    handset: Handset
    wave: SubjectId | None = None
    old_sim: str = ""
    old_alive: bool = True  # the old provider serves the number
    old_in_phone: bool = True
    served: Network = Network.OLD
    bound: str = ""  # the SIM that carries the number on the new network
    interrupted_by: Cause | None = None  # a port is under way: the number answers nowhere
    sms_from: datetime | None = None
    absences: tuple[tuple[datetime, datetime], ...] = ()
    last_day: date | None = None
    confirmed: str = ""  # the start of the slot that the person agreed to, ISO 8601
    missed: str = ""  # the start of the slot that the person did not or will not come to
    insert_told: Cause | None = None
    back_told: str = ""  # the letter that asks for the old SIM to go back in
    in_hand: str = ""  # the new SIM that was handed over last
    sims: tuple[Sim, ...] = ()
    dossiers: tuple[Port, ...] = ()
    old_forward: Forward = Forward()
    new_forward: Forward = Forward()
    parcels: tuple[Parcel, ...] = ()
    agenda: tuple[Happening, ...] = ()
    answered: tuple[tuple[str, Act, Answer], ...] = ()

    def sim(self, iccid: str) -> Sim | None:
        """The SIM with this number, if this line ever had to do with it."""
        return next((sim for sim in self.sims if sim.iccid == iccid), None)

    def with_sim(self, sim: Sim) -> "LineWorld":
        """The line with this SIM as it is now."""
        others = tuple(s for s in self.sims if s.iccid != sim.iccid)
        return self._replace(sims=(*others, sim))

    def port(self, dossier: str) -> Port | None:
        """The dossier with this number."""
        return next((port for port in self.dossiers if port.dossier == dossier), None)

    def with_port(self, port: Port) -> "LineWorld":
        """The line with this dossier as it is now; dossiers keep their order."""
        if self.port(port.dossier) is None:
            return self._replace(dossiers=(*self.dossiers, port))
        return self._replace(dossiers=tuple(port if p.dossier == port.dossier else p for p in self.dossiers))

    def with_parcel(self, parcel: Parcel) -> "LineWorld":
        """The line with this parcel as it is now; parcels keep their order."""
        known = tuple(parcel if p.barcode == parcel.barcode else p for p in self.parcels)
        return self._replace(parcels=known if parcel in known else (*known, parcel))

    def forward(self, network: Network) -> Forward:
        """The forward on this network."""
        return self.old_forward if network is Network.OLD else self.new_forward

    def with_forward(self, network: Network, forward: Forward) -> "LineWorld":
        """The line with this forward."""
        if network is Network.OLD:
            return self._replace(old_forward=forward)
        return self._replace(new_forward=forward)

    def later(self, *happenings: Happening) -> "LineWorld":
        """The line with these on its agenda. The same happening twice is one."""
        agenda = list(self.agenda)
        for happening in happenings:
            if happening not in agenda:
                insort(agenda, happening, key=_order)
        return self._replace(agenda=tuple(agenda))

    def away_until(self, at: datetime) -> datetime | None:
        """Until when the person is absent, if absent at this time."""
        return next((until for since, until in self.absences if since <= at < until), None)


def _order(happening: Happening) -> tuple[datetime, int, str, str]:
    return happening[:4]


Turn = tuple[LineWorld, tuple[Report, ...]]
"""What an act or happening makes of a line, and what the world then says."""
