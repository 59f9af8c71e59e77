"""The records that dead letters are about, read where they stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from confluent_kafka import TopicPartition

from events.base import LetterId
from workers.journal.reading import SECONDS, UnableToFollowError, consumer, found_of, place_of, taken
from workers.runtime.language import _
from workers.runtime.letters import Found, letter_of, placed
from workers.runtime.settings import Settings
from workers.runtime.topics import TopicName, topic_name

AT_ONCE: Final = 5_000
_Offsets = dict[int, set[int]]
"""The offsets wanted of each partition."""


def originals(settings: Settings, letters: Iterable[LetterId]) -> dict[LetterId, Found]:
    """The record of each of these letters. Raises `UnableToFollowError` where one is not there any more."""
    wanted: defaultdict[TopicName, _Offsets] = defaultdict(lambda: defaultdict(set))
    for letter in letters:
        topic, partition, offset = placed(letter)
        wanted[topic][partition].add(offset)
    found: dict[LetterId, Found] = {}
    for topic, offsets in wanted.items():
        found |= _of_topic(settings, topic, offsets)
    return found


def _of_topic(settings: Settings, topic: TopicName, wanted: _Offsets) -> dict[LetterId, Found]:
    """Each partition is read once, from the first to the last record that is wanted of it."""
    found: dict[LetterId, Found] = {}
    client, name = consumer(settings), topic_name(settings, topic)
    try:
        client.assign([TopicPartition(name, partition, min(offsets)) for partition, offsets in wanted.items()])
        last = {partition: max(offsets) for partition, offsets in wanted.items()}
        while last:
            messages = taken(client, SECONDS, most=AT_ONCE)
            if not messages:
                partition, offset = last.popitem()
                raise UnableToFollowError(_gone(letter_of(topic, partition, offset)))
            for message in messages:
                partition, offset = place_of(message)
                if offset in wanted[partition]:
                    found[letter_of(topic, partition, offset)] = found_of(message, topic)
                if partition in last and offset >= last[partition]:
                    del last[partition]
                    client.pause([TopicPartition(name, partition)])
    finally:
        client.close()
    return found


def _gone(letter: LetterId) -> str:
    gone = _("The record of dead letter {letter} is not where it stood. Nothing was done.").format(letter=letter)
    return gone + "\n" + _("Was the topic made anew? Then bring it back from a backup:  naadloos restore FILE")
