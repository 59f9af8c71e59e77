"""Operators, HR and fate: facts that cross, contradict and stop what is under way, at every stage of a line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from events.base import Account, LineId, SubjectId, subject_of
from events.control import Held, Released
from events.cutover import ForwardLost, Network
from events.dispatch import HandedOver, HandoverCorrected, KitFound, KitLost
from events.enrolment import LeaverAnnounced, MandateFiled, MandateWithdrawn
from events.planning import WavePaused, WaveStarted
from events.porting import DataCorrected, NumberDeactivated, PortState, PortWithdrawn
from events.registry import AnyFact
from events.sim import SimBlocked
from orchestrator.decision import Decision
from orchestrator.record import Holder, Line
from tests.simulation.in_process import Programme
from tests.simulation.outside import drawn
from workers.world import others
from workers.world.line import Cause, Health, LineWorld, TruthLine
from workers.world.truth import answered_by, plain

BY: Final = Account("operator")
WHY: Final = "as it happens"
Change = Callable[[LineWorld], LineWorld]
Trouble = Callable[[Programme, Line, datetime], None]


def performed(line: Line) -> bool:
    return line.port.performed_at is not None


def _near(line: Line, now: datetime) -> bool:
    """Within the hour before the slot, the line being accepted."""
    slot = line.plan.slot
    accepted = line.port.state in {PortState.ACCEPTED, PortState.BOOKED}
    return slot is not None and accepted and slot.start - timedelta(hours=1) <= now < slot.end


STAGES: Final[Mapping[str, Callable[[Line, datetime], bool]]] = {
    "asked": lambda line, _: line.port.dossier is not None,
    "handed": lambda line, _: line.kit.handed is not None,
    "accepted": lambda line, _: line.port.state is PortState.ACCEPTED,
    "confirmed": lambda line, _: line.plan.slot is not None and line.plan.confirms(line.plan.slot.start),
    "booked": lambda line, _: line.port.state is PortState.BOOKED,
    "near": _near,
    "moving": lambda line, _: line.port.state is PortState.EXECUTING,
    "performed": lambda line, _: performed(line),
    "reached": lambda line, _: line.proved_at is not None,
    "done": lambda line, _: line.done_at is not None,
}
"""When a line is first seen so, trouble is on its way."""


def befall(programme: Programme, name: LineId, what: str, at: datetime, change: Change) -> None:
    """The world changes by itself, and its truth log knows of it."""
    world = programme.world
    before = world.line(name)
    line = change(before)
    world._replace(name, line)
    if (now := answered_by(line)) != answered_by(before):
        world._truth.write([plain(line, TruthLine(at, now, Cause("world", what)))])  # noqa: SLF001 - as above


def said(*facts: Callable[[Line], AnyFact | None]) -> Trouble:
    """These are said one after the other, two days apart, and the world is as it was."""

    def happen(programme: Programme, line: Line, at: datetime) -> None:
        for days, make in enumerate(facts):
            if (fact := make(line)) is not None:
                when = at + days * timedelta(days=2)
                programme.later(when, partial(programme.say, subject_of(line.id), fact))

    return happen


def paused(programme: Programme, line: Line, at: datetime) -> None:
    """The line's whole wave is paused for two days."""
    wave = line.plan.wave
    if wave is not None:
        programme.say(wave, WavePaused(by=BY, why=WHY), at)
        started = WaveStarted(by=BY, why=WHY)
        programme.later(at + timedelta(days=2), partial(programme.say, wave, started))


def lost(programme: Programme, line: Line, at: datetime) -> None:
    """The new phone with its SIM is gone from the person's hands."""
    iccid = line.kit.handed or (line.kit.kit.iccid if line.kit.kit else None)
    if iccid is not None:
        befall(programme, line.id, "handset-lost", at, others.without_new_kit)
        programme.say(subject_of(line.id), KitLost(line=line.id, iccid=iccid), at)


def forward_lost(programme: Programme, line: Line, at: datetime) -> None:
    """A network loses the forward and says so."""
    network = Network.NEW if performed(line) else Network.OLD
    known = programme.world.line(line.id).forward(network)
    befall(programme, line.id, "forward-lost", at, lambda w: w.with_forward(network, known._replace(target=None)))
    programme.say(subject_of(line.id), ForwardLost(line=line.id, network=network), at)


