"""A client that hears nothing though something stands there, told from a topic in which nothing is said.

librdkafka can stand in its own way for ever: when a broker goes while a client asks how far a leader's records are
still good, two of its threads wait for each other (confluentinc/librdkafka#5476, seen with 2.16.1). Such a client looks
well and hands nothing over, and to close it takes for ever too.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from threading import Thread
from typing import Any, Final

import structlog
from confluent_kafka import KafkaException

from workers.runtime.away import passes

SECONDS: Final = 20.0
"""So long nothing may come of what stood there at the beginning of it."""
CLOSING_SECONDS: Final = 5.0
Ends = Callable[[], Mapping[int, int]]
"""Asks, on another connection, for the offset after the last record of each partition."""
log = structlog.get_logger()


class Silence:
    """How long nothing came, and what stood there when it began."""

    def __init__(self, ends: Ends, *, seconds: float = SECONDS) -> None:
        self._ends = ends
        self._seconds = seconds
        self._stood: Mapping[int, int] = {}
        self._again = time.monotonic() + seconds

    def broken(self) -> None:
        """Something came."""
        self._stood, self._again = {}, time.monotonic() + self._seconds

    def is_deaf(self, read_to: Mapping[int, int]) -> bool:
        """Whether nothing came for so long of what stood there. `read_to`: the next offset of each partition."""
        if time.monotonic() < self._again:
            return False
        stood, self._stood = self._stood, self._asked()
        self._again = time.monotonic() + self._seconds
        return any(offset < stood.get(partition, 0) for partition, offset in read_to.items())

    def _asked(self) -> Mapping[int, int]:
        """What stands there now; nothing that is known of, where Kafka is away."""
        try:
            return self._ends()
        except KafkaException as error:
            if not passes(error):
                raise
            return {}


def let_go(client: Any) -> None:  # noqa: ANN401 - the client has no types
    """The client is closed; or left where it is, with the thread that closes it, when it stands in its own way."""
    closing = Thread(target=client.close, name="closing", daemon=True)
    closing.start()
    closing.join(CLOSING_SECONDS)
    if closing.is_alive():
        log.warning("client left behind", seconds=CLOSING_SECONDS)
