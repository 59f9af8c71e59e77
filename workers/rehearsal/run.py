"""Runs a rehearsal from nothing to its report: topics, workers, people and lines, a plan, a world, and then time."""

import http.client
import json
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from events.envelope import Said
from events.registry import AnyFact
from orchestrator.planning import Plan, capacity_for, facts_of_plan, plan
from workers.crew.alone import Work, alone, sign
from workers.crew.duties import duties, world_duty
from workers.crew.roll_call import on_roll
from workers.crew.supervisor import Supervisor
from workers.imports.facts import facts_of, people_of
from workers.imports.ids import said_id
from workers.imports.planned import plan_lines_of
from workers.imports.roster import Roster
from workers.journal.reading import Journal, chains_of
from workers.rehearsal.counting import Tally
from workers.rehearsal.fresh import fresh
from workers.rehearsal.report import Report, report
from workers.rehearsal.truth import Watch
from workers.runtime.clock import SteppedClock, timers_beside
from workers.runtime.language import _, marked
from workers.runtime.log import configure
from workers.runtime.ports import check_free
from workers.runtime.saying import Inbox
from workers.runtime.settings import Settings
from workers.runtime.terms import terms_of
from workers.runtime.unable import UnableToError
from workers.world.chances import Policy, Rates
from workers.world.manners import Manners
from workers.world.setup import WorldSetup, openings

PHASES: Final = (
    marked("Kafka"), marked("plan"), marked("workers"), marked("import"), marked("migration"), marked("report"),
    marked("total"),
)  # fmt: skip
"""What takes time, by the names in the report; on a screen they stand in its language."""
PLAN_SOURCE: Final = "/naadloos/plan"
LATE_AT_MOST: Final = timedelta(days=120)
"""So long after the old contract's end a rehearsal goes on at most: an acceptance holds for ninety days, and a line
that is late is somebody's line all the same."""
AWAY: Final = (OSError, http.client.HTTPException)
"""What it looks like when the world is not there: nobody listens, or an answer breaks off halfway."""
Show = Callable[["Rehearsal"], None]


class UnableToRehearseError(UnableToError):
    """The rehearsal did not come to its end."""


@dataclass(frozen=True)
class Wishes:
    """What may be chosen about a rehearsal."""

    seed: int = 1
    rates: Rates = field(default_factory=Rates)
    policy: Policy = "answers"
    deciders: int = 1
    effects: int = 1
    manners: Manners = field(default_factory=Manners)
    truth: Path | None = None
    capacity: int | None = None


