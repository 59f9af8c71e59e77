"""The project leader's part that the simulated world does not play: a wave that ran out of slots gets more."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Final

from events.base import SubjectId
from events.outcomes import TaskOpened
from events.planning import Slot
from events.registry import AnyFact
from orchestrator.decision import Decision
from orchestrator.reasons import Reason
from orchestrator.shared.wave import Wave
from tests.simulation.in_process import Programme

WEEKS: Final = 12


def plans_more(programme: Programme, _: SubjectId, __: AnyFact, decision: Decision) -> None:
    """A day after the task says so, the wave has slots for some weeks more, at the hours it had."""
    for outcome in decision.outcomes:
        if isinstance(outcome, TaskOpened) and outcome.because == Reason.NO_SLOT_LEFT:
            wave = programme.line(outcome.line).plan.wave
            if wave is not None:
                programme.later(programme.clock.now() + timedelta(days=1), partial(_more, programme, wave))


def _more(programme: Programme, wave: SubjectId, now: datetime) -> None:
    state = programme.states[wave]
    assert isinstance(state, Wave)
    planned = state.planned
    assert planned is not None
    if planned.slots[-1].start < now + timedelta(weeks=WEEKS // 2):
        slots, batches = _weekly(planned.slots), _weekly(planned.batches)
        programme.say(wave, planned.model_copy(update={"slots": slots, "batches": batches}), now)


def _weekly(slots: tuple[Slot, ...]) -> tuple[Slot, ...]:
    """As they are, and those of the last week again in the weeks after it."""
    last = [slot for slot in slots if slot.start > slots[-1].start - timedelta(days=7)]
    weeks = [timedelta(weeks=week) for week in range(1, WEEKS + 1)]
    return (*slots, *(Slot(start=slot.start + by, end=slot.end + by) for by in weeks for slot in last))
