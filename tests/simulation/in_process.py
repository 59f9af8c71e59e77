"""A whole programme in one process: the real decisions, effects and translation against the real world, without Kafka.

Time is stepped as `workers/world/coordinator.py` steps it: on five-minute marks, what the world reports first, then
whose time has come; and all that is said in a step is decided and done before the next.
"""

from __future__ import annotations

import heapq
import json
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from math import ceil
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlparse

from pydantic_core import from_json, to_json

from events.base import Iccid, Imei, Key, LineFact, LineId, SubjectId, subject_of
from events.control import TimeCome, WithdrawalLate
from events.cutover import ReachabilityTested, Withdraw
from events.dispatch import HandedOver, ParcelAnnounced
from events.enrolment import Execution, Handset, LineEnrolled
from events.messages import SendMessage
from events.outcomes import IncidentClosed, IncidentOpened, LineDone, LineEnded, Outcome, TaskClosed, TaskOpened
from events.places import KitGranted
from events.porting import RequestPort
from events.registry import AnyCommand, AnyFact
from orchestrator import subjects
from orchestrator.decision import Decision
from orchestrator.planning import capacity_for, facts_of_plan, plan
from orchestrator.record import Holder, Line
from orchestrator.subjects import State
from orchestrator.terms import Terms
from workers.effects.crew import Crew
from workers.imports.facts import facts_of
from workers.imports.planned import plan_lines_of
from workers.imports.roster import Roster, StockedKit
from workers.imports.sample import STARTS, generate
from workers.inbound.translate import fact_of, name_in, subject_for
from workers.providers.ports import Letter, NoAnswer, Refused
from workers.providers.reports import Report
from workers.providers.simulated import SimulatedWorld
from workers.runtime.terms import ZONE, public_holidays
from workers.world.chances import Policy, Rates
from workers.world.coordinator import ceiling
from workers.world.gaps import GapReport, gap_report
from workers.world.parcels import luhn
from workers.world.server import World
from workers.world.setup import WaveOpening, WorldSetup

PROGRAMME: Final = "sim"
HORIZON: Final = timedelta(weeks=40)
AFTERWARDS: Final = timedelta(weeks=2)
"""How long a run goes on when all lines are over: what was opened again comes to rest."""
NAMES: Final = {
    LineEnrolled: ("number", "old_iccid"),
    HandedOver: ("iccid",),
    ParcelAnnounced: ("barcode",),
    ReachabilityTested: ("iccid",),
}
"""Which fields name a thing that belongs to the line, as `workers/inbound/directory.py` has it."""

Meddle = Callable[["Programme", SubjectId, AnyFact, Decision], None]
"""Whoever looks on while the programme runs, and may have their own say."""


@dataclass(frozen=True)
class Wishes:
    """What may be chosen about a run."""

    employees: int = 60
    seed: int = 1
    rates: Rates = field(default_factory=Rates)
    policy: Policy = "answers"
    handset: Handset | None = None  # the same for all lines that port
    execution: Execution | None = None
    deaf: float = 0.0  # commands whose answer comes neither at first nor at the quick retry
    twice: bool = False  # every report is heard twice
    shuffled: bool = False  # the reports of one step come in another order
    spares: float = 2.0  # more kits on every shelf, per line
    horizon: timedelta = HORIZON


@dataclass
class StoppedClock:
    """The programme's time."""

    at: datetime

    def now(self) -> datetime:
        return self.at


def drawn(*what: object) -> float:
    """A number in [0, 1) that belongs to these words."""
    return int.from_bytes(blake2b("\0".join(map(str, what)).encode(), digest_size=8).digest()) / 2.0**64


