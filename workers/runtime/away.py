"""A Kafka that is away is waited for: a worker that meets none ends, and is started again for as long as it takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import structlog
from confluent_kafka import KafkaError, KafkaException

AWAY: Final = 75
"""Exit code of a worker whose Kafka is away (EX_TEMPFAIL of sysexits.h). Its supervisor never gives it up for that."""
PASSING: Final = frozenset(
    {
        KafkaError.NOT_LEADER_FOR_PARTITION,
        KafkaError.LEADER_NOT_AVAILABLE,
        KafkaError.UNKNOWN_TOPIC_OR_PART,
        KafkaError._UNKNOWN_PARTITION,  # noqa: SLF001 - the client's own names
        KafkaError._TRANSPORT,  # noqa: SLF001
        KafkaError._ALL_BROKERS_DOWN,  # noqa: SLF001
    }
)
"""Faults that go by themselves: of a broker that is away, that starts, or that hands a partition over. An unknown topic
is one of them, since topics are made before any worker starts. The client's own `retriable` is about transactions and
says no to these."""
log = structlog.get_logger()


def passes(error: BaseException) -> bool:
    """Whether it is a fault of Kafka's that goes by itself."""
    return isinstance(error, KafkaException) and error.args[0].code() in PASSING


@contextmanager
def ending_when_away() -> Iterator[None]:
    """The process ends with `AWAY`, and a line in its log, when Kafka stays away for longer than a reader waits."""
    try:
        yield
    except KafkaException as error:
        if not passes(error):
            raise
        log.critical("kafka is away", because=error.args[0].name())
        raise SystemExit(AWAY) from None
