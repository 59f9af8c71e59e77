"""A decider that is killed at a certain moment: `python mortal_decider.py NAME SAYS`, settings as always.

It kills itself, as `kill -9` would, when it is about to say its next message: the journal has the decision by then.
"""

from __future__ import annotations

import os
import signal
import sys

from workers.journal.decider import Decider
from workers.journal.outputs import Output
from workers.runtime.clock import clock_of
from workers.runtime.log import configure
from workers.runtime.settings import read_settings
from workers.runtime.terms import terms_of


class MortalDecider(Decider):
    """Says so many messages and dies."""

    says = int(sys.argv[2])

    def _produce(self, output: Output) -> None:
        if self.says == 0:
            self._flush()
            os.kill(os.getpid(), signal.SIGKILL)
        self.says -= 1
        super()._produce(output)


if __name__ == "__main__":
    settings = read_settings()
    configure(worker=sys.argv[1])
    clock = clock_of(settings.programme_clock)
    MortalDecider(settings, terms_of(settings), clock, name=sys.argv[1], snapshots=settings.snapshots_dir).run()
