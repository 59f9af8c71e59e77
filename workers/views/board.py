"""The wave board: how far each wave is, who cannot be reached, who waits, and what people have to do."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from events.base import Iccid, LineId, SubjectId
from events.messages import Role
from events.outcomes import IncidentKind, TaskKind
from events.porting import PortState
from orchestrator.knowing.dispatch import in_hand, sim
from orchestrator.record import Holder, Line, Task
from orchestrator.shared.wave import Wave
from workers.views.known import Known


class Stage(StrEnum):
    """How far a line is. Each line is in one stage."""

    PLANNED = "planned"
    KIT = "kit"
    READY = "ready"
    PORTED = "ported"
    DONE = "done"
    ENDED = "ended"


_ACCEPTED: Final = frozenset({PortState.ACCEPTED, PortState.BOOKED, PortState.EXECUTING})


def stage_of(line: Line) -> Stage:
    """Planned; kit in hand; ready: accepted, proved and confirmed; ported (or its old line ended); done; ended."""
    if line.ended is not None:
        return Stage.ENDED
    if line.done_at is not None:
        return Stage.DONE
    if line.port.performed_at is not None or line.old_ended_at is not None:
        return Stage.PORTED
    iccid = in_hand(line)
    if iccid is None:
        return Stage.PLANNED
    return Stage.READY if _proved(line, iccid) and _may_move(line) else Stage.KIT


def _proved(line: Line, iccid: Iccid) -> bool:
    test = sim(line, iccid).test
    return test is not None and test.passed


def _may_move(line: Line) -> bool:
    if line.terms is None or not line.terms.ports:
        return line.approved_by is not None
    slot = line.plan.slot
    return line.port.state in _ACCEPTED and slot is not None and line.plan.confirms(slot.start)


@dataclass(frozen=True, slots=True)
class WaveRow:
    """One wave on the board."""

    wave: SubjectId
    title: str
    state: str
    first: datetime | None
    """When the next slot of a line that did not move yet begins, or began; None when there is none."""
    lines: int
    stages: Counter[Stage]
    held: int


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A task that lies on somebody's desk."""

    line: LineId
    kind: TaskKind
    task: Task


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """An incident that is not over."""

    line: LineId
    kind: IncidentKind
    at: datetime


def board(known: Known, *, now: datetime) -> list[WaveRow]:
    """A row per wave."""
    by_wave: defaultdict[SubjectId, list[tuple[Holder, Line]]] = defaultdict(list)
    for holder, line in known.lines():
        if line.plan.wave is not None:
            by_wave[line.plan.wave].append((holder, line))
    return [_row(wave, by_wave[wave.id], now) for wave in known.waves()]


def totals(known: Known) -> Counter[Stage]:
    """All lines by stage."""
    return Counter(stage_of(line) for _holder, line in known.lines())


def held(holder: Holder, line: Line) -> bool:
    """Whether a person holds this unfinished line."""
    unfinished = stage_of(line) not in {Stage.DONE, Stage.ENDED}
    return unfinished and any(hold.line in {None, line.id} for hold in holder.holds)


def held_lines(known: Known) -> int:
    """How many unfinished lines a person holds."""
    return sum(held(holder, line) for holder, line in known.lines())


def open_tasks(known: Known) -> list[OpenTask]:
    """Every task that nobody did yet, oldest first."""
    tasks = (
        OpenTask(line.id, kind, task)
        for _holder, line in known.lines()
        for kind, task in line.tasks.items()
        if task.closed_at is None and task.done_at is None
    )
    return sorted(tasks, key=lambda item: (item.task.opened_at, item.line))


def by_role(tasks: Iterable[OpenTask]) -> dict[Role, list[OpenTask]]:
    """The tasks of each role."""
    roles: defaultdict[Role, list[OpenTask]] = defaultdict(list)
    for task in tasks:
        roles[task.task.role].append(task)
    return dict(sorted(roles.items(), key=lambda item: (-len(item[1]), item[0])))


def incidents(known: Known) -> list[OpenIncident]:
    """Every incident that is not over, oldest first."""
    found = (OpenIncident(line.id, kind, at) for _holder, line in known.lines() for kind, at in line.incidents.items())
    return sorted(found, key=lambda item: (item.at, item.line))


def _row(wave: Wave, members: list[tuple[Holder, Line]], now: datetime) -> WaveRow:
    stages = Counter(stage_of(line) for _holder, line in members)
    slots = (line.plan.slot for _holder, line in members if stage_of(line) in _AHEAD)
    ahead = [slot.start for slot in slots if slot is not None and slot.end > now]
    return WaveRow(
        wave=wave.id,
        title=wave.planned.title if wave.planned else "",
        state=wave.state,
        first=min(ahead, default=None),
        lines=len(members),
        stages=stages,
        held=sum(held(holder, line) for holder, line in members),
    )


_AHEAD: Final = frozenset({Stage.PLANNED, Stage.KIT, Stage.READY})
