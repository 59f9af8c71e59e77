"""Asking where partitions end, on a connection of its own: on one that fetches, each answer waits for the fetch."""

from __future__ import annotations

from collections.abc import Iterable

from confluent_kafka import KafkaException

from workers.runtime.away import passes
from workers.runtime.records import SECONDS, consumer, end_of
from workers.runtime.settings import Settings
from workers.runtime.silence import let_go
from workers.runtime.topics import TopicName, topic_name


class Asking:
    """A client for asking, for as long as a reader lives.

    A client that asked a broker which had only just started may believe for minutes that a partition is unknown. So
    one whose faults do not pass is replaced, and Kafka asked once more, before the fault is told.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client = consumer(settings)

    def ends(self, topic: TopicName, partitions: Iterable[int], *, seconds: float = SECONDS) -> dict[int, int]:
        """The offset after the last record of each partition, asked now. Faults that pass are waited out twice."""
        wanted = tuple(partitions)
        try:
            return self._asked(topic, wanted, seconds)
        except KafkaException as error:
            if not passes(error):
                raise
        self.close()
        self._client = consumer(self._settings)
        return self._asked(topic, wanted, seconds)

    def _asked(self, topic: TopicName, partitions: tuple[int, ...], seconds: float) -> dict[int, int]:
        name = topic_name(self._settings, topic)
        return {partition: end_of(self._client, name, partition, seconds=seconds) for partition in partitions}

    def close(self) -> None:
        """Let go of the connection."""
        let_go(self._client)
