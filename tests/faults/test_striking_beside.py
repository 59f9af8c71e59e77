"""Striking beside a rehearsal: in peace where nothing is decided, made good at the end, and every fault told."""

from __future__ import annotations

import threading

import pytest

from tests.faults.scene import FOREVER, Scene, until
from workers.chaos.beside import PATIENCE as STANDS_STILL
from workers.chaos.beside import PEACE_AFTER, UnableToFinishError
from workers.chaos.strikes import Strike
from workers.chaos.striking import UnableToStrikeOnError
from workers.imports.sample import STARTS


def test_in_peace_nothing_is_struck_and_what_was_is_made_good(scene: Scene) -> None:
    striker = scene.striker(Strike(1, 0, "broker-kill", seconds=2), Strike(2, 1, "lost-answer"))
    striker.turn()
    striker.in_peace = True

    scene.now.at = 100
    striker.turn()
    assert (scene.ground.broker_is_up, len(scene.told)) == (True, 1)

    striker.in_peace = False
    striker.turn()
    assert len(scene.told) == 2


def test_what_cannot_be_made_good_keeps_nothing_else_from_it(scene: Scene) -> None:
    striker = scene.struck_by(
        Strike(1, 0, "broker-kill", seconds=1), Strike(2, 0, "stop", "writer", seconds=FOREVER),
        Strike(3, 0, "clock-back", seconds=FOREVER, count=30),
    )  # fmt: skip
    scene.ground.will_not_start = True

    with pytest.raises(ExceptionGroup):
        striker.make_good()

    assert scene.clock.now() == STARTS
    scene.goes_on_writing()


def test_time_that_is_up_spares_nobody_of_the_first_round(scene: Scene) -> None:
    scene.writer_is_gone_for_long()
    others = (Strike(n, 0.05, "lost-answer") for n in range(2, 600))
    beside, now = scene.beside(Strike(1, 0, "kill", "writer", owed=True), *others, until=-1)

    beside.show(now)
    striker = beside.striker
    assert striker is not None
    until(lambda: not _moves_on(scene, striker.struck["lost-answer"] > 2))
    beside.show(now)
    assert striker.owes
    scene.writer_comes_back()
    until(lambda: not _moves_on(scene, striker.killed["writer"]))
    until(lambda: not striker.owes)
    beside.show(now)

    assert striker.killed == {"writer": 1}
    assert "striker" not in {thread.name for thread in threading.enumerate()}


def _moves_on(scene: Scene, there: object) -> bool:
    """A strike's pause goes by, unless what is waited for is there."""
    scene.now.at += 0 if there else 0.05
    return not there


def test_while_nothing_is_decided_a_rehearsal_is_left_in_peace(scene: Scene) -> None:
    beside, now = scene.beside(until=FOREVER)
    beside.show(now)
    assert beside.striker is not None
    seen = []

    for at in (PEACE_AFTER, PEACE_AFTER + 1, PEACE_AFTER + 2):
        scene.now.at = at
        beside.show(now)
        seen.append(beside.striker.in_peace)
    now.tally.records += 1
    beside.show(now)

    assert (seen, beside.striker.in_peace) == ([False, True, True], False)
    assert beside.left_in_peace == 1
    beside.stop()


def test_a_rehearsal_in_which_nothing_is_decided_in_peace_either_is_broken(scene: Scene) -> None:
    beside, now = scene.beside(until=FOREVER)
    beside.show(now)
    scene.now.at = STANDS_STILL + 1

    with pytest.raises(UnableToFinishError, match="stands still"):
        beside.show(now)


def test_a_striker_that_died_ends_the_rehearsal_and_is_named(scene: Scene) -> None:
    beside, now = scene.beside(Strike(1, 0, "kill", "nobody"), until=FOREVER)

    beside.show(now)
    until(lambda: "striker" not in {thread.name for thread in threading.enumerate()})

    with pytest.raises(UnableToStrikeOnError, match=r"KeyError: 'nobody' \(workers/chaos/striker.py:"):
        beside.show(now)


def test_a_fault_of_the_last_mending_is_told(scene: Scene) -> None:
    beside, now = scene.beside(Strike(1, 0, "broker-kill", seconds=FOREVER), until=FOREVER)
    beside.show(now)
    until(lambda: scene.told)
    scene.ground.will_not_start = True

    with pytest.raises(UnableToStrikeOnError, match="TimeoutError: the broker does not start"):
        beside.stop()