def deactivated(programme: Programme, line: Line, at: datetime) -> None:
    """The number goes back to its range holder: nobody serves it any more."""
    if line.port.dossier is None:
        return

    befall(programme, line.id, "number-deactivated", at, others.deactivated)
    programme.say(subject_of(line.id), NumberDeactivated(line=line.id, dossier=line.port.dossier), at)


def blocked(programme: Programme, line: Line, at: datetime) -> None:
    """The provider blocks the new SIM without being asked."""
    iccid = line.kit.handed
    sim = programme.world.line(line.id).sim(iccid or "")
    if iccid is None or sim is None:
        return
    dead = sim._replace(health=Health.BLOCKED, active=False, attached=False)
    befall(programme, line.id, "sim-blocked", at, lambda world: world.with_sim(dead))
    programme.say(subject_of(line.id), SimBlocked(line=line.id, iccid=iccid, asked=False), at)


def _scanned_again(line: Line) -> AnyFact | None:
    kit = line.kit
    return HandedOver(line=line.id, iccid=kit.handed, imei=kit.handed_imei, by=BY) if kit.handed else None


def _corrected(line: Line) -> AnyFact | None:
    return HandoverCorrected(line=line.id, iccid=line.kit.handed, by=BY, why=WHY) if line.kit.handed else None


TROUBLES: Final[Mapping[str, Trouble]] = {
    "held": said(lambda line: Held(line=line.id, by=BY, why=WHY), lambda line: Released(line=line.id, by=BY, why=WHY)),
    "paused": paused,
    "lost": lost,
    "corrected": said(_corrected, _scanned_again),
    "thought-lost": said(
        lambda line: KitLost(line=line.id, iccid=line.kit.handed) if line.kit.handed and not performed(line) else None,
        _scanned_again,
        lambda line: KitFound(line=line.id, iccid=line.kit.handed) if line.kit.handed else None,
    ),
    "forward": forward_lost,
    "withdrawn": said(lambda line: PortWithdrawn(line=line.id, by=BY, why=WHY)),
    "reconsidered": said(
        lambda line: PortWithdrawn(line=line.id, by=BY, why=WHY),
        lambda line: DataCorrected(line=line.id, by=BY, why=WHY),
    ),
    "mandate": said(
        lambda line: MandateWithdrawn(line=line.id, mandate=line.mandate) if line.mandate else None,
        lambda line: MandateFiled(line=line.id, mandate="anew"),
    ),
    "leaver": said(lambda _: LeaverAnnounced(last_day=datetime(2027, 12, 31).date())),  # noqa: DTZ001 - a day
    "deactivated": deactivated,
    "blocked": blocked,
}


@dataclass
class Fate:
    """For this share of the lines one trouble each, at a stage of its own; `kinds` are all unless some are named."""

    seed: int
    share: float
    kinds: tuple[str, ...] = tuple(TROUBLES)
    told: dict[LineId, str] = field(default_factory=dict)

    def look_on(self, programme: Programme, subject: SubjectId, _: AnyFact, __: Decision) -> None:
        """See whether a line of this subject came to where its trouble waits."""
        state = programme.states[subject]
        if isinstance(state, Holder):
            for line in state.lines.values():
                if line.terms is not None and line.terms.ports and line.id not in self.told:
                    self._meet(programme, line)

    def _meet(self, programme: Programme, line: Line) -> None:
        if drawn(self.seed, line.id, "trouble") >= self.share:
            return
        kind = self.kinds[int(drawn(self.seed, line.id, "kind") * len(self.kinds))]
        stage = list(STAGES)[int(drawn(self.seed, line.id, "stage") * len(STAGES))]
        now = programme.clock.now()
        if not STAGES[stage](line, now):
            return
        self.told[line.id] = f"{kind} when {stage}"
        minutes = int(drawn(self.seed, line.id, "delay") ** 4 * 48 * 60)
        name = line.id
        programme.later(
            now + timedelta(minutes=minutes), lambda at: TROUBLES[kind](programme, programme.line(name), at)
        )
