"""A run of chaos: rehearsal after rehearsal is struck, each with a seed of its own, and what is left is judged."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

from events.base import LineId, SubjectId
from orchestrator.record import Holder
from orchestrator.subjects import State
from workers.chaos.beside import Beside, Look
from workers.chaos.checker import History, history
from workers.chaos.ground import Ground, ground
from workers.chaos.law import Effects, effects_in
from workers.chaos.report import ChaosEffects, ChaosReport, Struck, summed
from workers.chaos.striker import Tell
from workers.chaos.strikes import PAUSE, WORLD, strikes
from workers.imports.sample import STARTS, generate
from workers.rehearsal.report import Report
from workers.rehearsal.run import Rehearsal, Wishes
from workers.runtime.fingerprint import fingerprint
from workers.runtime.settings import Settings
from workers.runtime.unable import UnableToError
from workers.world.manners import Manners

MOST: Final = 1000
"""Rehearsals of one run: so many seeds lie between those of two runs."""
ANSWER_SECONDS: Final = 8.0
MANNERS: Final = Manners(slow=0.02, broken_off=0.01, late=0.0003, late_seconds=ANSWER_SECONDS + 1)
"""How the providers answer meanwhile: a late answer comes when the worker has stopped waiting for it."""
DECIDERS: Final = 2
EFFECTS: Final = 2
Outcome = tuple[bool, str, int]
"""Whether the line is done, why it ended, and how many incidents it had."""


@dataclass(frozen=True)
class ChaosWishes:
    """What may be chosen about a run."""

    seed: int = 1
    minutes: float = 10
    employees: int = 300
    pause: float = PAUSE
    rehearsals: int = MOST
    compare: bool = False


@dataclass
class Chaos:
    """One run."""

    settings: Settings
    wishes: ChaosWishes
    tell: Tell
    """Told of each strike as it falls."""
    look: Look
    """Shown each rehearsal as it goes."""
    judge: Callable[[Struck], None]
    """Told what was found of each."""
    keep: Callable[[ChaosReport], None]
    """Given the report so far after each rehearsal, so that what was measured stays whatever ends the run."""
    parts: list[Struck] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    """Why a rehearsal did not come to its end."""
    _longest: float = 0.0

    def run(self) -> ChaosReport:
        """Rehearse until the time is up, or a promise is broken: then all is left as it is, to be looked at.

        What nobody foresaw is raised, and stands in the report that was kept.
        """
        until = time.monotonic() + 60 * self.wishes.minutes
        with ground(self.settings, answer_seconds=ANSWER_SECONDS) as there:
            self._rehearse_all(there, until)
        return self._report()

    def _rehearse_all(self, there: Ground, until: float) -> None:
        for seed in self._seeds(until):
            try:
                self._add(self._rehearse(there, seed, until))
            except UnableToError as unable:
                self.broken.append(f"{seed}: {unable}")
                return
            except Exception as fault:
                self.broken.append(f"{seed}: {type(fault).__name__}: {fault}")
                raise
            finally:
                self.keep(self._report())

    def _report(self) -> ChaosReport:
        codes = [fingerprint("events", "orchestrator", "workers")]
        return summed(self.parts, seeds=[self.wishes.seed], codes=codes, broken=self.broken)

    def _seeds(self, until: float) -> Iterator[int]:
        """None is begun that would not be over in time, by the longest so far; the first one always is."""
        for number in count():
            late = time.monotonic() + self._longest > until
            failed = any(part.wrong for part in self.parts)
            if number and (late or failed or number >= min(MOST, self.wishes.rehearsals)):
                return
            yield self.wishes.seed * MOST + number

    def _rehearse(self, there: Ground, seed: int, until: float) -> Struck:
        began = time.monotonic()
        expected = self._undisturbed(there, seed) if self.wishes.compare else None
        rehearsal = self._rehearsal(there, seed)
        cuts, lost = there.proxy.cuts, there.proxy.answers_lost
        plan = strikes(seed, crew_names(), pause=self.wishes.pause)
        beside = Beside(there, plan, until, self.tell, self.look)
        try:
            report = rehearsal.run(beside.show)
        finally:
            beside.stop()
        past = history(rehearsal.settings)
        effects = effects_in(rehearsal.folder / "world", rehearsal.truth, past)
        otherwise = differences(expected, outcomes(past.states)) if expected is not None else ()
        return Struck(
            seed=seed,
            employees=report.employees,
            lines=report.lines,
            records=past.records,
            lost=past.lost,
            doubled=past.doubled,
            ignored=past.ignored,
            duplicates=past.duplicates,
            effects=_effects(effects, past),
            gap_minutes=report.gap_minutes,
            **_strikes(beside),
            cuts=there.proxy.cuts - cuts,
            answers_lost=there.proxy.answers_lost - lost,
            left_in_peace=beside.left_in_peace,
            compared=expected is not None,
            seconds=round(time.monotonic() - began, 1),
            wrong=(*past.wrong, *effects.breaches, *_unkept(report), *otherwise),
        )

    def _undisturbed(self, there: Ground, seed: int) -> dict[LineId, Outcome]:
        calm = self._rehearsal(there, seed)
        calm.run(self.look)
        return outcomes(history(calm.settings).states)

    def _rehearsal(self, there: Ground, seed: int) -> Rehearsal:
        wishes = Wishes(seed=seed, deciders=DECIDERS, effects=EFFECTS, manners=MANNERS)
        return Rehearsal(there.settings, generate(self.wishes.employees, seed, STARTS), wishes)

    def _add(self, part: Struck) -> None:
        self.parts.append(part)
        self._longest = max(self._longest, part.seconds)
        self.judge(part)


def _effects(found: Effects, past: History) -> ChaosEffects:
    return ChaosEffects(done=found.done, repeated=found.repeated, maybe_twice=past.maybe_twice, missing=found.missing)


def _strikes(beside: Beside) -> dict[str, Any]:
    """What the striker counted; nothing where none was begun."""
    striker = beside.striker
    if striker is None:
        return {"strikes": {}, "killed": {}, "said_again": 0}
    return {
        "strikes": dict(striker.struck.items()),
        "killed": dict(striker.killed),
        "said_again": striker.said_again,
        "owed": tuple(f"{strike.kind} {strike.whom}".strip() for strike in striker.owed()),
    }


def _unkept(report: Report) -> Iterator[str]:
    """What the rehearsal's own report, counted another way, says is broken."""
    if not report.kept:
        yield f"the rehearsal's report is not kept: {report.inbox}, {report.effects}, gaps {report.gap_minutes}"


def crew_names() -> tuple[str, ...]:
    """The workers of every rehearsal of a run, by the names that a plan of strikes has for them."""
    clusters = (f"decider-{n + 1}" for n in range(DECIDERS)), (f"effects-{n + 1}" for n in range(EFFECTS))
    return (*clusters[0], *clusters[1], "inbound", "clock", "monitor", WORLD)


def outcomes(states: Mapping[SubjectId, State]) -> dict[LineId, Outcome]:
    """How each line came out, by what one fold alone makes of the inbox."""
    holders = (state for state in states.values() if isinstance(state, Holder))
    lines = (line for holder in holders for line in holder.lines.values())
    return {line.id: (line.done_at is not None, str(line.ended or ""), line.incident_count) for line in lines}


def differences(expected: Mapping[LineId, Outcome], came: Mapping[LineId, Outcome]) -> Iterator[str]:
    """Lines that came out otherwise than undisturbed."""
    for line in sorted(expected.keys() | came.keys()):
        if expected.get(line) != came.get(line):
            yield f"{line} came out as {came.get(line)}, and undisturbed as {expected.get(line)}"
