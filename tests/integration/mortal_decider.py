"""A decider that is killed at a certain moment: `python mortal_decider.py [WHEN] NAME SAYS`, settings as always.

It kills itself, as `kill -9` would, when it is about to say its next message: the journal has the decision by then.
With `--between` it takes few messages at a time, and dies when it has said so many and is about to see the next batch's
decisions and what it said onto the broker: neither is known to be there. With `--handing-over` it dies when it is asked
for partitions that another is to have.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from confluent_kafka import TopicPartition

from workers.journal import decider
from workers.journal.outputs import Output
from workers.runtime.clock import clock_of
from workers.runtime.log import configure
from workers.runtime.settings import read_settings
from workers.runtime.terms import terms_of

FEW = 20


class MortalDecider(decider.Decider):
    """Says so many messages and dies."""

    says = int(sys.argv[-1])
    between = "--between" in sys.argv
    handing_over = "--handing-over" in sys.argv

    def _produce(self, output: Output) -> None:
        if self.says <= 0 and not (self.between or self.handing_over):
            self._flush()
            os.kill(os.getpid(), signal.SIGKILL)
        self.says -= 1
        super()._produce(output)

    def _settle(self) -> None:
        if self.between and self.says <= 0 and self._on_their_way:
            os.kill(os.getpid(), signal.SIGKILL)
        super()._settle()

    def _revoked(self, client: Any, partitions: list[TopicPartition]) -> None:  # noqa: ANN401 - as in the decider
        if self.handing_over:
            os.kill(os.getpid(), signal.SIGKILL)
        super()._revoked(client, partitions)


if __name__ == "__main__":
    settings, name = read_settings(), sys.argv[-2]
    if MortalDecider.between:
        setattr(decider, "BATCH", FEW)  # noqa: B010 - a constant to everybody else
    configure(worker=name)
    clock = clock_of(settings.programme_clock)
    MortalDecider(settings, terms_of(settings), clock, name=name, snapshots=settings.snapshots_dir).run()
