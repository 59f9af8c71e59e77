"""A worker whose loop runs in the main thread: told on its port how it is, and ended by a signal."""

import signal
from types import FrameType
from typing import Protocol

from workers.runtime.away import ending_when_away
from workers.runtime.health import Health, serve


class Looping(Protocol):
    """Whatever runs until `stopping` is set."""

    stopping: bool

    def run(self) -> None:
        """Until told to stop."""


def run_until_told(worker: Looping, health: Health, port: int) -> int:
    """Run until SIGTERM or SIGINT, its health told on this port; the exit code. Ends early where Kafka stays away."""
    serve(health, port)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        worker.stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    with ending_when_away():
        worker.run()
    return 0
