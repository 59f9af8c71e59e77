"""How far the deciders are behind the inbox, looked at by a thread of its own.

What has come is said by the clock worker's main loop, which must not wait for Kafka's answers.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

import structlog
from confluent_kafka import KafkaException

from events.codec import UnableToReadError, wire
from workers.clock.backlog import Backlog
from workers.runtime.asking import Asking
from workers.runtime.away import UnableToHearKafkaError
from workers.runtime.clock import Clock
from workers.runtime.metrics import show
from workers.runtime.records import UnableToReadRecordError, record_at
from workers.runtime.settings import Settings

EVERY: Final = 1.0
"""Seconds between two looks."""
Heads = Callable[[], Mapping[int, int]]
"""By partition, the inbox offset that the journal decided last."""
log = structlog.get_logger()


class Behind:
    """The inbox's ends, asked at Kafka, held against the heads of the journal's chains."""

    def __init__(self, settings: Settings, heads: Heads, clock: Clock) -> None:
        self._settings = settings
        self._heads = heads
        self._clock = clock
        self._asking = Asking(settings)
        self._backlog = Backlog(self._recorded_at)
        self.answered = True
        """Whether Kafka answered when it was asked last."""

    def begin(self) -> None:
        """Look on for as long as the process lives."""
        threading.Thread(target=self._look_on, name="behind", daemon=True).start()

    def _look_on(self) -> None:
        while True:
            try:
                self._look(self._asking.ends("inbox", range(self._settings.partitions)))
                self.answered = True
            except KafkaException as error:
                self.answered = False
                log.warning("inbox not looked at", because=error.args[0].name())
            time.sleep(EVERY)

    def _look(self, ends: Mapping[int, int]) -> None:
        heads, now, tick = self._heads(), self._clock.now(), time.monotonic()
        self._backlog.look(ends, heads, now=now, tick=tick)
        for partition, number in self._backlog.counts(heads).items():
            show("naadloos_undecided_inputs", number, partition=str(partition))
        for partition, seconds in self._backlog.oldest(now, tick).items():
            show("naadloos_oldest_undecided_input_seconds", seconds, partition=str(partition))

    def _recorded_at(self, partition: int, offset: int) -> datetime | None:
        """None where the record does not read, or Kafka does not hand it over: looking on must stop nobody."""
        try:
            found = record_at(self._settings, "inbox", partition, offset)
            return wire(found.value or b"").recordedtime if found is not None else None
        except (UnableToReadError, UnableToReadRecordError, UnableToHearKafkaError, KafkaException):
            return None
