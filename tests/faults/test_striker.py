"""The striker on real processes: what it strikes is struck, each for its own time, and then made good."""

from __future__ import annotations

from tests.faults.scene import FOREVER, Scene, until
from workers.chaos.strikes import Strike
from workers.imports.sample import STARTS


def test_who_is_killed_is_started_again_and_it_counts_for_no_illness(scene: Scene) -> None:
    first, post = scene.process(), scene.crew.posts["writer"]
    post.in_a_row = 8

    striker = scene.struck_by(Strike(1, 0, "kill", "writer"))

    until(lambda: post.restarts == 1 and post.process and post.process.poll() is None)
    assert scene.process().pid != first.pid
    assert (striker.struck["kill"], striker.killed["writer"], len(scene.told)) == (1, 1, 1)
    assert post.exits == [-9]
    assert not post.given_up


def test_a_strike_falls_when_its_pause_is_over(scene: Scene) -> None:
    striker = scene.striker(Strike(1, 3, "lost-answer"), Strike(2, 5, "lost-answer"))

    assert striker.turn() == 3
    scene.now.at = 3
    assert striker.turn() == 5
    scene.now.at = 7.9
    striker.turn()
    assert len(scene.told) == 1
    scene.now.at = 8
    striker.turn()

    assert [strike.number for strike in scene.told] == [1, 2]


def test_who_stands_still_moves_again(scene: Scene) -> None:
    striker = scene.struck_by(Strike(1, 0, "stop", "writer", seconds=FOREVER))
    until(scene.stands_still)

    striker.make_good()

    scene.goes_on_writing()
    assert striker.struck["stop"] == 1


def test_who_has_a_full_disk_cannot_write_and_then_can_again(scene: Scene) -> None:
    striker = scene.struck_by(Strike(1, 0, "full-disk", "writer", seconds=FOREVER))
    until((scene.folder / "refused").exists)

    striker.make_good()

    scene.goes_on_writing()


def test_a_strike_ends_in_its_own_time_while_others_fall(scene: Scene) -> None:
    striker = scene.struck_by(Strike(1, 0, "stop", "writer", seconds=2))
    until(scene.stands_still)

    scene.now.at = 2
    striker.turn()

    scene.goes_on_writing()
    assert striker.killed == {}


def test_a_strike_that_lasts_longer_is_not_ended_by_the_end_of_another_on_the_same_process(scene: Scene) -> None:
    striker = scene.struck_by(
        Strike(1, 0, "stop", "writer", seconds=2), Strike(2, 0, "stop", "writer", seconds=9),
        Strike(3, 0, "stop", "writer", seconds=1),
    )  # fmt: skip
    until(scene.stands_still)

    scene.now.at = 8.9
    striker.turn()
    assert scene.stands_still()

    scene.now.at = 9
    striker.turn()
    scene.goes_on_writing()


def test_a_broker_that_is_struck_again_comes_back_when_the_later_strike_ends(scene: Scene) -> None:
    striker = scene.struck_by(Strike(1, 0, "broker-kill", seconds=4), Strike(2, 3, "broker-stop", seconds=4))
    assert not scene.ground.broker_is_up
    scene.now.at = 3
    striker.turn()

    scene.now.at = 6.9
    striker.turn()
    assert not scene.ground.broker_is_up

    scene.now.at = 7
    striker.turn()
    assert scene.ground.broker_is_up


def test_nothing_is_said_again_while_the_broker_is_down_and_what_is_owed_waits_for_it(scene: Scene) -> None:
    striker = scene.struck_by(
        Strike(1, 0, "broker-kill", seconds=4), Strike(2, 0, "duplicate", "inbox", count=7, owed=True),
        Strike(3, 5, "lost-answer"),
    )  # fmt: skip
    assert (scene.ground.asked_again, striker.owes) == (0, True)

    scene.now.at = 5
    striker.turn()

    assert (scene.ground.asked_again, striker.said_again, striker.struck["duplicate"]) == (1, 7, 1)
    assert not striker.owes


def test_the_clock_goes_back_and_is_put_right(scene: Scene) -> None:
    striker = scene.struck_by(Strike(1, 0, "clock-back", seconds=FOREVER, count=30))
    assert (STARTS - scene.clock.now()).total_seconds() == 30

    striker.make_good()

    assert scene.clock.now() == STARTS


def test_a_clock_that_goes_back_twice_is_put_right(scene: Scene) -> None:
    striker = scene.struck_by(
        Strike(1, 0, "clock-back", seconds=2, count=30), Strike(2, 0, "clock-back", seconds=2, count=10)
    )
    assert (STARTS - scene.clock.now()).total_seconds() == 10

    striker.make_good()

    assert scene.clock.now() == STARTS


def test_a_clock_that_was_moved_on_meanwhile_is_left_alone(scene: Scene) -> None:
    striker = scene.struck_by(Strike(1, 0, "clock-back", seconds=FOREVER, count=30))
    later = STARTS.replace(hour=STARTS.hour + 2)
    scene.clock.set(later)

    striker.make_good()

    assert scene.clock.now() == later


def test_who_is_not_there_is_not_counted(scene: Scene) -> None:
    scene.crew.stop()

    striker = scene.struck_by(
        Strike(1, 0, "kill", "writer"), Strike(2, 0, "stop", "writer"), Strike(3, 0, "cut", "writer")
    )

    assert not striker.struck
    assert scene.told == []


def test_one_of_the_first_round_that_found_nobody_is_tried_again_until_it_falls(scene: Scene) -> None:
    scene.writer_is_gone_for_long()
    striker = scene.striker(
        Strike(1, 0, "kill", "writer", owed=True), Strike(2, 0, "lost-answer"), Strike(3, 5, "lost-answer")
    )
    striker.turn()
    striker.turn()
    assert (striker.killed, striker.owes) == ({}, True)

    scene.writer_comes_back()
    scene.now.at = 5
    striker.turn()

    assert [strike.number for strike in scene.told if strike.kind == "kill"] == [1]
    assert not striker.owes


def test_what_of_the_first_round_never_fell_is_known(scene: Scene) -> None:
    scene.writer_is_gone_for_long()
    missed, come = Strike(1, 0, "kill", "writer", owed=True), Strike(2, 0, "lost-answer", owed=True)
    not_come = (Strike(3, FOREVER, "cut", owed=True), Strike(4, FOREVER, "hold", owed=True))

    striker = scene.striker(missed, come, *not_come)
    striker.turn()
    striker.turn()

    assert list(striker.owed()) == [missed, *not_come]
