"""What of the programme is still to be planned, as the plan takes it."""

from __future__ import annotations

from events.base import SubjectId
from events.enrolment import Execution
from orchestrator.planning import Duty, PlanLine
from orchestrator.record import Holder, Line
from orchestrator.shared.roster import limit
from orchestrator.shared.wave import Wave
from workers.views.board import Stage, stage_of
from workers.views.known import Known


def plannable(known: Known) -> list[PlanLine]:
    """Every line that is to move and is in no wave, or whose wave was stopped. A joiner's first line needs no turn."""
    limits = {name: limit(roster) for name, roster in known.rosters().items()}
    return [_plan_line(known, holder, line, limits) for holder, line in known.lines() if _to_plan(known, line)]


def _to_plan(known: Known, line: Line) -> bool:
    if line.terms is None or line.terms.born_new or stage_of(line) not in {Stage.PLANNED, Stage.KIT, Stage.READY}:
        return False
    if line.plan.wave is None or line.plan.wave_state == "stopped":
        return True
    wave = known.states.get(line.plan.wave)
    # Of two who plan at once the later one's wave stands, and knows nothing of the other's lines. Of a plan that was
    # cut off its lines may stand and not the wave.
    return not (isinstance(wave, Wave) and wave.planned is not None and line.id in wave.planned.lines)


def next_wave(known: Known) -> int:
    """The number of the first wave that is not there yet."""
    numbers = [int(wave.id[2:]) for wave in known.waves() if wave.id[2:].isdigit()]
    return max(numbers, default=0) + 1


def _plan_line(known: Known, holder: Holder, line: Line, limits: dict[SubjectId, int]) -> PlanLine:
    assert line.terms is not None
    terms = line.terms
    return PlanLine(
        line=line.id,
        department=_department(known, holder, line),
        critical=terms.critical is not None,
        booked=terms.execution is Execution.BOOKED,
        superuser=holder.enrolled is not None and holder.enrolled.superuser is None,
        rosters=tuple(Duty(name, limits[name]) for name in terms.rosters if limits.get(name)),
        members=terms.members,
    )


def _department(known: Known, holder: Holder, line: Line) -> str:
    """The holder's; a shared number has that of its first member."""
    if holder.enrolled is not None:
        return holder.enrolled.department
    members = line.terms.members if line.terms else ()
    enrolled = (member.enrolled for name in members if (member := known.holder(name)) is not None)
    return next((who.department for who in enrolled if who is not None), "")
