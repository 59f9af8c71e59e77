"""The journal's partitions as one stream in order of time, in memory that does not grow with the journal.

Each partition is in order of time already, since no decision is dated before its predecessor's. Each has a client of
its own, which fetches no further ahead than its small queue holds: a client of all partitions hands them over as they
come, and throws away what it fetched of one that is held back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import datetime
from heapq import merge
from operator import itemgetter
from typing import Any, Final, NamedTuple

from confluent_kafka import TopicPartition

from workers.journal.follower import Follower, follow
from workers.journal.record import Entry
from workers.runtime.records import reader, some
from workers.runtime.settings import Settings
from workers.runtime.topics import topic_name

PORTION: Final = 200
"""Records taken of a partition at a time."""
SMALL: Final = {"queued.max.messages.kbytes": 1024}


class When(NamedTuple):
    """By what decisions are put in order: a rehearsal's clock stands still while much is decided, the machine's not."""

    at: datetime
    written: int
    partition: int


def in_order(
    settings: Settings, followers: Mapping[int, Follower[Entry]], ends: Mapping[int, int]
) -> Iterator[tuple[int, Entry]]:
    """What the partitions say from where their followers are to these ends or a little on, the oldest first.

    Whoever is given a record finds its partition's follower at that record, and the others at most one further than
    was given of them. Raises `UnableToHearKafkaError` when nothing comes.
    """
    topic = topic_name(settings, "journal")
    with ExitStack() as clients:
        streams = []
        for partition, end in ends.items():
            if (follower := followers[partition]).position < end:
                client = clients.enter_context(reader(settings, **SMALL))
                client.assign([TopicPartition(topic, partition, follower.position)])
                streams.append(_stream(client, topic, follower, end))
        for when, entry in merge(*streams, key=itemgetter(0)):
            yield when.partition, entry


def _stream(client: Any, topic: str, follower: Follower[Entry], end: int) -> Iterator[tuple[When, Entry]]:  # noqa: ANN401 - the client has no types
    while follower.position < end:
        for message in some(client, topic, most=PORTION):
            if (entry := follow(follower, message)) is not None:
                yield When(entry.at, message.timestamp()[1], follower.partition), entry
