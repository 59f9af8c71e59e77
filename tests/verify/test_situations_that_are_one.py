"""Situations that are taken for one lead to situations that are taken for one, with the same faults (ADR 0020)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from workers.verify.canonical import Canon
from workers.verify.deviating import counts, deviations
from workers.verify.judging import HORIZON, Judge
from workers.verify.model import STARTS
from workers.verify.models import MODELS
from workers.verify.searching import Explorer
from workers.verify.situation import Situation
from workers.verify.stepping import Deviation, Stepped, Stepper, Turn
from workers.verify.visited import Known

Outcome = frozenset[tuple[object, ...]]


class Unreduced:
    """Every situation within the bound, equal in every field or looked at by itself."""

    def __init__(self, model: str, turns: frozenset[Turn]) -> None:
        self.model = MODELS[model]
        self.stepper = Stepper(self.model)
        self.judge = Judge(self.model)
        self.exact, self.reduced = Canon(exact=True), Canon()
        self.turns = turns
        self.outcomes: dict[int, set[Outcome]] = {}
        self.situations = 0

    def search(self, k: int) -> None:
        seen: set[int] = set()
        begins = next(iter(Explorer(self.model, Known()).usual(k)))[0].situation
        waiting = [(begins, k)]
        while waiting:
            situation, left = waiting.pop()
            fingerprint = self.exact.fingerprint(situation, left)
            if fingerprint not in seen:
                seen.add(fingerprint)
                waiting += self._look_at(situation, left)
        self.situations = len(seen)

    def _look_at(self, situation: Situation, left: int) -> Iterator[tuple[Situation, int]]:
        outcome: set[tuple[object, ...]] = set()
        for deviation, stepped, after_left in self._steps(situation, left):
            after, broken = self.judge.judge(situation, stepped)
            faults = tuple(sorted((one.rule, one.line, one.what) for one in broken))
            outcome.add((deviation, self.reduced.fingerprint(after, after_left), faults))
            if not broken:
                yield after, after_left
        self.outcomes.setdefault(self.reduced.fingerprint(situation, left), set()).add(frozenset(outcome))

    def _steps(self, situation: Situation, left: int) -> Iterator[tuple[Deviation | None, Stepped, int]]:
        if situation.now > STARTS + HORIZON:
            return
        usual = self.stepper.step(situation)
        if usual is not None:
            yield None, usual, left
        if left:
            for deviation in deviations(self.model, situation, usual):
                if deviation.turn in self.turns and counts(deviation) <= left:
                    stepped = self.stepper.step(situation, deviation)
                    assert stepped is not None
                    yield deviation, stepped, left - counts(deviation)


FEW = frozenset({Turn.LATE, Turn.LOST})
ALL = frozenset(Turn)


@pytest.mark.parametrize(
    ("model", "turns"),
    [
        ("data", FEW),
        ("machine", frozenset({Turn.LATE, Turn.BEFALLS})),
        *(pytest.param(name, ALL, marks=pytest.mark.long) for name in MODELS if name != "two-people"),
    ],
)
def test_whatever_follows_is_the_same_for_both(model: str, turns: frozenset[Turn]) -> None:
    unreduced = Unreduced(model, turns)

    unreduced.search(1)

    assert len(unreduced.outcomes) < unreduced.situations, "nothing was taken for one, so nothing was tried"
    assert [key for key, outcomes in unreduced.outcomes.items() if len(outcomes) > 1] == []
