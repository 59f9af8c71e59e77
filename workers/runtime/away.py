"""A Kafka that is away: a worker that meets none for too long ends, and is started again for as long as it takes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NoReturn

import structlog
from confluent_kafka import KafkaError, KafkaException

from workers.runtime.ends import End
from workers.runtime.language import _
from workers.runtime.saying import UnableToReachKafkaError
from workers.runtime.unable import UnableToError

PASSING: Final = frozenset(
    {
        KafkaError.NOT_LEADER_FOR_PARTITION,
        KafkaError.LEADER_NOT_AVAILABLE,
        KafkaError.UNKNOWN_TOPIC_OR_PART,
        KafkaError._UNKNOWN_PARTITION,  # noqa: SLF001 - the client's own names
        KafkaError._TRANSPORT,  # noqa: SLF001
        KafkaError._ALL_BROKERS_DOWN,  # noqa: SLF001
        KafkaError._DESTROY_BROKER,  # noqa: SLF001
        KafkaError._TIMED_OUT,  # noqa: SLF001
    }
)
"""Faults that go by themselves: of a broker that is away, that starts, or that hands a partition over. An unknown topic
is one of them, since topics are made before any worker starts. The client's own `retriable` is about transactions and
says no to these."""
log = structlog.get_logger()


class UnableToHearKafkaError(UnableToError):
    """Kafka hands nothing over of what stands there, for longer than a reader waits."""


def silent(topic: str, *, seconds: float) -> UnableToHearKafkaError:
    """What is raised when nothing of this topic came for so long."""
    text = _("{topic}: Kafka hands nothing over for {seconds:g} seconds. Nothing was done.")
    return UnableToHearKafkaError(
        text.format(topic=topic, seconds=seconds) + "\n" + _("See whether it runs:  naadloos kafka status")
    )


def passes(error: BaseException) -> bool:
    """Whether it is a fault of Kafka's that goes by itself."""
    return isinstance(error, KafkaException) and error.args[0].code() in PASSING


@contextmanager
def ending_when_away() -> Iterator[None]:
    """When Kafka stays away for longer than readers wait, the process ends with `End.KAFKA_AWAY`, as its log says."""
    try:
        yield
    except KafkaException as error:
        if not passes(error):
            raise
        _end(because=error.args[0].name())
    except UnableToHearKafkaError:
        _end(because="it hands nothing over")
    except UnableToReachKafkaError:
        _end(because="it acknowledges nothing")


def _end(*, because: str) -> NoReturn:
    """At once: the client that hears nothing may be one that takes for ever to close (`workers.runtime.silence`)."""
    log.critical("kafka is away", because=because)
    os._exit(End.KAFKA_AWAY)
