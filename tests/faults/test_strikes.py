"""The plan of strikes: the same for the same seed, and nobody is spared."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from workers.chaos.run import DECIDERS, EFFECTS, crew_names
from workers.chaos.strikes import KINDS, SHARES, TEXTS, WORLD, Strike, strikes
from workers.crew.duties import duties
from workers.runtime.settings import Settings

WORKERS = crew_names()
ONCE = len(WORKERS) + len(KINDS) - 1


def plan(seed: int, count: int) -> list[Strike]:
    return list(islice(strikes(seed, WORKERS), count))


def test_a_seed_has_one_plan_and_another_seed_another() -> None:
    assert plan(7, 500) == plan(7, 500)
    assert plan(7, 500) != plan(8, 500)
    assert plan(7, 20) == plan(7, 500)[:20]


@pytest.mark.parametrize("seed", range(20))
def test_every_worker_is_killed_and_every_other_kind_comes_before_anything_comes_again(seed: int) -> None:
    first = plan(seed, ONCE)

    assert sorted(strike.whom for strike in first if strike.kind == "kill") == sorted(WORKERS)
    assert {strike.kind for strike in first} == set(KINDS)
    assert [strike.owed for strike in plan(seed, ONCE + 1)] == [True] * ONCE + [False]


def test_each_kind_then_comes_about_as_often_as_its_share_says() -> None:
    later = plan(1, 10_000 + ONCE)[ONCE:]

    for kind, share in SHARES.items():
        assert sum(strike.kind == kind for strike in later) / 100 == pytest.approx(share, abs=1.5)
    assert sum(SHARES.values()) == 100
    assert set(TEXTS) == set(SHARES) == set(KINDS)


def test_some_stand_still_for_longer_than_their_group_waits_and_the_world_never_does() -> None:
    stops = [strike for strike in plan(1, 5000) if strike.kind == "stop"]

    assert any(strike.seconds > 10 for strike in stops if strike.whom.startswith("decider"))
    assert any(strike.seconds > 10 for strike in stops if strike.whom.startswith("effects"))
    assert max(strike.seconds for strike in stops if strike.whom == WORLD) < 3


def test_the_worlds_disk_and_lines_to_kafka_are_not_ours_to_break() -> None:
    ours = [strike for strike in plan(1, 5000) if strike.kind in {"full-disk", "hold", "cut"}]

    assert WORLD not in {strike.whom for strike in ours}


def test_the_plan_names_the_workers_that_there_are(tmp_path: Path) -> None:
    crew = duties(Settings(state_dir=tmp_path), deciders=DECIDERS, effects=EFFECTS)

    assert (*(duty.name for duty in crew), WORLD) == WORKERS
