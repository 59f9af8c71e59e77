"""Carries out a plan of strikes, and makes good what does not mend by itself, turn by turn."""

import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from itertools import takewhile
from typing import Final, Literal, assert_never, cast

import psutil

from workers.chaos.ground import Ground, fill_disk, free_disk
from workers.chaos.mending import Mend, Mending
from workers.chaos.strikes import EVERYBODY, Kind, Strike
from workers.crew.supervisor import Supervisor
from workers.runtime.clock import SteppedClock
from workers.runtime.settings import Settings
from workers.runtime.topics import TopicName

BrokerKind = Literal["broker-kill", "broker-stop", "broker-full-disk"]
Now = Callable[[], float]
"""Seconds of a clock that only goes forward: the machine's, but in tests."""
Tell = Callable[[Strike], None]
"""Told of each strike as it falls."""
BROKER: Final = "broker"
CLOCK: Final = "clock"
NEVER: Final = float("inf")


class Striker:
    """Strikes at its turns. Counts what it struck, and nothing that it missed."""

    def __init__(
        self,
        plan: Iterator[Strike],
        *,
        crew: Supervisor,
        ground: Ground,
        settings: Settings,
        tell: Tell,
        now: Now = time.monotonic,
    ) -> None:
        self.struck: Counter[Kind] = Counter()
        self.killed: Counter[str] = Counter()
        """Kills by worker."""
        self.said_again = 0
        self.in_peace = False
        """While this is so nothing is struck, and what was is made good."""
        self._plan = plan
        self._crew = crew
        self._ground = ground
        self._settings = settings
        self._tell = tell
        self._now = now
        self._missed: tuple[Strike, ...] = ()
        self._mending = Mending()
        self._next = next(plan, None)
        self._due = self._after()

    def turn(self) -> float:
        """What is due is made good, and falls unless in peace; seconds until the next strike is due."""
        self._mending.until(self._now())
        if self._next is not None and not self.in_peace and self._now() >= self._due:
            self._strike_all((*self._missed, self._next))
            self._next = next(self._plan, None)
            self._due = self._after()
        return NEVER if self.in_peace else max(0.0, self._due - self._now())

    @property
    def owes(self) -> bool:
        """Whether something of the first round has yet to fall."""
        return bool(self._missed) or (self._next is not None and self._next.owed)

    def make_good(self) -> None:
        """Everything that was struck is made good, now. Raises an `ExceptionGroup` where something cannot be."""
        try:
            self._mending.until(NEVER)
        finally:
            self._ground.proxy.calm()

    def owed(self) -> Iterator[Strike]:
        """What of the first round did not fall. Takes it off the plan: for when nothing is struck any more."""
        yield from self._missed
        if self._next is not None and self._next.owed:
            yield from (self._next, *takewhile(lambda strike: strike.owed, self._plan))

    def _after(self) -> float:
        return NEVER if self._next is None else self._now() + self._next.pause

    def _later(self, what: object, strike: Strike, mend: Mend) -> None:
        self._mending.later(what, self._now() + strike.seconds, mend)

    def _strike_all(self, strikes: Sequence[Strike]) -> None:
        """Each falls, or is missed; what is owed is kept for the next time."""
        missed = []
        for strike in strikes:
            if self._fell(strike):
                self.struck[strike.kind] += 1
                self._tell(strike)
            elif strike.owed:
                missed.append(strike)
        self._missed = tuple(missed)

    def _fell(self, strike: Strike) -> bool:
        """Strike; whether there was something to strike. A process may end by itself at that very moment."""
        try:
            return self._strike(strike)
        except psutil.NoSuchProcess:
            return False

    def _strike(self, strike: Strike) -> bool:
        match strike.kind:
            case "kill":
                return self._kill(strike)
            case "stop":
                return self._still(strike)
            case "full-disk":
                return self._full(strike)
            case "cut" | "hold":
                return self._network(strike)
            case "lost-answer":
                self._ground.proxy.lose_answers(strike.count)
                return True
            case "broker-kill" | "broker-stop" | "broker-full-disk":
                self._broker(strike.kind, strike)
                return True
            case "duplicate":
                return self._say_again(strike)
            case "clock-back":
                return self._clock(strike)
            case _:
                assert_never(strike.kind)

    def _kill(self, strike: Strike) -> bool:
        process = self._process(strike.whom)
        if process is None:
            return False
        # Dying by our hand is no sign of an illness, of which a supervisor takes only so many in a row.
        self._crew.posts[strike.whom].in_a_row = 0
        process.kill()
        self.killed[strike.whom] += 1
        return True

    def _still(self, strike: Strike) -> bool:
        process = self._process(strike.whom)
        if process is None:
            return False
        process.send_signal(signal.SIGSTOP)
        self._later(("stop", process), strike, lambda: _quietly(lambda: process.send_signal(signal.SIGCONT)))
        return True

    def _full(self, strike: Strike) -> bool:
        process = self._process(strike.whom)
        if process is None:
            return False
        fill_disk(process)
        self._later(("full-disk", process), strike, lambda: _quietly(lambda: free_disk(process)))
        return True

    def _network(self, strike: Strike) -> bool:
        ports = None if strike.whom == EVERYBODY else self._ports(strike.whom)
        if ports is not None and not ports:
            return False
        if strike.kind == "cut":
            self._ground.proxy.cut(ports)
        else:
            self._ground.proxy.hold(strike.seconds, ports)
        return True

    def _say_again(self, strike: Strike) -> bool:
        # While the broker is down nothing can be said, and who waits for it makes nothing good meanwhile.
        if self._mending.waits(BROKER):
            return False
        repeated = self._ground.say_again(self._settings, cast("TopicName", strike.whom), strike.count)
        self.said_again += repeated
        return repeated > 0

    def _broker(self, kind: BrokerKind, strike: Strike) -> None:
        # One that is down already comes back for it: else of two strikes close together the second would be none.
        self._mending.at_once(BROKER)
        try:
            self._strike_broker(kind)
        finally:
            self._later(BROKER, strike, self._broker_back)

    def _strike_broker(self, kind: BrokerKind) -> None:
        match kind:
            case "broker-kill":
                self._ground.kill_broker()
            case "broker-stop":
                self._ground.stop_broker()
            case "broker-full-disk":
                self._ground.fill_broker()
            case _:
                assert_never(kind)

    def _broker_back(self) -> None:
        # One whose disk took nothing has ended by itself at its first write; if nobody wrote, it ends now.
        self._ground.kill_broker()
        self._ground.start_broker()

    def _clock(self, strike: Strike) -> bool:
        """The programme's clock goes back, and is put right; unless it was moved on meanwhile."""
        self._mending.at_once(CLOCK)
        file = self._settings.clock_file
        assert file is not None, "a rehearsal has a clock of its own"
        clock = SteppedClock(file)
        right = clock.now()
        wrong = right - timedelta(seconds=strike.count)
        clock.set(wrong)
        self._later(CLOCK, strike, lambda: clock.set(right) if clock.now() == wrong else None)
        return True

    def _process(self, worker: str) -> psutil.Process | None:
        """The worker's process, unless it is dead or only just being started."""
        process = self._crew.posts[worker].process
        if process is None or process.poll() is not None:
            return None
        try:
            return psutil.Process(process.pid)
        except psutil.NoSuchProcess:
            return None

    def _ports(self, worker: str) -> set[int]:
        """The ports from which the worker speaks to Kafka."""
        process = self._process(worker)
        try:
            connections = process.net_connections("tcp") if process else []
        except psutil.Error:
            return set()
        there = self._ground.proxy.port
        return {each.laddr.port for each in connections if each.raddr and each.raddr.port == there}


def _quietly(mend: Callable[[], object]) -> None:
    """Where the process has ended meanwhile, nothing is left to mend."""
    try:
        mend()
    except psutil.NoSuchProcess:
        return
