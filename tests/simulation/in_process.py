"""A whole programme in one process: the real decisions, effects and translation against the real world, without Kafka.

Time is stepped as `workers/world/coordinator.py` steps it: on five-minute marks, what the world reports first, then
whose time has come; and all that is said in a step is decided and done before the next.
"""

from __future__ import annotations

import heapq
import json
from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from events.base import Key, LineFact, LineId, SubjectId, subject_of
from events.control import TimeCome, WithdrawalLate
from events.cutover import ReachabilityTested, Withdraw
from events.dispatch import HandedOver, ParcelAnnounced
from events.enrolment import LineEnrolled
from events.places import KitGranted
from events.porting import RequestPort
from events.registry import AnyCommand, AnyFact
from orchestrator import subjects
from orchestrator.decision import Decision
from orchestrator.planning import capacity_for, facts_of_plan, plan
from orchestrator.record import Holder, Line
from orchestrator.subjects import State
from orchestrator.terms import Terms
from tests.simulation.outside import Loopback, drawn, parties_of
from tests.simulation.tally import Tally
from tests.simulation.wishes import Wishes, roster_of
from workers.imports.facts import facts_of
from workers.imports.planned import plan_lines_of
from workers.inbound.translate import fact_of, name_in, subject_for
from workers.providers.reports import Report
from workers.runtime.terms import ZONE, public_holidays
from workers.verify.asking import StoppedClock
from workers.world.coordinator import ceiling
from workers.world.gaps import GapReport, gap_report
from workers.world.server import World
from workers.world.setup import WorldSetup, openings

PROGRAMME: Final = "sim"
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


class Programme:
    """One run, from the import to the end."""

    def __init__(self, folder: Path, wishes: Wishes, *, meddle: Iterable[Meddle] = (), tell: str = "") -> None:
        self.wishes = wishes
        self.roster = roster_of(wishes)
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
        self._parties = parties_of(self.io, self.clock)
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
        wishes = self.wishes
        return WorldSetup.of(
            self.roster, seed=wishes.seed, waves=openings(self.plan), rates=wishes.rates, policy=wishes.policy
        )

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
            if self.io.hush is not None and self.io.hushed() and report.kind.startswith("port"):
                for _ in range(2):  # kept back, and then told twice
                    self.later(self.io.hush[1], lambda _at, kept=report: self._report(kept))  # type: ignore[misc]
                continue
            for _ in range(2 if self.wishes.twice else 1):
                self._report(report)
        self.world.acknowledge([report.id for report in reports])

    def _report(self, report: Report) -> None:
        line = self._whose.get(name_in(report)) or LineId("")
        subject = subject_for(report, line or None)
        if subject is None:
            self.tally.unrouted[report.kind] += 1
        else:
            self.say(subject, fact_of(report, line), report.at)

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
        state = subjects.hear(self.states.get(subject) or subjects.fresh(subject), fact, at, now=now)
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
            fact = await self._parties.carry_out(command)
            for news in self._parties.breakers.news():
                self.say(SubjectId(f"P-{PROGRAMME}"), news, self.clock.at)
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


def _told(now: datetime, fact: AnyFact, decision: Decision) -> str:
    fields = {k: v for k, v in fact.model_dump(mode="json").items() if k not in {"type", "line", "by", "why"} and v}
    commands = " ".join(c.key.split("/", 2)[2] for c in decision.commands)
    outcomes = " ".join(o.type.split(".")[-2] for o in decision.outcomes)
    because = " ".join(str(b.reason) for b in decision.because)
    look = f"{decision.look_again_at:%m-%d %H:%M}" if decision.look_again_at else "-"
    return f"{now:%m-%d %H:%M} {type(fact).__name__} {fields} | {because} | {commands} | {outcomes} | {look}"
