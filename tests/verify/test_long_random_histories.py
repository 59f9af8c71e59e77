"""Beyond the bounds: long histories of a department in which anything goes otherwise, anywhere, and often.

Each begins as usual, or as a history that once broke a promise, and goes on at random from there. What is found is told
as a story and as the file that `naadloos scenario` plays; it belongs into `tests/verify/histories/` then.
"""

from __future__ import annotations

from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from workers.verify.deviating import deviations
from workers.verify.history import History, Otherwise, read_history
from workers.verify.judging import HORIZON, Broken, Judge
from workers.verify.model import STARTS
from workers.verify.models import DEPARTMENT, PLAYED
from workers.verify.searching import Found, Turned
from workers.verify.stepping import Deviation, Stepped, Stepper
from workers.verify.telling import story

USUAL = History(history="nothing yet", system=DEPARTMENT.name)
BROKEN_ONCE = [
    history
    for file in sorted((Path(__file__).parent / "histories").glob("*.yaml"))
    if (history := read_history(file)) is not None
]
"""Every history that ever broke a promise."""
TOLD = 80
"""Lines of a story: the last ones."""


class Walk:
    """One history while it is made: judged at every step."""

    def __init__(self, system: str) -> None:
        self.model = PLAYED[system]
        self.stepper, self.judge = Stepper(self.model), Judge(self.model)
        self.situation, self.steps, self.path = self.model.begins(), 0, tuple[Turned, ...]()
        while self.situation.queue:
            self._take(self.stepper.step(self.situation))

    def on(self, steps: int) -> None:
        """Go on as usual, for so many steps or to the end."""
        for _ in range(steps):
            if not self.one():
                return

    def one(self) -> bool:
        """Go on as usual for a step; whether there was one to take."""
        usual = self.stepper.step(self.situation) if self.situation.now <= STARTS + HORIZON else None
        if usual is None:
            return False
        self._take(usual)
        self.steps += 1
        return True

    def otherwise(self, which: int) -> None:
        """Take a step that goes otherwise in one of the ways in which it may."""
        ways = list(deviations(self.model, self.situation, self.stepper.step(self.situation)))
        if ways:
            self.turn(ways[which % len(ways)])

    def turn(self, deviation: Deviation) -> None:
        """Take a step that goes otherwise in this way."""
        self.path = (*self.path, Turned(self.steps, deviation))
        self.steps += 1
        self._take(self.stepper.step(self.situation, deviation))

    def again(self, told: tuple[Otherwise, ...]) -> None:
        """Do what went otherwise in a history, as far as it still can."""
        for one in told:
            self.on(one.step - self.steps)
            ways = set(deviations(self.model, self.situation, self.stepper.step(self.situation)))
            if one.deviation in ways:
                self.turn(one.deviation)

    def end(self) -> None:
        """Go on as usual to the end, at which every line is done or ended."""
        while self.one():
            pass
        self._hold(self.judge.ended(self.situation))

    def _take(self, stepped: Stepped | None) -> None:
        assert stepped is not None
        self.situation, faults = self.judge.judge(self.situation, stepped)
        self._hold(faults)

    def _hold(self, faults: tuple[Broken, ...]) -> None:
        if faults:
            told = story(self.model, self.path, self.steps)[-TOLD:]
            file = History.of(self.model.name, Found(faults[0], self.path, self.steps)).written()
            pytest.fail("\n".join([*map(str, faults), *told, "", file]), pytrace=False)


class Histories(RuleBasedStateMachine):
    """Rules by which a history is made."""

    walk: Walk

    @initialize(history=st.just(USUAL) | st.sampled_from(BROKEN_ONCE))
    def begins(self, history: History) -> None:
        """As usual, or as a history that broke a promise once."""
        self.walk = Walk(history.system)
        self.walk.again(history.otherwise)

    @rule(steps=st.integers(1, 60))
    def goes_on(self, steps: int) -> None:
        """Nothing goes otherwise for a while."""
        self.walk.on(steps)

    @precondition(lambda self: self.walk.situation.now <= STARTS + HORIZON / 2)
    @rule(which=st.integers(0, 10_000))
    def goes_otherwise(self, which: int) -> None:
        """Something does, while there is time left for every line to come to its end all the same."""
        self.walk.otherwise(which)

    def teardown(self) -> None:
        """Whatever happened, every line comes to its end."""
        if hasattr(self, "walk"):
            self.walk.end()


def _hold(examples: int, turns: int) -> None:
    often = settings(
        max_examples=examples,
        stateful_step_count=turns,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    run_state_machine_as_test(Histories, settings=often)


def test_random_histories_break_no_promise() -> None:
    _hold(25, 12)


@pytest.mark.long
def test_many_long_random_histories_break_no_promise() -> None:
    _hold(1_000, 40)
