"""A small organisation, and the life of one of its lines told act by act, for the tests of the simulated world."""

from datetime import UTC, datetime, timedelta

from events.base import Account, Dossier, Iccid, Imei, LineId, Msisdn, SubjectId
from events.cutover import Leg, Medium, Network
from events.dispatch import ParcelStatus
from events.enrolment import Execution, Handset, LineKind
from events.messages import Template
from events.outcomes import TaskKind
from events.planning import Slot
from events.porting import PortState
from workers.imports.roster import Absence, Leaver, Line, Roster
from workers.providers.reports import ParcelReport, PortReport, Report, SimReport, Spoken
from workers.world import model
from workers.world.acts import (
    Act,
    Activate,
    Answer,
    Book,
    ClearForward,
    Execute,
    Request,
    Send,
    SetForward,
    Ship,
    Test,
)
from workers.world.chances import Chances, Policy, Rates
from workers.world.hours import WorkingHours
from workers.world.line import ActLine, Cause, LineWorld, TruthLine
from workers.world.others import BY_OTHERS
from workers.world.setup import WorldSetup, beginning
from workers.world.truth import BEGINNING, answered_by, plain

MONDAY = datetime(2027, 3, 1, 8, tzinfo=UTC)
DESK = Msisdn("+31301234567")
SIM = Iccid("8931440000000000017")
OTHER = Iccid("8931440000000000025")
IMEI = Imei("490154203237518")
DOSSIER = Dossier("NEW-OLD-1")
AGAIN = Dossier("NEW-OLD-2")
ORIGINS = ("kpn", "odido")


def chances(rates: Rates | None = None, *, seed: int = 1, policy: Policy = "answers") -> Chances:
    """Chances without holidays; nothing goes wrong unless it is named."""
    return Chances(seed, rates or Rates.calm(), WorkingHours(frozenset()), policy)


def line_row(number: int = 1, **changes: object) -> Line:
    """A row of the roster: an ordinary voice line."""
    row: dict[str, object] = {
        "line": f"E-{number:04d}-1",
        "number": f"+316{20000000 + number}",
        "kind": LineKind.VOICE,
        "critical": None,
        "ports": True,
        "execution": Execution.ON_CALL,
        "handset": Handset.NEW,
        "old_iccid": f"893108000000000{number:04d}",
        "net": DESK,
        "rosters": (),
        "members": (),
        "stock": "K-main",
        "born_new": False,
        "mandate": "m-1",
        "department": "works",
        "site": "town hall",
    }
    return Line.model_validate({**row, **changes})


def roster(*lines: Line, absences: tuple[Absence, ...] = (), leavers: tuple[Leaver, ...] = ()) -> Roster:
    """An organisation of these lines."""
    return Roster(
        title="Small",
        starts=MONDAY,
        contract_ends=MONDAY + timedelta(days=200),
        employees=(),
        lines=lines or (line_row(),),
        absences=absences,
        leavers=leavers,
        duty_rosters=(),
        kits=(),
    )


