"""Carries out a plan of strikes, in a thread beside the rehearsal, and makes good what does not mend by itself."""

import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from heapq import heappop, heappush
from typing import Final, Literal, assert_never, cast

import psutil

from workers.chaos.copies import say_again
from workers.chaos.ground import Ground, fill_disk, free_disk
from workers.chaos.strikes import EVERYBODY, Kind, Strike
from workers.crew.supervisor import Supervisor
from workers.runtime.clock import SteppedClock
from workers.runtime.settings import Settings
from workers.runtime.topics import TopicName

BrokerKind = Literal["broker-kill", "broker-stop", "broker-full-disk"]
Tell = Callable[[Strike], None]
_LONGEST: Final = 0.2


class Striker:
    """Strikes from `start` until `stop`. Counts what it struck, and nothing that it missed."""

    def __init__(
        self, plan: Iterator[Strike], *, crew: Supervisor, ground: Ground, settings: Settings, tell: Tell
    ) -> None:
        self.struck: Counter[Kind] = Counter()
        self.killed: Counter[str] = Counter()
        """Kills by worker."""
        self.said_again = 0
        self.in_peace = False
        """While this is so nothing is struck, and what was is made good."""
        self.owes = True
        """Whether something of the first round has yet to fall."""
        self._plan = plan
        self._crew = crew
        self._ground = ground
        self._settings = settings
        self._tell = tell
        self._missed: list[Strike] = []
        self._mending: list[tuple[float, int, Callable[[], None]]] = []
        self._broker_down = False
        self._ending = threading.Event()
        self._fault: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="striker", daemon=True)

    def start(self) -> None:
        """The first strike falls when the plan has it."""
        self._thread.start()

    def stop(self) -> None:
        """Nothing is struck any more, and everything that was is made good. Raises what stopped it before."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join()
        if self._fault is not None:
            raise self._fault

    def _run(self) -> None:
        try:
            for strike in self._plan:
                self._wait(strike.pause)
                if self._ending.is_set():
                    break
                self._strike_all((*self._missed, strike))
        except Exception as fault:  # noqa: BLE001 - told by `stop`, in the thread that waits for it
            self._fault = fault
        finally:
            self.owes = False
            self._mend(until=float("inf"))
            self._ground.proxy.calm()

    def _wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self._ending.is_set() and (self.in_peace or time.monotonic() < until):
            self._mend(until=time.monotonic())
            self._ending.wait(_LONGEST if self.in_peace else min(max(0.0, until - time.monotonic()), _LONGEST))

    def _mend(self, *, until: float) -> None:
        while self._mending and self._mending[0][0] <= until:
            heappop(self._mending)[2]()

    def _later(self, strike: Strike, mend: Callable[[], None]) -> None:
        heappush(self._mending, (time.monotonic() + strike.seconds, strike.number, mend))

    def _strike_all(self, strikes: Sequence[Strike]) -> None:
        """Each falls, or is missed; what is owed is kept for the next time."""
        self._missed = []
        for strike in strikes:
            if self._fell(strike):
                self.struck[strike.kind] += 1
                self._tell(strike)
            elif strike.owed:
                self._missed.append(strike)
        self.owes = any(strike.owed for strike in (*self._missed, strikes[-1]))

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
                repeated = say_again(self._settings, cast("TopicName", strike.whom), strike.count)
                self.said_again += repeated
                return repeated > 0
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
        self._later(strike, lambda: _quietly(lambda: process.send_signal(signal.SIGCONT)))
        return True

    def _full(self, strike: Strike) -> bool:
        process = self._process(strike.whom)
        if process is None:
            return False
        fill_disk(process)
        self._later(strike, lambda: _quietly(lambda: free_disk(process)))
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

    def _broker(self, kind: BrokerKind, strike: Strike) -> None:
        # One that is down already comes back for it: else of two strikes close together the second would be none.
        self._broker_back()
        match kind:
            case "broker-kill":
                self._ground.kill_broker()
            case "broker-stop":
                self._ground.stop_broker()
            case "broker-full-disk":
                self._ground.fill_broker()
            case _:
                assert_never(kind)
        self._broker_down = True
        self._later(strike, self._broker_back)

    def _broker_back(self) -> None:
        if not self._broker_down:
            return
        # One whose disk took nothing has ended by itself at its first write; if nobody wrote, it ends now.
        self._ground.kill_broker()
        self._ground.start_broker()
        self._broker_down = False

    def _clock(self, strike: Strike) -> bool:
        """The programme's clock goes back, and is put right; unless it was moved on meanwhile."""
        file = self._settings.clock_file
        assert file is not None, "a rehearsal has a clock of its own"
        clock = SteppedClock(file)
        right = clock.now()
        wrong = right - timedelta(seconds=strike.count)
        clock.set(wrong)
        self._later(strike, lambda: clock.set(right) if clock.now() == wrong else None)
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