class Loopback(SimulatedWorld):
    """The adapter to the simulated world, without a wire; now and then it hears no answer."""

    def __init__(self, world: World, clock: StoppedClock, wishes: Wishes) -> None:
        super().__init__("http://in-process")
        self._world = world
        self._clock = clock
        self._wishes = wishes
        self._asked: Counter[str] = Counter()
        self.refusals: Counter[tuple[str, str]] = Counter()

    async def _post(self, url: str, body: bytes, reference: str) -> Any:  # noqa: ANN401 - as the adapter has it
        parsed = urlparse(url)
        name = parsed.path.rsplit("/", 1)[1]
        line = parse_qs(parsed.query).get("line", [""])[0] or reference.split("/")[1]
        answer = self._world.act(name, body, reference=reference, line=line, at=self._clock.now())
        self._asked[reference] += 1
        if answer.silent or (self._asked[reference] <= 2 and drawn(self._wishes.seed, reference) < self._wishes.deaf):
            raise NoAnswer(name)
        if answer.code:
            self.refusals[name, answer.code] += 1
            raise Refused(answer.code, answer.note)
        return from_json(to_json(answer.value))


class PlainWriter:
    """Letters without words: in this world only their template and details matter."""

    async def write(self, command: SendMessage) -> Letter:
        key, template, line = command.key, command.template, command.line
        details = dict(command.details)
        return Letter(key, template, line, "", "", "", task=command.task or "", to=command.to, details=details)


@dataclass
class Tally:
    """What came of it, counted as it happens."""

    over: dict[LineId, str] = field(default_factory=dict)
    open_tasks: dict[LineId, dict[str, TaskOpened]] = field(default_factory=lambda: defaultdict(dict))
    tasks: Counter[tuple[LineId, str]] = field(default_factory=Counter)
    incidents: Counter[str] = field(default_factory=Counter)
    open_incidents: set[tuple[LineId, str]] = field(default_factory=set)
    decisions: Counter[SubjectId] = field(default_factory=Counter)
    ordered: Counter[tuple[LineId, str]] = field(default_factory=Counter)
    unrouted: Counter[str] = field(default_factory=Counter)
    steps: int = 0

    def decided(self, subject: SubjectId, decision: Decision) -> None:
        self.decisions[subject] += 1
        self.ordered.update((c.line, c.key.split("/")[2]) for c in decision.commands)
        for outcome in decision.outcomes:
            self._outcome(outcome)

    def _outcome(self, outcome: Outcome) -> None:
        match outcome:
            case LineDone():
                self.over[outcome.line] = "done"
            case LineEnded():
                self.over[outcome.line] = outcome.reason
            case TaskOpened():
                self.tasks[outcome.line, outcome.kind] += 1
                self.open_tasks[outcome.line][outcome.task] = outcome
            case TaskClosed():
                self.open_tasks[outcome.line].pop(outcome.task, None)
            case IncidentOpened():
                self.incidents[outcome.kind] += 1
                self.open_incidents.add((outcome.line, outcome.kind))
            case IncidentClosed():
                self.open_incidents.discard((outcome.line, outcome.kind))