class Story:
    """One line's world, driven step by step; keeps what was said and the truth log."""

    def __init__(self, row: Line | None = None, rates: Rates | None = None, **given: object) -> None:
        policy: Policy = "none" if given.pop("policy", "") == "none" else "answers"
        away = [given.pop("absence")] if "absence" in given else []
        gone = [given.pop("leaver")] if "leaver" in given else []
        assert not given
        absences = tuple(a for a in away if isinstance(a, Absence))
        leavers = tuple(one for one in gone if isinstance(one, Leaver))
        setup = WorldSetup.of(roster(row or line_row(), absences=absences, leavers=leavers), seed=1, rates=rates)
        self.chances = chances(rates or Rates.calm(), policy=policy)
        self.line: LineWorld = next(iter(beginning(setup).values()))
        self.now = MONDAY
        self.said: list[Report] = []
        self.log = [plain(self.line, TruthLine(MONDAY, answered_by(self.line), BEGINNING))]
        self._keys = 0

    def does(self, act: Act, reference: str | None = None) -> Answer:
        """The act, now, under a key of its own unless one is given."""
        self._keys += 1
        key = reference or f"gm/{self.line.line}/{act.name}/{self._keys}"
        acted = model.act(self.line, act, key, self.now, self.chances)
        self._take(acted.line, acted.reports, acted.truth)
        return acted.answer

    def waits(self, *, until: datetime | None = None, **span: float) -> "Story":
        """Time passes."""
        self.now = until or self.now + timedelta(**span)
        happened = model.happen(self.line, self.now, self.chances)
        self._take(happened.line, happened.reports, happened.truth)
        return self

    def _take(self, line: LineWorld, said: tuple[Report, ...], truth: tuple[TruthLine | ActLine, ...]) -> None:
        self.line = line
        self.said += said
        self.log += [plain(line, told) for told in truth]

    @property
    def answers(self) -> str:
        """What answers the number now."""
        return answered_by(self.line).answers

    @property
    def ports(self) -> list[PortReport]:
        """What the porting desk reported."""
        return [report for report in self.said if isinstance(report, PortReport)]

    @property
    def port_states(self) -> list[PortState]:
        """What the porting desk reported, in a word each."""
        return [report.state for report in self.ports]

    @property
    def sim_states(self) -> list[str]:
        """What was reported of SIMs, in a word each."""
        return [report.state for report in self.said if isinstance(report, SimReport)]

    @property
    def parcel_states(self) -> list[ParcelStatus]:
        """What the carrier reported, in a word each."""
        return [report.status for report in self.said if isinstance(report, ParcelReport)]

    def spoken(self, kind: type) -> list[object]:
        """The facts of this kind that people said."""
        return [report.fact for report in self.said if isinstance(report, Spoken) and isinstance(report.fact, kind)]

    def gets_the_kit(self) -> "Story":
        """Shipped, delivered, handed over, active and attached."""
        self.does(Ship(SIM, IMEI, "p-1", "town hall"))
        self.does(Activate(SIM))
        return self.waits(days=9)

    def has_the_port_accepted(self, *, early_termination: bool = True) -> "Story":
        """Requested and answered, and the first possible date is there."""
        self.does(Request(DOSSIER, self.line.number, SIM, "m-1", early_termination))
        return self.waits(days=9)

    def is_ready(self) -> "Story":
        """Kit in hands and port accepted."""
        return self.gets_the_kit().has_the_port_accepted()

    def sets(self, network: Network, generation: int = 1) -> Answer:
        """Our forward to the desk."""
        return self.does(SetForward(network, self.line.number, SIM, DESK, generation))

    def clears(self, network: Network, generation: int = 1) -> Answer:
        """Our forward away, on evidence of now."""
        return self.does(ClearForward(network, self.line.number, SIM, generation, None, self.now))

    def executes(
        self,
        *,
        dossier: Dossier = DOSSIER,
        iccid: Iccid = SIM,
        evidence_at: datetime | None = None,
        not_after: datetime | None = None,
    ) -> Answer:
        """The port, on evidence of now unless told otherwise."""
        limit = not_after or self.now + timedelta(minutes=2)
        return self.does(Execute(dossier, iccid, evidence_at or self.now, limit))

    def books(self, start: datetime) -> Answer:
        """The port, in the batch that runs then."""
        return self.does(Book(DOSSIER, SIM, Slot(start=start, end=start + timedelta(hours=1))))

    def is_tested(self, number: Msisdn | None, iccid: Iccid = SIM, medium: Medium = Medium.VOICE) -> set[Leg]:
        """The legs that answer a test."""
        value = self.does(Test(iccid, number, medium, ORIGINS)).value
        assert isinstance(value, tuple)
        return {heard.leg for heard in value}

    def befalls(self, what: str) -> "Story":
        """What another party does to the line unasked, by its name in `BY_OTHERS`."""
        self.line = BY_OTHERS[what](self.line)
        told = TruthLine(self.now, answered_by(self.line), Cause("world", what))
        self.log.append(plain(self.line, told))
        return self

    def gets(self, template: Template, *, task: str = "", **details: str) -> Answer:
        """A letter."""
        return self.does(Send(template, "p-1", task, tuple(details.items())))

    def asks(self, kind: TaskKind) -> "Story":
        """A task of this kind, and time for somebody to do it."""
        self.gets(Template.TASK, task=f"{self.line.line}/{kind}/1")
        return self.waits(days=5)


LINE = LineId("E-0001-1")
EMPLOYEE = SubjectId("E-0001")
LEADER = Account("project-leader")
