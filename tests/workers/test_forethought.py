"""An act that would cut somebody off is refused before it is said: by the function that looks on at decisions."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from events.base import Account, SubjectId
from events.control import Released, Waivable, Waived
from events.planning import WavePaused, WaveStarted
from events.registry import AnyFact
from tests.core.spec import HOLDER, LINE, Spec, given
from workers.promises.forethought import broken_by
from workers.promises.judging import Promise
from workers.verify.guards import GUARDS
from workers.verify.without import standing

BY = Account("ops")
MANDATE = GUARDS["no mandate closes the gate"]


def _held() -> tuple[Spec, list[tuple[SubjectId, AnyFact]]]:
    line = given("ready").at("slot start - 5 minutes").hear("control.held", after="+1 minute")
    return line, [(HOLDER, Released(line=None, by=BY, why="all is well"))]


def _paused() -> tuple[Spec, list[tuple[SubjectId, AnyFact]]]:
    line = given("ready")
    wave = line.line.plan.wave
    assert wave is not None
    line.stage.say(wave, WavePaused(by=BY, why="wait"))
    return line, [(wave, WaveStarted(by=BY, why="go on"))]


def _waived() -> tuple[Spec, list[tuple[SubjectId, AnyFact]]]:
    line, _ = _paused()
    by = (BY, Account("colleague"))
    return line, [(HOLDER, Waived(line=LINE, condition=Waivable.WAVE_RUNNING, by=each, why="agreed")) for each in by]


@pytest.mark.parametrize("act", [_held, _paused, _waived], ids=["release", "wave start", "waiver"])
@pytest.mark.parametrize("wrong", [True, False], ids=["a gate without a guard", "the gate as it is"])
def test_an_act_after_which_a_number_would_move_without_a_mandate_is_found_before_it_is_said(
    act: object,
    wrong: bool,  # noqa: FBT001 - which of the two
) -> None:
    assert callable(act)
    line, acts = act()
    line.hear("enrolment.mandate-withdrawn", after="+1 minute").at("slot start + 5 minutes")
    stage = line.stage

    with standing(MANDATE.out) if wrong else nullcontext():
        found = broken_by(acts, stage.states, stage.terms, now=stage.now)

    assert {one.promise for one in found} == ({Promise.LAW} if wrong else set())
    assert line.stage.states[HOLDER] is line.holder, "nothing was said"


def test_what_was_broken_before_is_not_the_acts() -> None:
    line, acts = _held()
    line.hear("enrolment.mandate-withdrawn", after="+1 minute").at("slot start + 5 minutes")
    with standing(MANDATE.out):
        line.hear("control.released", after="+1 minute").hear("control.held", after="+1 minute")

        assert broken_by(acts, line.stage.states, line.stage.terms, now=line.stage.now) == []
