"""A programme's topics on a Kafka, read raw: nothing is folded, nothing passed over."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import Any, Final

from confluent_kafka import KafkaError, Message, TopicPartition

from workers.keeping.groups import all_committed
from workers.keeping.kept import Kept, headers_kept
from workers.runtime.admin import admin
from workers.runtime.groups import Committed
from workers.runtime.language import _
from workers.runtime.records import SECONDS, end_of, headers_in, place_of, reader, taken, value_of
from workers.runtime.settings import Settings
from workers.runtime.topics import TOPICS, TopicName, partition_counts, topic_name
from workers.runtime.unable import UnableToError

PORTION: Final = 20_000
"""Records handed over at a time."""
WHOLESALE: Final = {"enable.partition.eof": True, "fetch.min.bytes": 100_000, "queued.max.messages.kbytes": 65_536}


class UnableToReadTopicsError(UnableToError):
    """Kafka does not hand over what stands there."""


class Live:
    """A programme as it stands on Kafka now. Fulfils `kept.Source`."""

    def __init__(self, settings: Settings) -> None:
        self.programme, self.prefix, self.partitions = settings.programme, settings.topic_prefix, settings.partitions
        self._settings = settings

    def committed(self) -> list[Committed]:
        """How far each group has come."""
        return all_committed(self._settings)

    def records(self, topic: TopicName, partition: int) -> Iterator[Kept]:
        """Everything that stands there, up to the end that it had when the first was asked for."""
        with reader(self._settings) as client:
            ends = {partition: end_of(client, topic_name(self._settings, topic), partition)}
        for portion in portions(self._settings, topic, {partition: 0}, ends):
            yield from (kept for _, kept in portion)


def portions(
    settings: Settings, topic: TopicName, begins: dict[int, int], ends: dict[int, int]
) -> Iterator[list[tuple[int, Kept]]]:
    """The records from where each partition begins to where it ends, with their partition, some thousands at a time.

    Offsets may be missing from a topic of which the newest per key is kept. Raises `UnableToReadTopicsError`.
    """
    left = {partition for partition, end in ends.items() if begins[partition] < end}
    if not left:
        return
    name = topic_name(settings, topic)
    with reader(settings, **WHOLESALE) as client:
        client.assign([TopicPartition(name, partition, begins[partition]) for partition in sorted(left)])
        heard = time.monotonic()
        while left:
            messages = taken(client, 0.5, most=PORTION)
            portion = [found for message in messages if (found := _within(message, ends, left)) is not None]
            if portion:
                yield portion
                heard = time.monotonic()
            elif time.monotonic() > heard + SECONDS:
                raise UnableToReadTopicsError(_silent(name, min(left)))


def _within(message: Message, ends: dict[int, int], left: set[int]) -> tuple[int, Kept] | None:
    """The record, unless it came after the end; a partition that is read to its end is left no longer."""
    fault = message.error()
    if fault is not None and fault.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 - the client's own name
        left.discard(place_of(message)[0])
        return None
    value_of(message)  # raises where the client tells of another fault, which has no place
    partition, offset = place_of(message)
    if offset >= ends.get(partition, 0) - 1:
        left.discard(partition)
    return (partition, kept_of(message)) if offset < ends.get(partition, 0) else None


def kept_of(message: Message) -> Kept:
    """The record as it is kept."""
    found: Any = message  # the client's types leave open what is bytes
    _kind, at = found.timestamp()
    return Kept(found.offset(), at, found.key(), found.value(), headers_kept(tuple(headers_in(message))))


def ends_now(settings: Settings, topics: Iterable[TopicName]) -> dict[tuple[TopicName, int], int]:
    """The offset after the last record, per topic and partition, asked in this order of topics."""
    with reader(settings) as client:
        return {
            (topic, partition): end_of(client, topic_name(settings, topic), partition)
            for topic in topics
            for partition in range(settings.partitions)
        }


def topics_there(settings: Settings) -> dict[TopicName, int]:
    """Which of the programme's topics there are, with their number of partitions."""
    with admin(settings, undone=_("Topics not read")) as client:
        counts = partition_counts(client)
    named = {topic.name: topic_name(settings, topic.name) for topic in TOPICS}
    return {topic: counts[name] for topic, name in named.items() if name in counts}


def check_topics(settings: Settings) -> None:
    """All of the programme's topics are there, as the settings say. Raises `UnableToReadTopicsError`."""
    there = topics_there(settings)
    if missing := [topic.name for topic in TOPICS if topic.name not in there]:
        raise UnableToReadTopicsError(_not_there(topic_name(settings, missing[0])))
    if wrong := {topic: count for topic, count in there.items() if count != settings.partitions}:
        topic, count = wrong.popitem()
        raise UnableToReadTopicsError(_other_count(topic_name(settings, topic), count))


def _silent(name: str, partition: int) -> str:
    text = _("{topic}, partition {partition}: Kafka hands nothing over for {seconds:g} seconds.")
    return (
        text.format(topic=name, partition=partition, seconds=SECONDS)
        + "\n"
        + _("What was read is kept. See whether it runs:  naadloos kafka status   Then give the same command again.")
    )


def _not_there(topic: str) -> str:
    return "\n".join(
        (
            _("Not read: there is no topic {topic}.").format(topic=topic),
            _("Nothing was written. Which programme is it?  export NAADLOOS_PROGRAMME=name"),
        )
    )


def _other_count(topic: str, count: int) -> str:
    return "\n".join(
        (
            _("Not read: {topic} has {count} partitions, and the settings say otherwise.").format(
                topic=topic, count=count
            ),
            _("Nothing was written. Set it right:  export NAADLOOS_PARTITIONS={count}").format(count=count),
        )
    )
