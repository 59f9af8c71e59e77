"""The records that dead letters are about, read where they stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from confluent_kafka import Consumer, TopicPartition

from events.base import LetterId
from workers.runtime.away import silent
from workers.runtime.letters import Found, letter_of, placed
from workers.runtime.records import SECONDS, end_of, found_of, place_of, reader, taken, value_of
from workers.runtime.settings import Settings
from workers.runtime.topics import TopicName, topic_name

AT_ONCE: Final = 5_000
_Offsets = dict[int, set[int]]
"""The offsets wanted of each partition."""


def originals(settings: Settings, letters: Iterable[LetterId]) -> dict[LetterId, Found]:
    """The records of these letters, of each that is where the letter says."""
    wanted: defaultdict[TopicName, _Offsets] = defaultdict(lambda: defaultdict(set))
    for place in filter(None, map(placed, letters)):
        topic, partition, offset = place
        if partition < settings.partitions:
            wanted[topic][partition].add(offset)
    found: dict[LetterId, Found] = {}
    for topic, offsets in wanted.items():
        found |= _of_topic(settings, topic, offsets)
    return found


def _of_topic(settings: Settings, topic: TopicName, wanted: _Offsets) -> dict[LetterId, Found]:
    """Each partition is read once, from the first to the last record that is wanted of it."""
    found: dict[LetterId, Found] = {}
    name = topic_name(settings, topic)
    with reader(settings) as client:
        last = _last(client, name, wanted)
        client.assign([TopicPartition(name, partition, min(wanted[partition])) for partition in last])
        while last:
            messages = taken(client, SECONDS, most=AT_ONCE)
            if not messages:
                raise silent(name, seconds=SECONDS)
            for message in messages:
                value_of(message)  # raises where the client tells of a fault, which has no place
                partition, offset = place_of(message)
                if offset in wanted[partition]:
                    found[letter_of(topic, partition, offset)] = found_of(message, topic)
                if partition in last and offset >= last[partition]:
                    del last[partition]
                    client.pause([TopicPartition(name, partition)])
    return found


def _last(client: Consumer, name: str, wanted: _Offsets) -> dict[int, int]:
    """The last record that is wanted of each partition and stands there."""
    there = {p: [o for o in offsets if o < end_of(client, name, p)] for p, offsets in wanted.items()}
    return {partition: max(offsets) for partition, offsets in there.items() if offsets}
