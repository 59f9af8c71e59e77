"""A decider on a machine whose clock jumps: `python jumping_decider.py NAME SECONDS`, settings as always.

The clock is right for the first batch, and wrong by so many seconds from then on.
"""

from __future__ import annotations

import sys
from datetime import datetime, timedelta

from workers.journal.decider import Decider
from workers.runtime.clock import SystemClock
from workers.runtime.log import configure
from workers.runtime.settings import read_settings
from workers.runtime.terms import terms_of


class JumpingClock(SystemClock):
    """Tells the machine's time once, and then another."""

    def __init__(self, jump: timedelta) -> None:
        self._jump = jump
        self._asked = 0

    def now(self) -> datetime:
        self._asked += 1
        return super().now() + (self._jump if self._asked > 1 else timedelta())


if __name__ == "__main__":
    settings = read_settings()
    configure(worker=sys.argv[1])
    clock = JumpingClock(timedelta(seconds=int(sys.argv[2])))
    Decider(settings, terms_of(settings), clock, name=sys.argv[1], snapshots=None).run()
