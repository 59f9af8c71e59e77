"""The striker on real processes: what it strikes is struck, and all of it is mended when it stops."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from workers.chaos.beside import PATIENCE as STANDS_STILL
from workers.chaos.beside import PEACE_AFTER, Beside, UnableToFinishError
from workers.chaos.ground import Ground
from workers.chaos.proxy import Proxy
from workers.chaos.striker import Striker
from workers.chaos.strikes import Strike
from workers.chaos.striking import UnableToStrikeOnError
from workers.crew.duties import Duty
from workers.crew.supervisor import Supervisor
from workers.imports.sample import STARTS, generate
from workers.rehearsal.run import Rehearsal, Wishes
from workers.runtime.clock import SteppedClock
from workers.runtime.settings import Settings

PATIENCE = 30
FOREVER = 3600.0
NEVER = Strike(99, FOREVER, "kill", "writer")
WRITER = """
import pathlib, sys, time
folder, n = pathlib.Path(sys.argv[1]), 0
while True:
    n += 1
    try:
        (folder / "written").write_text(str(n))
    except OSError:
        (folder / "refused").touch()
    time.sleep(0.02)
"""


class Chronometer:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


class FakeGround(Ground):
    """A broker of which it is known whether it is there, and a proxy before it."""

    def __init__(self, settings: Settings, proxy: Proxy) -> None:
        super().__init__(settings, proxy)
        self.broker_is_up = True
        self.will_not_start = False
        self.asked_again = 0

    def start_broker(self) -> None:
        if self.will_not_start:
            raise TimeoutError("the broker does not start")
        self.broker_is_up = True

    def stop_broker(self) -> None:
        self.broker_is_up = False

    def kill_broker(self) -> None:
        self.broker_is_up = False

    def say_again(self, _settings: Settings, _topic: str, count: int) -> int:
        self.asked_again += 1
        return count


class Scene:
    """One worker that writes a number again and again, under a supervisor, and what a striker does to it."""

    def __init__(self, folder: Path, proxy: Proxy) -> None:
        self.folder = folder
        self.clock = SteppedClock(folder / "clock")
        self.clock.set(STARTS)
        self.now = Chronometer()
        self.told: list[Strike] = []
        self._settings = Settings(state_dir=folder, clock_file=folder / "clock")
        self.ground = FakeGround(self._settings, proxy)
        self.crew = Supervisor((Duty("writer", (sys.executable, "-c", WRITER, str(folder))),), logs=folder / "logs")

    def beside(self, *strikes: Strike, until: float = 0.0) -> tuple[Beside, Rehearsal]:
        """A rehearsal in the midst of its migration, and what strikes it until then, by the clock of the scene."""
        now = Rehearsal(self._settings, generate(1, 1, STARTS), Wishes(), phase="migration", supervisor=self.crew)
        plan = iter((*strikes, NEVER))
        return Beside(self.ground, plan, until, self.told.append, lambda _: None, self.now), now

    def striker(self, *strikes: Strike) -> Striker:
        """It has had no turn yet; after these strikes it waits for one that does not come."""
        return Striker(
            iter((*strikes, NEVER)),
            crew=self.crew,
            ground=self.ground,
            settings=self._settings,
            tell=self.told.append,
            now=self.now,
        )

    def struck_by(self, *strikes: Strike) -> Striker:
        """Each of these had its turn, without a pause."""
        striker = self.striker(*strikes)
        for _ in strikes:
            striker.turn()
        return striker

    def process(self) -> psutil.Process:
        running = self.crew.posts["writer"].process
        assert running is not None
        return psutil.Process(running.pid)

    def stands_still(self) -> bool:
        return self.process().status() == psutil.STATUS_STOPPED

    def written(self) -> str:
        file = self.folder / "written"
        return file.read_text() if file.exists() else ""

    def goes_on_writing(self) -> None:
        before = self.written()
        until(lambda: self.written() not in {"", before})

    def writer_is_gone_for_long(self) -> None:
        """Its supervisor waits before it starts it again."""
        post = self.crew.posts["writer"]
        post.again_at = time.monotonic() + FOREVER
        self.process().kill()
        until(lambda: post.process is not None and post.process.poll() is not None)

    def writer_comes_back(self) -> None:
        post = self.crew.posts["writer"]
        post.again_at = 0
        until(lambda: post.process is not None and post.process.poll() is None)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    proxy = Proxy(port=0, broker=1)
    proxy.start()
    one = Scene(tmp_path, proxy)
    one.crew.start()
    one.goes_on_writing()
    yield one
    one.crew.stop()
    proxy.stop()


def until(holds: Callable[[], object]) -> None:
    ends = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < ends, "it did not come"
        time.sleep(0.02)


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

    with pytest.raises(UnableToStrikeOnError, match=r"KeyError: 'nobody' \(striker.py:"):
        beside.show(now)


def test_a_fault_of_the_last_mending_is_told(scene: Scene) -> None:
    beside, now = scene.beside(Strike(1, 0, "broker-kill", seconds=FOREVER), until=FOREVER)
    beside.show(now)
    until(lambda: scene.told)
    scene.ground.will_not_start = True

    with pytest.raises(UnableToStrikeOnError, match="TimeoutError: the broker does not start"):
        beside.stop()
