"""Two people whose kits were mixed up after the scan: the next test is answered by another, so nothing moves on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from events.cutover import ExecutePort, Leg, ReachabilityTested
from orchestrator.record import Holder
from workers.verify.befalling import possible
from workers.verify.judging import HORIZON, Judge
from workers.verify.model import STARTS
from workers.verify.models import MODELS
from workers.verify.stepping import Deviation, Stepped, Stepper, Turn

TWO = MODELS["two-people"]
SWAPPED = Deviation(Turn.BEFALLS, 0, what="swapped")


def _history(moment: int) -> Iterator[Stepped]:
    """The steps of a history in which the kits are swapped at the moment of this number at which they may be."""
    stepper, judge, situation, moments = Stepper(TWO), Judge(TWO), TWO.begins(), 0
    while situation.now <= STARTS + HORIZON:
        may = not situation.queue and ("swapped", 0) in set(possible(TWO, situation))
        moments += may
        stepped = stepper.step(situation, SWAPPED if may and moments == moment else None)
        if stepped is None:
            return
        situation, faults = judge.judge(situation, stepped)
        assert faults == ()
        yield stepped


def _elsewhere(stepped: Stepped) -> bool:
    return any(sim.elsewhere for line in stepped.situation.worlds for sim in line.sims)


@pytest.mark.parametrize("moment", range(1, 10))
def test_nobody_is_cut_off_and_both_lines_are_done_in_the_end(moment: int) -> None:
    steps = list(_history(moment))

    holders = [state for state in steps[-1].situation.states if isinstance(state, Holder)]
    assert any(map(_elsewhere, steps))
    assert all(line.done_at for holder in holders for line in holder.lines.values())


def test_while_they_are_swapped_a_test_is_answered_by_somebody_else_and_no_number_moves() -> None:
    swapped = [step.mail.said for step in _history(1) if _elsewhere(step) and step.mail is not None]

    tests = [said for said in swapped if isinstance(said, ReachabilityTested)]
    assert {heard.leg for test in tests for heard in test.heard} == {Leg.OTHER}
    assert not [said for said in swapped if isinstance(said, ExecutePort)]


def test_data_lines_are_not_swapped_since_nothing_but_their_owners_could_tell() -> None:
    stepper, situation = Stepper(MODELS["data"]), MODELS["data"].begins()
    while (stepped := stepper.step(situation)) is not None and situation.now <= STARTS + HORIZON:
        assert "swapped" not in {what for what, _ in possible(stepper.model, situation)}
        situation = stepped.situation
