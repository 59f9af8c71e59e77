"""No irreversible act breaks the law; with a condition of the gate taken out that nothing else doubles, one does."""

from __future__ import annotations

from typing import Final

import pytest

from orchestrator.deciding import gate
from orchestrator.reasons import Reason
from tests.simulation.test_whole_programme import R, Run, times
from tests.simulation.troubles import Fate
from tests.simulation.wishes import Wishes

SEEDS: Final = range(1, 7)
ALONE: Final = (
    Reason.UNPROVED,
    Reason.LEAVER_UNSETTLED,
    Reason.NET_NOT_SET,
    Reason.OUTSIDE_SLOT,
    Reason.ON_HOLD,
    Reason.WAVE_NOT_RUNNING,
)
"""What only the gate looks at. The desks look at the others too, so that a run does not miss them;
`tests/core/test_gate_guards.py` takes those out before the eyes of a single line."""


def judged(wishes: Wishes, share: float) -> list[str]:
    return Run(wishes, fate=Fate(wishes.seed, share=share)).law.broken


def troubled(seed: int) -> Wishes:
    return Wishes(employees=60, seed=seed, rates=times(R, 5))


@pytest.mark.parametrize("seed", [1, 2])
def test_no_act_breaks_the_law_whatever_crosses_and_contradicts(seed: int) -> None:
    assert judged(troubled(seed), 0.8) == []


@pytest.mark.long
@pytest.mark.parametrize("taken_out", ALONE, ids=str)
def test_without_a_condition_an_act_breaks_the_law(taken_out: Reason, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONDITIONS", "PROOF", "REST"):
        kept = tuple(item for item in getattr(gate, name) if item[0] is not taken_out)
        monkeypatch.setattr(gate, name, kept)

    assert any(judged(troubled(seed), 0.8) for seed in SEEDS)