class Programme:
    """One run, from the import to the end."""

    def __init__(self, folder: Path, wishes: Wishes, *, meddle: Iterable[Meddle] = (), tell: str = "") -> None:
        self.wishes = wishes
        self.roster = _roster(wishes)
        self.terms = Terms(programme=PROGRAMME, zone=ZONE, holidays=public_holidays())
        self.clock = StoppedClock(self.roster.starts)
        self.plan = plan(
            plan_lines_of(self.roster),
            starts=self.roster.starts,
            terms=self.terms,
            per_day=capacity_for(len(self.roster.lines)),
        )
        self._setup().save(folder)
        self.truth = folder / "truth.jsonl"
        self.world = World(folder)
        self.io = Loopback(self.world, self.clock, wishes)
        self._crew = _crew(self.io, self.clock)
        self.states: dict[SubjectId, State] = {}
        self.looks: dict[SubjectId, datetime] = {}
        self.because: dict[SubjectId, Decision] = {}
        self.tally = Tally()
        self.story: list[str] = []
        self.touched: set[SubjectId] = set()
        self._heap: list[tuple[datetime, SubjectId]] = []
        self._later: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self._laid = 0
        self._over_at = self.clock.at
        self._heard: deque[tuple[SubjectId, AnyFact, datetime]] = deque()
        self._whose: dict[str, LineId] = {}
        self._meddle = tuple(meddle)
        self._tell = tell

    def _setup(self) -> WorldSetup:
        waves = [WaveOpening(wave=wave.wave, opens=wave.opens) for wave in self.plan.waves]
        wishes = self.wishes
        return WorldSetup.of(self.roster, seed=wishes.seed, waves=waves, rates=wishes.rates, policy=wishes.policy)

    def say(self, subject: SubjectId, fact: AnyFact, at: datetime) -> None:
        """This is in the subject's inbox."""
        self._heard.append((subject, fact, at))

    def later(self, at: datetime, happen: Callable[[datetime], None]) -> None:
        """This is going to happen then."""
        self._laid += 1
        heapq.heappush(self._later, (at, self._laid, happen))

    def line(self, name: LineId) -> Line:
        """What is known of this line."""
        state = self.states[subject_of(name)]
        assert isinstance(state, Holder)
        return state.lines[name]

    async def run(self, each_step: Callable[[Programme], None] = lambda _: None) -> None:
        """From the import until every line is over, or the horizon."""
        for said in facts_of(self.roster, at=self.roster.starts, programme=PROGRAMME):
            self.say(said.subject, said.message, said.time)
        for subject, fact in facts_of_plan(self.plan):
            self.say(subject, fact, self.roster.starts)
        ends = self.roster.starts + self.wishes.horizon
        await self._settle()
        while (later := self._next()) is not None and later < ends and self._goes_on():
            self.clock.at = max(self.clock.at, ceiling(later))
            self.tally.steps += 1
            await self._step()
            each_step(self)
            self.touched.clear()
        self.world.close()

    def _goes_on(self) -> bool:
        """Whether a line is not over, or was opened again, or all are over but for less than `AFTERWARDS`."""
        if len(self.tally.over) < len(self.roster.lines) or self.tally.open_incidents:
            self._over_at = self.clock.at
        return self.clock.at < self._over_at + AFTERWARDS

    def _next(self) -> datetime | None:
        laid = self._later[0][0] if self._later else None
        return min((at for at in (self.world.next_due(), self._next_look(), laid) if at), default=None)

    def _next_look(self) -> datetime | None:
        while self._heap and self.looks.get(self._heap[0][1]) != self._heap[0][0]:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    async def _step(self) -> None:
        now = self.clock.at
        while True:
            while self._later and self._later[0][0] <= now:
                at, _, happen = heapq.heappop(self._later)
                happen(at)
            due = self.world.next_due()
            if due is not None and due <= now:
                await self._release(now)
            elif self._next_look() is not None and (self._next_look() or now) <= now:
                self._times_come(now)
            elif not self._heard:
                return
            await self._settle()

    def _times_come(self, now: datetime) -> None:
        while (at := self._next_look()) is not None and at <= now:
            _, subject = heapq.heappop(self._heap)
            del self.looks[subject]
            self.say(subject, TimeCome(due=at), now)

    async def _release(self, now: datetime) -> None:
        reports = await self.world.release(now)
        if self.wishes.shuffled:
            reports = sorted(reports, key=lambda report: drawn(self.wishes.seed, report.id))
        for report in reports:
            for _ in range(2 if self.wishes.twice else 1):
                self._report(report)
        self.world.acknowledge([report.id for report in reports])

    def _report(self, report: Report) -> None:
        line = self._whose.get(name_in(report)) or LineId("")
        fact, subject = fact_of(report, line), subject_for(report, line or None)
        if fact is None or subject is None:
            self.tally.unrouted[report.kind] += 1
        else:
            self.say(subject, fact, report.at)

    async def _settle(self) -> None:
        while self._heard:
            subject, fact, at = self._heard.popleft()
            decision = self._decide(subject, fact, at)
            for tell in decision.tells:
                self.say(tell.to, tell.fact, self.clock.at)
            for command in decision.commands:
                await self._do(command)

    def _decide(self, subject: SubjectId, fact: AnyFact, at: datetime) -> Decision:
        self._know(fact)
        now = self.clock.at
        state = subjects.hear(self.states.get(subject) or subjects.fresh(subject), fact, at)
        decision = subjects.decide(state, fact, now=now, terms=self.terms)
        self.states[subject] = subjects.apply(state, decision, now)
        self.because[subject] = decision
        self.touched.add(subject)
        if decision.look_again_at is None:
            self.looks.pop(subject, None)
        elif self.looks.get(subject) != decision.look_again_at:
            self.looks[subject] = decision.look_again_at
            heapq.heappush(self._heap, (decision.look_again_at, subject))
        self.tally.decided(subject, decision)
        if subject == self._tell:
            self.story.append(_told(now, fact, decision))
        for look_on in self._meddle:
            look_on(self, subject, fact, decision)
        return decision

    def _know(self, fact: AnyFact) -> None:
        if not isinstance(fact, LineFact):
            return
        names = [getattr(fact, name) for name in NAMES.get(type(fact), ())]
        if isinstance(fact, KitGranted):
            names.append(fact.kit.iccid)
        self._whose.update((str(name), LineId(fact.line)) for name in names if name)

    async def _do(self, command: AnyCommand) -> None:
        if isinstance(command, RequestPort):
            self._whose[command.dossier] = LineId(command.line)
        if isinstance(command, Withdraw):
            # Whatever it takes back was carried out as soon as it was ordered.
            fact: AnyFact = WithdrawalLate(key=Key(command.target), line=command.line)
        else:
            fact = await self._crew.carry_out(command)
        self.say(subject_of(command.line), fact, self.clock.at)

    def gaps(self) -> GapReport:
        """Whose gaps there were."""
        return gap_report(self.truths(), ends=self.clock.at)

    def truths(self) -> list[dict[str, Any]]:
        """The world's truth log."""
        return [json.loads(line) for line in self.truth.read_text(encoding="utf-8").splitlines()]

    def unfinished(self) -> list[LineId]:
        """The lines that are neither done nor ended."""
        return [line.line for line in self.roster.lines if line.line not in self.tally.over]


