"""The plan: whose turn it is when. Pure: the same lines, start and limits give the same plan.

It hands out slots under a daily capacity and the duty rosters' shares, and leaves every wave slots after its last day,
for lines whose first slot did not do.
"""

from collections.abc import Sequence
from datetime import datetime
from math import ceil
from typing import Final

from events.base import SubjectId, subject_of
from events.planning import LinePlanned, Slot, WavePlanned
from events.registry import AnyFact
from orchestrator.planning.agenda import LEAD_DAYS, Agenda
from orchestrator.planning.grouping import groups
from orchestrator.planning.shapes import Duty, Plan, PlanLine, PlannedWave
from orchestrator.terms import Terms

__all__ = [
    "MORE_DAYS",
    "MORE_FROM",
    "Duty",
    "Plan",
    "PlanLine",
    "PlannedWave",
    "capacity_for",
    "facts_of_plan",
    "more_slots",
    "plan",
]

MORE_FROM: Final = 4
MORE_DAYS: Final = 10
"""From how many working days on a wave gets more slots, so that people can be asked; and for how many."""
PILOT_PAUSE_DAYS: Final = 3
"""Working days between the pilot and the next cut-over, as long as after-care: what it teaches is heard first."""
CUTOVER_DAYS: Final = 16
"""Over how many working days a programme is spread when nobody says otherwise."""


def capacity_for(lines: int) -> int:
    """How many lines a day move a programme of this size in `CUTOVER_DAYS` working days."""
    return max(8, ceil(lines / CUTOVER_DAYS))


def plan(
    lines: Sequence[PlanLine], *, starts: datetime, terms: Terms, per_day: int, pilot: int = 20, first: int = 1
) -> Plan:
    """Waves for these lines, the first of which is W-`first` and opens at `starts` or on the next working day.

    All lines of one person share a wave. A wave's first cut-over is `LEAD_DAYS` working days after it opens.
    """
    agenda = Agenda(starts, terms, per_day)
    waves: list[PlannedWave] = []
    for number, group in enumerate(groups(lines, per_day, pilot), start=first):
        since = LEAD_DAYS
        if len(waves) == 1:
            since = agenda.day_of(waves[0].last) + 1 + PILOT_PAUSE_DAYS
        elif waves:
            since = agenda.day_of(waves[-1].last if group.late else waves[-1].first)
        waves.append(agenda.wave(SubjectId(f"W-{number:02}"), group, since))
    return Plan(tuple(waves))


def more_slots(since: datetime, *, days: int, terms: Terms) -> tuple[tuple[Slot, ...], tuple[Slot, ...]]:
    """Slots on call and batches of so many working days, the first not before the day of `since`."""
    return Agenda(since, terms, per_day=0).open_days(days)


def facts_of_plan(plan: Plan) -> list[tuple[SubjectId, AnyFact]]:
    """What is said for this plan to become true, and to whom: a wave hears its slots, a holder each line's turn."""
    facts: list[tuple[SubjectId, AnyFact]] = []
    for wave in plan.waves:
        planned = WavePlanned(
            title=wave.title,
            lines=tuple(line for line, _ in wave.lines),
            opens=wave.opens,
            slots=wave.slots,
            batches=wave.batches,
            per_slot=wave.per_slot,
        )
        facts.append((wave.wave, planned))
        facts += [(subject_of(line), LinePlanned(line=line, wave=wave.wave, slot=slot)) for line, slot in wave.lines]
    return facts
