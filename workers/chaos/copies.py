"""Messages said again, byte for byte: as senders do that never heard that they were heard."""

import time
from typing import Final

from confluent_kafka import KafkaError, KafkaException, Message, Producer, TopicPartition

from workers.runtime.records import end_of, found_of, reader, taken
from workers.runtime.settings import Settings
from workers.runtime.topics import TopicName, topic_name

SECONDS: Final = 5.0
"""For so long the topic is read at most, and then for so long written: what was struck meanwhile waits to be mended."""


def say_again(settings: Settings, topic: TopicName, count: int, *, seconds: float = SECONDS) -> int:
    """So many of the last messages of the topic, on whichever partitions, stand in it once more; how many do.

    They come behind whatever was said since, so that they are late as well. A broker that is away repeats nothing.
    """
    try:
        latest = _latest(settings, topic, count, until=time.monotonic() + seconds)
    except KafkaException:
        return 0
    said = _Said(settings, topic, seconds=seconds)
    for one in latest:
        said.say(one)
    return said.heard()


def _latest(settings: Settings, topic: TopicName, count: int, *, until: float) -> list[Message]:
    """The last messages by the time at which they were said; fewer where Kafka does not hand them over by then."""
    name, read = topic_name(settings, topic), list[Message]()
    with reader(settings) as client:
        places, left = [], 0
        for partition in range(settings.partitions):
            end = end_of(client, name, partition, seconds=max(0.1, until - time.monotonic()))
            places.append(TopicPartition(name, partition, max(0, end - count)))
            left += min(count, end)
        client.assign(places)
        while len(read) < left and (rest := until - time.monotonic()) > 0:
            read += taken(client, rest, most=left - len(read))
    return sorted((each for each in read if each.error() is None), key=lambda each: each.timestamp()[1])[-count:]


class _Said:
    """Writes to the topic, and counts what Kafka has acknowledged."""

    def __init__(self, settings: Settings, topic: TopicName, *, seconds: float) -> None:
        self._topic = topic
        self._name = topic_name(settings, topic)
        self._seconds = seconds
        self._count = 0
        self._producer = Producer(
            {
                "bootstrap.servers": settings.bootstrap_servers,
                "acks": "all",
                "log_level": 0,
                "message.timeout.ms": int(1000 * seconds),
            }
        )

    def say(self, message: Message) -> None:
        """On its way to the partition on which it stands already."""
        one = found_of(message, self._topic)
        self._producer.produce(
            self._name, one.value, one.key, partition=one.partition, headers=list(one.headers), on_delivery=self._told
        )

    def heard(self) -> int:
        """How many arrived."""
        self._producer.flush(self._seconds)
        return self._count

    def _told(self, fault: KafkaError | None, _: Message) -> None:
        self._count += fault is None
