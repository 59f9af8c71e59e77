"""What the plan must know of an imported roster's lines."""

from __future__ import annotations

from events.base import subject_of
from events.enrolment import Execution
from events.places import RosterFormed
from orchestrator.planning import Duty, PlanLine
from orchestrator.shared import roster as rosters
from workers.imports.roster import DutyRoster, Roster


def plan_lines_of(roster: Roster) -> list[PlanLine]:
    """Every line that is to move; a joiner's first line is at the new provider already and needs no turn."""
    limits = {duty.roster: _limit(duty) for duty in roster.duty_rosters}
    superusers = {who.employee for who in roster.employees if who.superuser is None}
    return [
        PlanLine(
            line=line.line,
            department=line.department,
            critical=line.critical is not None,
            booked=line.execution is Execution.BOOKED,
            superuser=subject_of(line.line) in superusers,
            rosters=tuple(Duty(name, limits[name]) for name in line.rosters),
            members=line.members,
        )
        for line in roster.lines
        if not line.born_new
    ]


def _limit(duty: DutyRoster) -> int:
    formed = RosterFormed(title=duty.title, members=duty.members, share=duty.share)
    return rosters.limit(rosters.Roster(duty.roster, formed))