def _roster(wishes: Wishes) -> Roster:
    roster = generate(wishes.employees, wishes.seed, STARTS)
    roster = roster.model_copy(update={"kits": (*roster.kits, *_spares(roster, wishes))})
    changes: dict[str, object] = {}
    if wishes.execution is not None:
        changes["execution"] = wishes.execution
    if wishes.handset is not None:
        changes["handset"] = wishes.handset
    lines = tuple(line.model_copy(update=changes) if line.ports else line for line in roster.lines)
    return roster.model_copy(update={"lines": lines})


def _spares(roster: Roster, wishes: Wishes) -> tuple[StockedKit, ...]:
    """So many more kits of either kind per line on every shelf: what goes wrong here is not that they run out."""
    stocks = sorted({line.stock for line in roster.lines})
    wanted = ceil(len(roster.lines) * wishes.spares)
    kits = [(stock, n, imei) for stock in stocks for n in range(wanted) for imei in (None, Imei("490154203237518"))]
    return tuple(StockedKit(stock=stock, iccid=_iccid(place), imei=imei) for place, (stock, _, imei) in enumerate(kits))


def _iccid(number: int) -> Iccid:
    body = f"89314499{number:010d}"
    return Iccid(body + luhn(body))


def _crew(io: SimulatedWorld, clock: StoppedClock) -> Crew:
    return Crew(numbers=io, sims=io, courier=io, lines=io, tester=io, post=io, writer=PlainWriter(), clock=clock)


def _told(now: datetime, fact: AnyFact, decision: Decision) -> str:
    fields = {k: v for k, v in fact.model_dump(mode="json").items() if k not in {"type", "line", "by", "why"} and v}
    commands = " ".join(c.key.split("/", 2)[2] for c in decision.commands)
    outcomes = " ".join(o.type.split(".")[-2] for o in decision.outcomes)
    because = " ".join(str(b.reason) for b in decision.because)
    look = f"{decision.look_again_at:%m-%d %H:%M}" if decision.look_again_at else "-"
    return f"{now:%m-%d %H:%M} {type(fact).__name__} {fields} | {because} | {commands} | {outcomes} | {look}"
