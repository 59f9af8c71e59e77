"""The consumer groups of a programme: how they are called on the broker, how far they are, and who is in them.

A broker that was started a moment ago still loads what its groups committed; it is asked again until it knows.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from kafka import TopicPartition
from kafka.admin import KafkaAdminClient
from kafka.errors import GroupIdNotFoundError, KafkaError
from kafka.structs import OffsetAndMetadata
from tenacity import retry, retry_if_exception, stop_after_delay, wait_fixed

from workers.runtime.settings import Settings
from workers.runtime.topics import COMMAND_TOPICS, TopicName, topic_name

DECIDERS: Final = "deciders"
GROUPS: Final[Mapping[str, TopicName]] = {DECIDERS: "inbox", **COMMAND_TOPICS}
"""Every group of a programme, without the programme's prefix, and the topic that it reads: the deciders', and one per
kind of effect worker."""
SESSION_SECONDS: Final = 10.0
"""A decider that is silent for so long is no member any more, and its partitions go to others."""
LEAVING: Final = SESSION_SECONDS + 5
"""Seconds after which nobody counts as a member who is none."""
SECONDS: Final = 30.0
_patiently = retry(
    retry=retry_if_exception(lambda error: isinstance(error, KafkaError) and bool(error.retriable)),
    stop=stop_after_delay(SECONDS),
    wait=wait_fixed(0.2),
    reraise=True,
)


class Committed(NamedTuple):
    """How far a group says to be on one partition, with the note that it left there."""

    group: str
    topic: TopicName
    partition: int
    offset: int
    note: str


def group_id(settings: Settings, group: str) -> str:
    """The group's name on the broker."""
    return f"{settings.topic_prefix}-{group}"


@_patiently
def committed(client: KafkaAdminClient, settings: Settings, group: str) -> list[Committed]:
    """How far the group is, by partition. Where it never committed it says nothing."""
    name = group_id(settings, group)
    try:
        found = client.list_group_offsets({name: None}).get(name, {})
    except GroupIdNotFoundError:
        return []
    topic = GROUPS[group]
    return [
        Committed(group, topic, place.partition, at.offset, at.metadata or "")
        for place, at in sorted(found.items())
        if place.topic == topic_name(settings, topic) and at.offset >= 0
    ]


@_patiently
def members(client: KafkaAdminClient, settings: Settings, group: str) -> int:
    """How many processes are in the group, on whatever machine."""
    name = group_id(settings, group)
    try:
        return len(client.describe_groups([name])[name]["members"])
    except GroupIdNotFoundError:
        return 0


def at_work(client: KafkaAdminClient, settings: Settings, groups: Iterable[str] = GROUPS) -> list[str]:
    """Those of these groups that have members, on whatever machine.

    A decider that ended a moment ago still counts as one until its session runs out: that long is waited.
    """
    until = time.monotonic() + LEAVING
    while True:
        busy = [group for group in groups if members(client, settings, group)]
        if not busy or time.monotonic() > until:
            return busy
        time.sleep(0.5)


@_patiently
def place(client: KafkaAdminClient, settings: Settings, offsets: list[Committed]) -> dict[int, str]:
    """A group stands where these say, which are all of that group. Gives the faults' names of those refused.

    By partition of the group's one topic.
    """
    name = group_id(settings, offsets[0].group)
    places = {
        TopicPartition(topic_name(settings, each.topic), each.partition): OffsetAndMetadata(each.offset, each.note, -1)
        for each in offsets
    }
    answers = client.alter_group_offsets(name, places)
    return {place.partition: fault.__name__ for place, fault in answers.items() if fault.errno}
