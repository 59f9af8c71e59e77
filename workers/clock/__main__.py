"""Run the clock worker: `python -m workers.clock`."""

import sys
from collections.abc import Mapping
from datetime import datetime

import structlog

from events.journal import JournalRecord
from workers.clock.behind import Behind
from workers.clock.due import Due
from workers.clock.looking import Lookout
from workers.clock.saying import time_come
from workers.journal.reading import Journal, chains_of
from workers.runtime.clock import Clock, clock_of
from workers.runtime.health import Health, Need, Pulse
from workers.runtime.log import configure
from workers.runtime.looping import run_until_told
from workers.runtime.metrics import count
from workers.runtime.parent import end_with_supervisor
from workers.runtime.saying import Inbox
from workers.runtime.settings import read_settings

log = structlog.get_logger()


class ClockWorker:
    """Follows the journal and the programme's clock; says what is due, once each."""

    def __init__(self, clock: Clock) -> None:
        settings = read_settings()
        self._clock = clock
        self._due = Due()
        self._journal = Journal(settings, chains_of(settings))
        self._inbox = Inbox(settings)
        self._lookout = Lookout()
        self._behind = Behind(settings, self._heads, clock)
        self._follows = False
        self.pulse = Pulse()
        self.stopping = False

    def needs(self) -> Mapping[Need, bool]:
        """What it needs for its work: the journal read to its end, and Kafka."""
        return {"journal": self._follows, "kafka": self._behind.answered}

    def run(self) -> None:
        """Until told to stop."""
        self._journal.catch_up(self._heard)
        self._follows = True
        self._behind.begin()
        log.info("clock follows")
        while not self.stopping:
            self.pulse.beat()
            for partition, record in self._journal.read(0.005):
                self._heard(partition, record)
            now = self._clock.now()
            self._say(now)
            self._lookout.look(self._journal, now)

    def _heads(self) -> dict[int, int]:
        return {partition: follower.offset for partition, follower in self._journal.followers.items()}

    def _heard(self, partition: int, record: JournalRecord) -> None:
        self.pulse.beat()
        self._due.heard(record)
        self._lookout.heard(partition, record)

    def _say(self, now: datetime) -> None:
        come = self._due.come(now)
        if come:
            self._inbox.say_all([time_come(subject, due, now) for subject, due in come])
            count("naadloos_times_come_total", len(come))
            log.info("time come", count=len(come))


def main() -> int:
    """Run until SIGTERM."""
    settings = read_settings()
    end_with_supervisor()
    configure(worker="clock", level=settings.log_level)
    worker = ClockWorker(clock_of(settings.programme_clock))
    health = Health("clock", worker.needs, settings.health_stuck_seconds, worker.pulse)
    return run_until_told(worker, health, settings.health_port)


if __name__ == "__main__":
    sys.exit(main())