@dataclass
class Rehearsal:
    """One rehearsal, while it runs."""

    settings: Settings
    roster: Roster
    wishes: Wishes
    phase: str = "Kafka"
    tally: Tally = field(default_factory=Tally)
    progress: dict[str, Any] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    plan: Plan | None = None
    supervisor: Supervisor | None = None

    def __post_init__(self) -> None:
        self.truth = self.wishes.truth or Path()
        self.watch = Watch(self.truth)
        self._world = f"http://127.0.0.1:{self.settings.world_port}"

    @property
    def folder(self) -> Path:
        """Where this rehearsal keeps what is not in Kafka."""
        return self.settings.folder

    def run(self, show: Show) -> Report:
        """Run it to its end, showing how far it is."""
        began = time.monotonic()
        with alone(self.settings, Work.REHEARSAL):
            self._check_ports()
            with ExitStack() as running:
                self._prepare(show, running)
                self._say()
                self._live(show)
            with self._timed("report"):
                show(self)
                result = self._report()
        self.seconds["total"] = time.monotonic() - began
        return result.model_copy(update={"seconds": {name: round(s, 1) for name, s in self.seconds.items()}})

    def _check_ports(self) -> None:
        """Nobody else listens where these will; looked at before anything is made. Raises `UnableToListenError`."""
        check_free(self.settings.inbound_port, what=_("The inbound adapter"), setting="NAADLOOS_INBOUND_PORT")
        check_free(self.settings.world_port, what=_("The simulated world"), setting="NAADLOOS_WORLD_PORT")

    @contextmanager
    def _timed(self, phase: str) -> Iterator[None]:
        self.phase = phase
        began = time.monotonic()
        yield
        self.seconds[phase] = time.monotonic() - began

    def _prepare(self, show: Show, running: ExitStack) -> None:
        with self._timed("Kafka"):
            show(self)
            self.settings = fresh(self.settings)
            sign(self.settings, Work.REHEARSAL)
            self._begin()
        with self._timed("plan"):
            show(self)
            self.plan = self._planned()
            self._setup(self.plan).save(self.folder / "world")
        with self._timed("workers"):
            show(self)
            self._start(running)

    def _begin(self) -> None:
        """The clock stands at the programme's start, and the world's log is empty."""
        self.truth = self.wishes.truth or self.folder / "world.jsonl"
        self.truth.unlink(missing_ok=True)
        self.watch = Watch(self.truth)
        clock = self.settings.clock_file
        assert clock is not None, "a rehearsal has a clock of its own"
        SteppedClock(clock).set(self.roster.starts)
        SteppedClock(timers_beside(clock)).set(self.roster.starts)

    def _planned(self) -> Plan:
        lines = plan_lines_of(self.roster)
        per_day = self.wishes.capacity or capacity_for(len(lines))
        return plan(lines, starts=self.roster.starts, terms=terms_of(self.settings), per_day=per_day)

    def _setup(self, planned: Plan) -> WorldSetup:
        wishes = self.wishes
        setup = WorldSetup.of(
            self.roster, seed=wishes.seed, waves=openings(planned), rates=wishes.rates, policy=wishes.policy
        )
        return setup.model_copy(update={"manners": wishes.manners})

    def _start(self, running: ExitStack) -> None:
        until = (self.roster.contract_ends + LATE_AT_MOST).isoformat()
        world = world_duty(self.settings, self.folder / "world", until=until, truth=self.truth)
        crew = (*duties(self.settings, deciders=self.wishes.deciders, effects=self.wishes.effects), world)
        (self.folder / "logs").mkdir(exist_ok=True)
        self.supervisor = Supervisor(crew, logs=self.folder / "logs")
        configure(worker="supervisor", file=self.folder / "logs" / "supervisor.log")
        running.callback(self.supervisor.stop)
        self.supervisor.start()
        running.enter_context(on_roll(self.settings, self.supervisor, door=None))

    def _say(self) -> None:
        """Who moves, and when it is whose turn."""
        with self._timed("import"):
            at, programme = self.roster.starts, self.settings.programme
            inbox = Inbox(self.settings)
            inbox.make_known(people_of(self.roster, at=at, programme=programme))
            assert self.plan is not None
            inbox.say_all([*facts_of(self.roster, at=at, programme=programme), *self._plan_facts(self.plan)])

    def _plan_facts(self, planned: Plan) -> Iterator[Said[AnyFact]]:
        at = self.roster.starts
        for subject, fact in facts_of_plan(planned):
            id_ = said_id(self.settings.programme, subject, fact)
            yield Said(id_, PLAN_SOURCE, subject, at, at, fact, correlation=subject)

    def _live(self, show: Show) -> None:
        # Closed whatever happens: a client that is only let go of can stand in its own way for ever while it ends.
        journals = closing(Journal(self.settings, chains_of(self.settings), patient=True))
        with self._timed("migration"), journals as journal:
            self._ask("/run", method="POST")
            while not self.progress.get("finished"):
                for _, record in journal.read(0.3, most=5000):
                    self.tally.heard(record)
                self._look()
                show(self)
            journal.catch_up(lambda _, record: self.tally.heard(record))

    def _look(self) -> None:
        self.watch.look()
        self._must_go_on()
        try:
            self.progress = self._request("/run", "GET")
        except AWAY:
            return  # the world is starting again

    def _ask(self, path: str, *, method: str = "GET") -> dict[str, Any]:
        """Ask the world, which may be starting."""
        while True:
            try:
                return self._request(path, method)
            except AWAY:
                self._must_go_on()
                time.sleep(0.1)

    def _request(self, path: str, method: str) -> dict[str, Any]:
        request = urllib.request.Request(self._world + path, method=method)  # noqa: S310 - our own world on loopback
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - as above
            return dict(json.load(answer))

    def _must_go_on(self) -> None:
        assert self.supervisor is not None
        given_up = self.supervisor.given_up()
        if given_up:
            name = given_up[0]
            exits = self.supervisor.posts[name].exits
            raise UnableToRehearseError(
                "\n".join(
                    (
                        _("The rehearsal stopped: {name} ended {count} times, last with exit code {code}.").format(
                            name=name, count=len(exits), code=exits[-1]
                        ),
                        _("The other workers were stopped; nothing outside this machine was touched."),
                        _("Read why:  tail {log}").format(log=self.folder / "logs" / f"{name}.log"),
                    )
                )
            )

    def _report(self) -> Report:
        return report(
            self.settings,
            self.roster,
            truth=self.truth,
            counts=self.progress["counts"],
            progress=self.progress,
            seconds={},
        )
