"""The whole journal read, folded, and decided anew by today's code, on all cores, beside nothing but consuming it."""

import time
from collections.abc import Callable

from confluent_kafka import TopicPartition

from workers.bench.report import Rate, Replaying
from workers.journal.fold import Fold
from workers.journal.reading import load
from workers.replay.abreast import abreast
from workers.replay.history import Asked, of_partition
from workers.runtime.records import PATIENT, end_of, reader, some
from workers.runtime.settings import Settings
from workers.runtime.terms import terms_of
from workers.runtime.topics import topic_name

AT_ONCE = 5_000
_Spent = tuple[int, float]
"""Records, and seconds of processor time."""


def replaying(settings: Settings) -> Replaying:
    """Each over the same journal, one after the other."""
    return Replaying(
        consumed=_rate(settings, consumed), folded=_rate(settings, folded), compared=_rate(settings, compared)
    )


def _rate(settings: Settings, work: Callable[[Settings, int], _Spent]) -> Rate:
    began = time.monotonic()
    spent = abreast(settings, work)
    seconds = time.monotonic() - began
    return Rate(
        records=sum(records for records, _ in spent), seconds=seconds, cpu_seconds=sum(seconds for _, seconds in spent)
    )


def consumed(settings: Settings, partition: int) -> _Spent:
    """The partition's records, handed over by the client and let go of."""
    began, topic, records = time.process_time(), topic_name(settings, "journal"), 0
    with reader(settings, **PATIENT) as client:
        end = end_of(client, topic, partition)
        client.assign([TopicPartition(topic, partition, 0)])
        while records < end:
            records += len(some(client, topic, most=min(AT_ONCE, end - records)))
    return records, time.process_time() - began


def folded(settings: Settings, partition: int) -> _Spent:
    """The partition, folded from its first record as any reader does."""
    began, fold = time.process_time(), Fold(partition, terms_of(settings))
    load(settings, fold)
    return fold.offset + 1, time.process_time() - began


def compared(settings: Settings, partition: int) -> _Spent:
    """The partition, each decision taken again and compared."""
    found = of_partition(settings, partition, Asked())
    return found.records, found.cpu_seconds
