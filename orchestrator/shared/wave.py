"""A wave: its lines, whether it runs, and the slots it hands out again when one did not do."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never

from events.base import LineId, SubjectId, subject_of
from events.control import TimeCome
from events.planning import (
    LinePlanned,
    Slot,
    SlotAsked,
    SlotsAdded,
    WaveFact,
    WavePaused,
    WavePlanned,
    WaveStarted,
    WaveStopped,
    WaveTold,
)
from orchestrator.decision import Because, Decision, Tell
from orchestrator.reasons import Reason
from orchestrator.record import with_
from orchestrator.terms import Terms

REASONS = {
    "": Reason.WAVE_NOT_RUNNING,
    "running": Reason.WAVE_RUNNING,
    "paused": Reason.WAVE_PAUSED,
    "stopped": Reason.WAVE_STOPPED,
}


@dataclass(frozen=True)
class Wave:
    """What is known of a wave."""

    id: SubjectId
    planned: WavePlanned | None = None
    slots: frozenset[Slot] = frozenset()  # added to those it was planned with
    batches: frozenset[Slot] = frozenset()
    state: str = ""
    changed_at: datetime | None = None
    change: int = 0
    told: Mapping[LineId, int] = field(default_factory=dict)  # the change that each line was told last
    all_told: int = 0  # the change that every line planned was told, so that not each message asks them all
    asks: Mapping[LineId, SlotAsked] = field(default_factory=dict)  # open ones
    given: Mapping[LineId, Slot] = field(default_factory=dict)


def heard(wave: Wave, fact: WaveFact | TimeCome, at: datetime) -> Wave:
    """What is known once this fact was heard."""
    match fact:
        case WavePlanned():
            return with_(wave, planned=fact, all_told=_all_told(fact, wave.told))
        case SlotsAdded():
            return with_(wave, slots=wave.slots.union(fact.slots), batches=wave.batches.union(fact.batches))
        case WaveStarted():
            return _changed(wave, "running", at)
        case WavePaused():
            return _changed(wave, "paused", at)
        case WaveStopped():
            return _changed(wave, "stopped", at)
        case SlotAsked():
            return with_(wave, asks={**wave.asks, fact.line: fact})
        case TimeCome():
            return wave
        case _:
            assert_never(fact)


def _changed(wave: Wave, state: str, at: datetime) -> Wave:
    if wave.changed_at and at < wave.changed_at:
        return wave
    return with_(wave, state=state, changed_at=at, change=wave.change + (state != wave.state))


def told(wave: Wave, tells: tuple[Tell, ...]) -> Wave:
    """What is known once this was said to the lines, all that one decision says together."""
    standing = {tell.fact.line: tell.fact.change for tell in tells if isinstance(tell.fact, WaveTold)}
    given = {tell.fact.line: tell.fact.slot for tell in tells if isinstance(tell.fact, LinePlanned)}
    if given:
        asks = {line: ask for line, ask in wave.asks.items() if line not in given}
        wave = with_(wave, asks=asks, given={**wave.given, **given})
    if not standing:
        return wave
    told = {**wave.told, **standing}
    return with_(wave, told=told, all_told=_all_told(wave.planned, told))


def _all_told(planned: WavePlanned | None, told: Mapping[LineId, int]) -> int:
    """The last change that every line of the wave was told."""
    return min((told.get(line, 0) for line in planned.lines), default=0) if planned else 0


def decide(wave: Wave, *, now: datetime, terms: Terms, round_: bool) -> Decision:
    """Tell the lines how the wave stands; at the round, hand out slots to those who asked, in the order of ids."""
    tells = _standing(wave)
    given, short = _hand_out(wave) if round_ else ((), False)
    waiting = len(wave.asks) > len(given)
    because = [Because(REASONS[wave.state], since=wave.changed_at)]
    if waiting:
        because.append(Because(Reason.NO_SLOT_LEFT if short else Reason.WAITING_FOR_ROUND))
    look = terms.next_round(now) if waiting else None
    return Decision(because=tuple(because), tells=(*tells, *given), look_again_at=look)


def _standing(wave: Wave) -> tuple[Tell, ...]:
    if wave.planned is None or wave.state not in {"running", "paused", "stopped"} or wave.all_told == wave.change:
        return ()
    return tuple(
        Tell(
            subject_of(line),
            WaveTold.model_validate({"line": line, "wave": wave.id, "state": wave.state, "change": wave.change}),
        )
        for line in wave.planned.lines
        if wave.told.get(line, 0) < wave.change
    )


def _hand_out(wave: Wave) -> tuple[tuple[Tell, ...], bool]:
    planned = wave.planned
    if planned is None:
        return (), True
    taken = Counter(slot.start for slot in wave.given.values())
    tells = []
    slots, batches = _in_order(planned.slots, wave.slots), _in_order(planned.batches, wave.batches)
    for line in sorted(wave.asks):
        ask = wave.asks[line]
        slot = _free(batches if ask.batch else slots, ask, taken, planned.per_slot)
        if slot is not None:
            taken[slot.start] += 1
            tells.append(Tell(subject_of(line), LinePlanned(line=line, wave=wave.id, slot=slot)))
    return tuple(tells), len(tells) < len(wave.asks)


def _in_order(planned: tuple[Slot, ...], added: frozenset[Slot]) -> list[Slot]:
    return sorted({*planned, *added}, key=lambda slot: slot.start)


def _free(slots: list[Slot], ask: SlotAsked, taken: Counter[datetime], per_slot: int) -> Slot | None:
    for slot in slots:
        if slot.start < ask.not_before or slot.start == ask.avoid or taken[slot.start] >= per_slot:
            continue
        if ask.not_after is not None and slot.end > ask.not_after:
            break
        return slot
    return None
