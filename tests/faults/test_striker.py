"""The striker on real processes: what it strikes is struck, and all of it is mended when it stops."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from workers.chaos import beside as beside_module
from workers.chaos.beside import Beside, UnableToFinishError
from workers.chaos.ground import Ground
from workers.chaos.proxy import Proxy
from workers.chaos.striker import Striker
from workers.chaos.strikes import Strike
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


class Scene:
    """One worker that writes a number again and again, under a supervisor, and what a striker does to it."""

    def __init__(self, folder: Path, proxy: Proxy) -> None:
        self.folder = folder
        self.clock = SteppedClock(folder / "clock")
        self.clock.set(STARTS)
        self.told: list[Strike] = []
        self._settings = Settings(state_dir=folder, clock_file=folder / "clock")
        self._proxy = proxy
        self.crew = Supervisor((Duty("writer", (sys.executable, "-c", WRITER, str(folder))),), logs=folder / "logs")

    def beside(self, *strikes: Strike) -> tuple[Beside, Rehearsal]:
        """A rehearsal in the midst of its migration, and what strikes it, whose time is up already."""
        now = Rehearsal(self._settings, generate(1, 1, STARTS), Wishes(), phase="migration", supervisor=self.crew)
        ground = Ground(self._settings, self._proxy)
        return Beside(ground, iter((*strikes, NEVER)), time.monotonic(), self.told.append, lambda _: None), now

    def striker(self, *strikes: Strike, then: tuple[Strike, ...] = (NEVER,)) -> Striker:
        """It is at work; after these strikes it waits for one that does not come, unless its plan ends there."""
        ground, plan = Ground(self._settings, self._proxy), iter((*strikes, *then))
        one = Striker(plan, crew=self.crew, ground=ground, settings=self._settings, tell=self.told.append)
        one.start()
        return one

    def process(self) -> psutil.Process:
        running = self.crew.posts["writer"].process
        assert running is not None
        return psutil.Process(running.pid)

    def written(self) -> str:
        file = self.folder / "written"
        return file.read_text() if file.exists() else ""

    def goes_on_writing(self) -> None:
        before = self.written()
        until(lambda: self.written() not in {"", before})


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


def _has_stopped(beside: Beside, now: Rehearsal) -> bool:
    beside.show(now)
    return beside.striker is not None and not beside.striker._thread.is_alive()  # noqa: SLF001 - it has no other sign


def until(holds: Callable[[], object]) -> None:
    ends = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < ends, "it did not come"
        time.sleep(0.02)


def test_who_is_killed_is_started_again_and_it_counts_for_no_illness(scene: Scene) -> None:
    first, post = scene.process(), scene.crew.posts["writer"]
    post.in_a_row = 8
    striker = scene.striker(Strike(1, 0, "kill", "writer"))

    until(lambda: post.restarts == 1 and post.process and post.process.poll() is None)
    striker.stop()

    assert scene.process().pid != first.pid
    assert (striker.struck["kill"], striker.killed["writer"], len(scene.told)) == (1, 1, 1)
    assert post.exits == [-9]
    assert not post.given_up


def test_who_stands_still_moves_again(scene: Scene) -> None:
    striker = scene.striker(Strike(1, 0, "stop", "writer", seconds=FOREVER))
    until(lambda: scene.process().status() == psutil.STATUS_STOPPED)

    striker.stop()

    scene.goes_on_writing()
    assert striker.struck["stop"] == 1


def test_who_has_a_full_disk_cannot_write_and_then_can_again(scene: Scene) -> None:
    striker = scene.striker(Strike(1, 0, "full-disk", "writer", seconds=FOREVER))
    until((scene.folder / "refused").exists)

    striker.stop()

    scene.goes_on_writing()


def test_a_strike_ends_in_its_own_time_while_others_fall(scene: Scene) -> None:
    striker = scene.striker(Strike(1, 0, "stop", "writer", seconds=0.05))
    until(lambda: striker.struck["stop"] == 1)

    scene.goes_on_writing()

    striker.stop()
    assert striker.killed == {}


def test_the_clock_goes_back_and_is_put_right(scene: Scene) -> None:
    striker = scene.striker(Strike(1, 0, "clock-back", seconds=FOREVER, count=30))
    until(lambda: scene.clock.now() < STARTS)
    assert (STARTS - scene.clock.now()).total_seconds() == 30

    striker.stop()

    assert scene.clock.now() == STARTS


def test_a_clock_that_was_moved_on_meanwhile_is_left_alone(scene: Scene) -> None:
    striker = scene.striker(Strike(1, 0, "clock-back", seconds=FOREVER, count=30))
    until(lambda: scene.clock.now() < STARTS)
    later = STARTS.replace(hour=STARTS.hour + 2)
    scene.clock.set(later)

    striker.stop()

    assert scene.clock.now() == later


def test_who_is_not_there_is_not_counted(scene: Scene) -> None:
    scene.crew.stop()
    strikes = (Strike(1, 0, "kill", "writer"), Strike(2, 0, "stop", "writer"), Strike(3, 0, "cut", "writer"))
    striker = scene.striker(*strikes, then=())
    until(lambda: not striker._thread.is_alive())  # noqa: SLF001 - the plan is at its end

    striker.stop()

    assert not striker.struck
    assert scene.told == []


def test_one_of_the_first_round_that_found_nobody_is_tried_again_until_it_falls(scene: Scene) -> None:
    post = scene.crew.posts["writer"]
    post.again_at = time.monotonic() + FOREVER  # its supervisor waits before it starts it again
    scene.process().kill()
    until(lambda: post.process is not None and post.process.poll() is not None)
    owed, later = Strike(1, 0, "kill", "writer", owed=True), (Strike(n, 0.05, "lost-answer") for n in range(2, 600))
    striker = scene.striker(owed, *later)
    until(lambda: striker.struck["lost-answer"] > 2)
    assert not striker.killed

    post.again_at = 0
    until(lambda: striker.killed["writer"])
    striker.stop()

    assert [strike.number for strike in scene.told if strike.kind == "kill"] == [1]


def test_time_that_is_up_spares_nobody_of_the_first_round(scene: Scene) -> None:
    post = scene.crew.posts["writer"]
    post.again_at = time.monotonic() + FOREVER
    scene.process().kill()
    until(lambda: post.process is not None and post.process.poll() is not None)
    beside, now = scene.beside(
        Strike(1, 0, "kill", "writer", owed=True), *(Strike(n, 0.05, "lost-answer") for n in range(2, 600))
    )

    beside.show(now)
    until(lambda: beside.striker is not None and beside.striker.struck["lost-answer"] > 2)
    post.again_at = 0
    until(lambda: _has_stopped(beside, now))

    assert beside.striker is not None
    assert beside.striker.killed == {"writer": 1}


def test_while_nothing_is_decided_nothing_is_struck(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside_module, "PEACE_AFTER", 0.3)
    beside, now = scene.beside(*(Strike(n, 0.02, "lost-answer") for n in range(1, 1000)))
    beside.until = time.monotonic() + FOREVER

    until(lambda: _is_in_peace(beside, now))
    time.sleep(0.3)  # a strike that was on its way has fallen
    fallen = len(scene.told)
    time.sleep(0.5)
    assert len(scene.told) == fallen > 0

    monkeypatch.setattr(beside_module, "PEACE_AFTER", FOREVER)
    now.tally.records += 1
    beside.show(now)
    until(lambda: len(scene.told) > fallen)
    beside.stop()
    assert beside.left_in_peace == 1


def _is_in_peace(beside: Beside, now: Rehearsal) -> bool:
    beside.show(now)
    return beside.striker is not None and beside.striker.in_peace


def test_a_rehearsal_in_which_nothing_is_decided_in_peace_either_is_broken(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside_module, "PATIENCE", 0.3)
    beside, now = scene.beside()
    beside.show(now)
    time.sleep(0.4)

    with pytest.raises(UnableToFinishError, match="stands still"):
        beside.show(now)


def test_a_fault_of_the_striker_itself_is_told(scene: Scene) -> None:
    striker = scene.striker(Strike(1, 0, "kill", "nobody"), then=())
    until(lambda: not striker._thread.is_alive())  # noqa: SLF001 - as above

    with pytest.raises(KeyError):
        striker.stop()
