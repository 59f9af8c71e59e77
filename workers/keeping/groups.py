"""How far the programme's groups have come: what a decider has said, and what effect workers have carried out.

Without these a decider on a restored programme would say every command again, and effect workers would take every old
command for a new one.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Final

from kafka import TopicPartition
from kafka.admin import KafkaAdminClient
from kafka.errors import GroupIdNotFoundError, KafkaError
from kafka.structs import OffsetAndMetadata
from tenacity import retry, retry_if_exception, stop_after_delay, wait_fixed

from workers.journal.reading import SECONDS
from workers.keeping.file import Committed
from workers.keeping.live import admin
from workers.keeping.unable import UnableToKeepError
from workers.runtime.language import _
from workers.runtime.settings import Settings
from workers.runtime.topics import COMMAND_TOPICS

MEMBERS: Final = ("deciders", *COMMAND_TOPICS)
"""Each group's name without the prefix: the deciders', and one per kind of effect worker."""
LEAVING: Final = 15.0
"""Seconds after which nobody counts as a member who is none: more than a decider's session (`journal.decider`)."""
_patiently = retry(
    # A broker that was started a moment ago still loads what its groups committed.
    retry=retry_if_exception(lambda error: isinstance(error, KafkaError) and bool(error.retriable)),
    stop=stop_after_delay(SECONDS),
    wait=wait_fixed(0.2),
    reraise=True,
)


def group_of(settings: Settings, member: str) -> str:
    """The group's name on the broker."""
    return f"{settings.topic_prefix}-{member}"


def committed(settings: Settings) -> list[Committed]:
    """How far each group has come. One that never committed is not among them."""
    with admin(settings) as client:
        return [each for member in MEMBERS for each in _of(settings, client, member)]


@_patiently
def _of(settings: Settings, client: KafkaAdminClient, member: str) -> list[Committed]:
    group = group_of(settings, member)
    try:
        found = client.list_group_offsets({group: None})
    except GroupIdNotFoundError:
        return []
    ours = f"{settings.topic_prefix}."
    return [
        Committed(member, place.topic.removeprefix(ours), place.partition, at.offset, at.metadata or "")
        for place, at in sorted(found.get(group, {}).items())
        if place.topic.startswith(ours) and at.offset >= 0
    ]


def at_work(settings: Settings) -> list[str]:
    """The groups of this programme that have members, on whatever machine.

    A decider that ended a moment ago still counts as one until its session runs out: that long is waited.
    """
    until = time.monotonic() + LEAVING
    with admin(settings) as client:
        while True:
            busy = [group for member in MEMBERS if _members(client, group := group_of(settings, member))]
            if not busy or time.monotonic() > until:
                return busy
            time.sleep(0.5)


@_patiently
def _members(client: KafkaAdminClient, group: str) -> int:
    try:
        return len(client.describe_groups([group])[group]["members"])
    except GroupIdNotFoundError:
        return 0


def restore(settings: Settings, offsets: Iterable[Committed]) -> None:
    """The groups are where these offsets say. Raises `UnableToKeepError` when one did not take them."""
    wanted = list(offsets)
    with admin(settings) as client:
        for member in sorted({each.member for each in wanted}):
            places = {
                TopicPartition(f"{settings.topic_prefix}.{each.topic}", each.partition): OffsetAndMetadata(
                    each.offset, each.note, -1
                )
                for each in wanted
                if each.member == member
            }
            _alter(client, group_of(settings, member), places)
    if sorted(committed(settings)) != sorted(wanted):
        raise UnableToKeepError(_not_taken())


@_patiently
def _alter(client: KafkaAdminClient, group: str, places: dict[TopicPartition, OffsetAndMetadata]) -> None:
    refused = {fault.__name__ for fault in client.alter_group_offsets(group, places).values() if fault.errno}
    if refused:
        raise UnableToKeepError(_not_taken() + " " + ", ".join(sorted(refused)))


def _not_taken() -> str:
    return "\n".join(
        (
            _("The records are there, but Kafka did not take the workers' positions: does a worker run somewhere?"),
            _("Start no worker now: it would do old work again. Stop them, and give the same command again."),
        )
    )
