"""The check can fail: a guard that is taken out is missed, by a history or by a story; with it, nothing is amiss."""

from __future__ import annotations

import pytest

from workers.verify.guards import GUARDS
from workers.verify.missing import missed
from workers.verify.models import MODELS
from workers.verify.searching import searched


@pytest.mark.parametrize("guard", GUARDS)
def test_without_it_something_goes_otherwise(guard: str) -> None:
    assert missed(guard).by, f"nothing misses that {guard}"


@pytest.mark.parametrize("guard", [name for name, guard in GUARDS.items() if guard.system])
def test_with_it_no_such_history_breaks_a_promise(guard: str) -> None:
    whole = GUARDS[guard]

    assert searched(MODELS[whole.system], whole.k, kinds=whole.kinds).found == {}
