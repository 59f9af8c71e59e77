"""Run the monitor: `python -m workers.promises`."""

import sys
from collections import Counter
from collections.abc import Mapping

import structlog

from workers.journal.reading import Journal
from workers.promises.following import Watchful
from workers.promises.judging import Promise
from workers.runtime.collecting import collect_seldom
from workers.runtime.health import Health, Need, Pulse
from workers.runtime.log import configure
from workers.runtime.looping import run_until_told
from workers.runtime.metrics import show
from workers.runtime.parent import end_with_supervisor
from workers.runtime.settings import read_settings
from workers.runtime.terms import terms_of

log = structlog.get_logger()


class Monitor:
    """Follows the journal from its first record on, and says of each promise that is broken where it was."""

    def __init__(self) -> None:
        settings = read_settings()
        terms = terms_of(settings)
        self._folds = [Watchful(partition, terms) for partition in range(settings.partitions)]
        self._journal = Journal(settings, self._folds, patient=True)
        self._broken: Counter[Promise] = Counter()
        self._follows = False
        self.pulse = Pulse()
        self.stopping = False

    def needs(self) -> Mapping[Need, bool]:
        """What it needs for its work: the journal read to its end."""
        return {"journal": self._follows}

    def run(self) -> None:
        """Until told to stop."""
        self._show()
        self._journal.catch_up(lambda _partition, _entry: self.pulse.beat())
        self._follows = True
        self._tell()
        log.info("monitor follows")
        while not self.stopping:
            self.pulse.beat()
            self._journal.read(0.5)
            self._tell()
        self._journal.close()

    def _tell(self) -> None:
        for fold in self._folds:
            for at in fold.taken():
                self._broken[at.broken.promise] += 1
                log.critical(
                    "promise broken",
                    reason=at.broken.promise,
                    line=at.broken.line,
                    error=at.broken.why,
                    partition=at.partition,
                    offset=at.offset,
                )
        self._show()

    def _show(self) -> None:
        for promise in Promise:
            show("naadloos_promises_broken", self._broken[promise], reason=promise)


def main() -> int:
    """Run until SIGTERM."""
    settings = read_settings()
    end_with_supervisor()
    configure(worker="monitor", level=settings.log_level)
    collect_seldom()
    monitor = Monitor()
    health = Health("monitor", monitor.needs, settings.health_stuck_seconds, monitor.pulse)
    return run_until_told(monitor, health, settings.health_port)


if __name__ == "__main__":
    sys.exit(main())
