"""Run the clock worker: `python -m workers.clock`."""

import signal
import sys
from datetime import datetime
from types import FrameType
from typing import Final

import structlog

from events.base import SubjectId
from events.control import TimeCome
from events.envelope import Said
from events.registry import AnyFact
from workers.clock.due import Due
from workers.journal.reading import Journal, chains_of
from workers.runtime.clock import Clock, clock_of
from workers.runtime.log import configure
from workers.runtime.parent import end_with_supervisor
from workers.runtime.saying import Inbox
from workers.runtime.settings import read_settings

SOURCE: Final = "/naadloos/clock"
log = structlog.get_logger()


def time_come(subject: SubjectId, due: datetime, now: datetime) -> Said[AnyFact]:
    """The fact that a subject's time has come; its id makes a second one known as the same."""
    return Said(
        id=f"time/{subject}/{due.isoformat()}",
        source=SOURCE,
        subject=subject,
        time=now,
        recorded=now,
        message=TimeCome(due=due),
        correlation=subject,
    )


class ClockWorker:
    """Follows the journal and the programme's clock; says what is due, once each."""

    def __init__(self, clock: Clock) -> None:
        settings = read_settings()
        self._clock = clock
        self._due = Due()
        self._journal = Journal(settings, chains_of(settings))
        self._inbox = Inbox(settings)
        self.stopping = False

    def run(self) -> None:
        """Until told to stop."""
        self._journal.catch_up(lambda _, record: self._due.heard(record))
        log.info("clock follows")
        while not self.stopping:
            for _, record in self._journal.read(0.005):
                self._due.heard(record)
            self._say(self._clock.now())

    def _say(self, now: datetime) -> None:
        come = self._due.come(now)
        if come:
            self._inbox.say_all([time_come(subject, due, now) for subject, due in come])
            log.info("time come", count=len(come))


def main() -> int:
    """Run until SIGTERM."""
    settings = read_settings()
    end_with_supervisor()
    configure(worker="clock")
    worker = ClockWorker(clock_of(settings.programme_clock))

    def stop(_signal: int, _frame: FrameType | None) -> None:
        worker.stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    worker.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
