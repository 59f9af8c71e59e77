"""Which lines of a wave are not ready for it, and why: the same conditions that the gate will look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from events.base import LineId, SubjectId, subject_of
from events.porting import PortState
from orchestrator.deciding.case import Case
from orchestrator.deciding.gate import REST, gate
from orchestrator.deciding.slot import unfit
from orchestrator.reasons import Reason
from orchestrator.record import Holder, Line
from orchestrator.shared.wave import Wave
from workers.views.board import Stage, stage_of
from workers.views.known import Known

WANTED: Final = frozenset(
    {
        Reason.NO_MANDATE,
        Reason.PORT_WITHDRAWN,
        Reason.LEAVER_UNSETTLED,
        Reason.SECOND_MEDIUM_UNPROVED,
        Reason.ON_HOLD,
        Reason.UNREAD_MESSAGE,
    }
)
"""What a person can see to before a wave starts. What the wave itself brings (kit, port, proof) is not among them."""
CONDITIONS: Final = tuple(item for item in REST if item[0] in WANTED)
_UNDER_WAY: Final = frozenset({PortState.EXECUTING, PortState.BOOKED})


@dataclass(frozen=True, slots=True)
class Unready:
    """A line that would wait, and for what."""

    line: LineId
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Crew:
    """A wave as an order about it must show it."""

    wave: Wave
    lines: tuple[LineId, ...]
    """Those that are not over: the head-count."""
    people: int
    unready: tuple[Unready, ...]
    under_way: tuple[LineId, ...]
    """Those whose port runs or is booked at this moment."""


def crew(known: Known, wave: Wave, *, now: datetime) -> Crew:
    """The wave's unfinished lines: how many, of how many people, and which are not ready."""
    members = list(_members(known, wave))
    found = ((line.id, _unready(holder, line, known, now)) for holder, line in members)
    return Crew(
        wave=wave,
        lines=tuple(line.id for _holder, line in members),
        people=len({holder.id for holder, _line in members}),
        unready=tuple(Unready(line, reasons) for line, reasons in found if reasons),
        under_way=tuple(line.id for _holder, line in members if line.port.state in _UNDER_WAY),
    )


def wave_of(known: Known, name: SubjectId) -> Wave | None:
    """The planned wave of this name."""
    state = known.states.get(name)
    return state if isinstance(state, Wave) and state.planned is not None else None


def _members(known: Known, wave: Wave) -> Iterator[tuple[Holder, Line]]:
    for name in wave.planned.lines if wave.planned else ():
        holder = known.holder(subject_of(name))
        line = holder.lines.get(name) if holder else None
        if holder is None or line is None or line.plan.wave not in {None, wave.id}:
            continue
        if stage_of(line) not in {Stage.DONE, Stage.ENDED}:
            yield holder, line


def _unready(holder: Holder, line: Line, known: Known, now: datetime) -> tuple[Reason, ...]:
    if line.terms is None:
        return (Reason.NOT_ENROLLED,)
    case = Case(holder, line, line.terms, now=now, terms=known.terms)
    reasons = list(gate(case, CONDITIONS))
    if not line.terms.ports:
        reasons = [reason for reason in reasons if reason is not Reason.NO_MANDATE]
    slot = line.plan.slot
    if slot is not None and unfit(case, slot) is Reason.PERSON_ABSENT:
        reasons.append(Reason.PERSON_ABSENT)
    return tuple(reasons)
