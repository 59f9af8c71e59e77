"""Facts in any order, late, twice and contradictory, and answers of every kind: what must hold all the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from events.base import IrreversibleCommand, subject_of
from events.control import CommandLapsed, CommandRefused, OutcomeUnknown
from events.cutover import BookPort, ClearForward, EndOldLine, ExecutePort, Network
from events.enrolment import Handset
from events.registry import AnyCommand, AnyFact
from orchestrator.deciding.evidence import after, attached, contrary_at, sound
from orchestrator.reachability import known_ways, reachable
from orchestrator.record import AskState, Forward, Holder, Line, with_
from tests.core.spec import HOLDER, Spec, given
from workers.promises.judging import opened
from workers.runtime.terms import ZONE
from workers.scenario.answering import helpful
from workers.scenario.page import UnableToReadStoryError
from workers.scenario.stage import Coming, Heard, Stage

AT_ONCE = 60
"""Decisions that may follow each other without time passing."""
LEVELS = ("planned", "requested", "accepted", "handed over", "ready", "cutover", "ported", "reached")
SHAPES: tuple[dict[str, Any], ...] = (
    {},
    {"handset": "kept"},
    {"execution": "booked"},
    {"critical": "desk_alarm"},
)
FACTS: tuple[tuple[str, dict[str, str]], ...] = (
    ("porting.accepted", {}),
    ("porting.accepted", {"iccid": "SIM 2"}),
    ("porting.accepted", {"first_possible": "2027-01-15"}),
    ("porting.accepted", {"dossier": "NL-E-0001-1-2"}),
    ("porting.delayed", {"due": "+2 days"}),
    ("porting.blocked", {"code": "63"}),
    ("porting.error-found", {"code": "12"}),
    ("porting.cancelled", {}),
    ("porting.lapsed", {}),
    ("porting.performed", {}),
    ("porting.performed", {"dossier": "NL-E-0001-1-7"}),
    ("porting.reversed", {}),
    ("porting.missed-batch", {}),
    ("porting.number-deactivated", {}),
    ("porting.data-corrected", {}),
    ("porting.withdrawn", {}),
    ("porting.rebound", {}),
    ("porting.rebound", {"iccid": "SIM 3"}),
    ("dispatch.handed-over", {}),
    ("dispatch.handed-over", {"iccid": "SIM 3"}),
    ("dispatch.handover-corrected", {}),
    ("dispatch.mismatch-settled", {"iccid": "SIM 3", "choice": "rebind"}),
    ("dispatch.mismatch-settled", {"iccid": "SIM 3", "choice": "resend"}),
    ("dispatch.kit-lost", {}),
    ("dispatch.kit-found", {}),
    ("dispatch.parcel-reported", {"status": "lost"}),
    ("dispatch.parcel-reported", {"status": "delivered"}),
    ("sim.attached", {}),
    ("sim.detached", {}),
    ("sim.failed", {"why": "dead"}),
    ("sim.blocked", {}),
    ("cutover.forward-lost", {"network": "old"}),
    ("cutover.forward-lost", {"network": "new"}),
    ("cutover.second-medium-proved", {}),
    ("cutover.reported-unreachable", {}),
    ("cutover.end-approved", {}),
    ("planning.slot-confirmed", {}),
    ("planning.slot-declined", {}),
    ("planning.person-missed-slot", {}),
    ("planning.wave-told", {"state": "paused", "change": "7"}),
    ("planning.wave-told", {"state": "running", "change": "8"}),
    ("enrolment.mandate-withdrawn", {}),
    ("enrolment.mandate-filed", {}),
    ("enrolment.leaver-announced", {"last_day": "2027-01-31"}),
    ("enrolment.leaver-settled", {"choice": "pool"}),
    ("enrolment.leaver-settled", {"choice": "cancel"}),
    ("enrolment.absence-announced", {"since": "+1 day", "until": "+20 days"}),
    ("enrolment.absence-ended", {}),
    ("enrolment.line-dropped", {}),
    ("control.held", {}),
    ("control.released", {}),
    ("control.waived", {"condition": "person_confirmed"}),
)
PASSES = (
    "+0 minutes",
    "+5 minutes",
    "+1 hour",
    "+1 day",
    "+6 days",
    "slot start",
    "slot start - 20 minutes",
    "slot end",
)
ANSWERS = ("helpful", "helpful", "helpful", "refused", "lapsed", "unknown", "nothing")


@dataclass
class Fickle:
    """A world outside that answers as it is drawn."""

    kinds: Iterable[str]
    spec: Spec
    _next: Iterable[str] = field(init=False)

    def __post_init__(self) -> None:
        self._next = cycle(self.kinds)

    def answer(self, command: AnyCommand, stage: Stage) -> Iterable[Coming]:
        for fact in self._facts(command, stage):
            yield Coming(stage.now, subject_of(command.line), fact)

    def react(self, fact: AnyFact, stage: Stage) -> Iterable[Coming]:
        return self.spec.others.react(fact, stage)

    def _facts(self, command: AnyCommand, stage: Stage) -> Iterable[AnyFact]:
        match next(iter(self._next)):
            case "helpful":
                return tuple(helpful(command, stage))
            case "refused":
                return (CommandRefused(key=command.key, line=command.line, code="no"),)
            case "lapsed" if isinstance(command, IrreversibleCommand):
                return (CommandLapsed(key=command.key, line=command.line),)
            case "unknown":
                return (OutcomeUnknown(key=command.key, line=command.line),)
            case _:
                return ()


@dataclass
class Watch:
    """Looks at every decision."""

    orders: dict[str, AnyCommand] = field(default_factory=dict)

    def __call__(self, stage: Stage, heard: Heard) -> None:
        state = stage.states[heard.subject]
        if not isinstance(state, Holder):
            return
        for line in state.lines.values():
            ours = {f"NL-{line.id}-{number}" for number in range(1, line.port.attempt + 1)}
            assert len(ours.intersection(opened(line))) <= 1, f"R3: {opened(line)}"
        for command in heard.decision.commands:
            line = stage.line(command.line)
            assert line.terms is not None
            self._once(command)
            self._guarded(command, state, line, stage)

    def _once(self, command: AnyCommand) -> None:
        before = self.orders.get(command.key)
        if before is not None:
            assert type(before) is type(command), f"R4: {command.key}"
            assert not isinstance(command, ExecutePort | BookPort), f"R4: {command.key}"
        self.orders[command.key] = command

    def _guarded(self, command: AnyCommand, holder: Holder, line: Line, stage: Stage) -> None:
        match command:
            case EndOldLine():
                raise AssertionError("R2")
            case ExecutePort() | BookPort():
                assert may_move(holder, line, command, stage)
                moved = with_(line, port=with_(line.port, performed_at=stage.now))
                assert isinstance(command, BookPort) or reachable(known_ways(moved)), "R1"
            case ClearForward():
                gone = {network: net for network, net in line.nets.items() if network is not command.network}
                assert reachable(known_ways(with_(line, nets=gone))), "R1"
            case _:
                pass


def may_move(holder: Holder, line: Line, command: ExecutePort | BookPort, stage: Stage) -> bool:
    """The gate in other words, from what was known when the order was given."""
    assert line.terms is not None
    now, sim, test = stage.now, line.sims[command.iccid], line.sims[command.iccid].test
    limit = stage.terms.evidence_for(line.terms.critical)
    later = isinstance(command, BookPort) and line.terms.handset is not Handset.NEW  # its SIMs change before the batch
    proved = test is not None and test.passed and after(test.at, contrary_at(line, sim)) and now - test.at <= limit
    in_slot = command.slot.start <= now < command.slot.end
    nets = all(line.nets.get(network, Forward()).stands() for network in Network)
    return (
        (later or (proved and attached(sim) and sound(sim)))
        and nets
        and (in_slot or isinstance(command, BookPort))
        and line.kit.handed == command.iccid == line.port.bound
        and line.mandate is not None
        and not any(hold.line in {None, line.id} for hold in holder.holds)
        and (holder.leaver_at is None or line.settled in {"pool", "stays"})
        and command.not_after <= now + max(stage.terms.not_after, stage.terms.patience)
    )


def remembered(stage: Stage, line: Line) -> bool:
    """Whether something or somebody will come back to this line."""
    plan, kit = line.plan, line.kit
    begun = plan.wave_state == "running" or kit.asks > 0 or bool(line.asks)
    slot_asked = plan.slot is not None and plan.asked_for == plan.slot.start
    return (
        line.done_at is not None
        or line.ended is not None
        or not begun
        or HOLDER in stage.looks
        or any(ask.state is AskState.ASKED for ask in line.asks.values())
        or any(task.closed_at is None and task.done_at is None for task in line.tasks.values())
        or (kit.asked_at is not None and (kit.granted_at is None or kit.granted_at < kit.asked_at))
        or slot_asked
        or any(place.granted is None for place in line.places.values())
        or held(stage)
    )


def held(stage: Stage) -> bool:
    """Whether a person holds the line: it waits for that person."""
    state = stage.states[HOLDER]
    return isinstance(state, Holder) and bool(state.holds)


@dataclass(frozen=True)
class Pass:
    """Time passes."""

    until: str


@dataclass(frozen=True)
class Hear:
    """A fact is heard, so many minutes after it was true."""

    fact: tuple[str, dict[str, str]]
    late: int


STEPS = st.lists(
    st.one_of(
        st.builds(Pass, st.sampled_from(PASSES)),
        st.builds(Hear, st.sampled_from(FACTS), st.sampled_from((0, 0, 0, 30, 3_000))),
    ),
    max_size=14,
)


LIFE: Final[dict[str, st.SearchStrategy[Any]]] = {
    "level": st.sampled_from(LEVELS),
    "shape": st.sampled_from(SHAPES),
    "kinds": st.lists(st.sampled_from(ANSWERS), min_size=1, max_size=8),
    "steps": STEPS,
}


@drawn(**LIFE)
@settings(max_examples=60, derandomize=True, suppress_health_check=list(HealthCheck))
def test_whatever_is_heard(level: str, shape: dict[str, Any], kinds: list[str], steps: list[Pass | Hear]) -> None:
    _live(level, shape, kinds, steps)


@pytest.mark.long
@drawn(**LIFE)
@settings(max_examples=3_000, derandomize=False, suppress_health_check=list(HealthCheck))
def test_whatever_else_is_heard(level: str, shape: dict[str, Any], kinds: list[str], steps: list[Pass | Hear]) -> None:
    _live(level, shape, kinds, steps)


def _live(level: str, shape: dict[str, Any], kinds: list[str], steps: list[Pass | Hear]) -> None:
    spec = given(level, **shape)
    stage = spec.stage
    stage.others, stage.watch = Fickle(kinds, spec), Watch()
    for step in steps:
        _pass(spec, step) if isinstance(step, Pass) else _hear(spec, step)
        assert remembered(stage, spec.line), (step, spec.reasons)


def _pass(spec: Spec, step: Pass) -> None:
    """Nothing runs hot over time: a bounded number of decisions per hour."""
    before, began = len(spec.stage.history), spec.stage.now
    spec.at(step.until)
    hours = (spec.stage.now - began) / timedelta(hours=1)
    assert len(spec.stage.history) - before <= AT_ONCE * (1 + hours), "a hot loop over time"


def _hear(spec: Spec, step: Hear) -> None:
    """Nothing runs hot at once: once the answers are in, nothing new is ordered."""
    (name, fields), before = step.fact, len(spec.stage.history)
    true_at = spec.stage.now - timedelta(minutes=step.late)
    try:
        spec.hear(name, true_at=f"{true_at.astimezone(ZONE):%Y-%m-%d %H:%M}" if step.late else "", **fields)
    except UnableToReadStoryError:
        return  # what the fact is about is not known yet, so nobody could have said it
    assert len(spec.stage.history) - before <= AT_ONCE, "a hot loop"
