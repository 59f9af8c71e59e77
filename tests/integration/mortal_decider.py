"""A decider that is killed at a certain moment: `python mortal_decider.py [WHEN] NAME SAYS`, settings as always.

It kills itself, as `kill -9` would, when it is about to say its next message: the journal has the decision by then.
With `--between` it takes few messages at a time, and dies when it has said so many and is about to see the next batch's
decisions and what it said onto the broker: neither is known to be there. With `--handing-over` it dies when it is asked
for partitions that another is to have. With `--deaf` it does not die: after so many batches its client hands nothing
over any more.
"""

from __future__ import annotations

import os
import signal
import sys
from functools import partial
from typing import Any, cast

from confluent_kafka import Consumer, TopicPartition

from workers.journal import decider
from workers.journal.outputs import Output
from workers.runtime.clock import clock_of
from workers.runtime.log import configure
from workers.runtime.settings import read_settings
from workers.runtime.silence import Silence
from workers.runtime.terms import terms_of

FEW = 20


class _Deaf:
    """A client that looks well and hands nothing over."""

    def __init__(self, client: Consumer) -> None:
        self._client = client

    def poll(self, _seconds: float) -> None:
        return None

    def commit(self, *, offsets: list[TopicPartition], asynchronous: bool) -> None:
        self._client.commit(offsets=offsets, asynchronous=asynchronous)  # type: ignore[call-overload]


class MortalDecider(decider.Decider):
    """Says so many messages and dies."""

    says = int(sys.argv[-1])
    between = "--between" in sys.argv
    handing_over = "--handing-over" in sys.argv
    deaf = "--deaf" in sys.argv

    def step(self, seconds: float = 0.2) -> int:
        if self.deaf and self.says <= 0:
            self._consumer = cast("Consumer", _Deaf(self._consumer))
        return super().step(seconds)

    def _produce(self, output: Output) -> None:
        if self.says <= 0 and not (self.between or self.handing_over or self.deaf):
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
    if MortalDecider.deaf:
        setattr(decider, "Silence", partial(Silence, seconds=1.0))  # noqa: B010 - as above
    configure(worker=name)
    clock = clock_of(settings.programme_clock)
    MortalDecider(settings, terms_of(settings), clock, name=name, snapshots=settings.snapshots_dir).run()
