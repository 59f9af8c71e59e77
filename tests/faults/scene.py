"""One real worker, a clock that a test moves, and what a striker does to them."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from workers.chaos.beside import Beside
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


def until(holds: Callable[[], object]) -> None:
    ends = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < ends, "it did not come"
        time.sleep(0.02)
