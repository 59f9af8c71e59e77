"""The consumer groups of a programme: how far each is, and setting one back. Nobody else sets them.

What an offset means here: a decider's says that the commands up to it are out, an effect worker's that the commands up
to it are answered. Neither is the truth of anything, so setting one back makes work be asked for again, under the same
business keys; setting one forward would leave something unsaid or undone, and is not offered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from kafka import TopicPartition
from kafka.admin import KafkaAdminClient, OffsetSpec, OffsetTimestamp
from kafka.errors import KafkaError, NoError
from kafka.structs import OffsetAndMetadata

from workers.runtime.language import _
from workers.runtime.settings import Settings
from workers.runtime.topics import COMMAND_TOPICS, TopicName, topic_name
from workers.runtime.unable import UnableToError
from workers.views.unable import UnableToAllowError, UnableToUnderstandError

GROUPS: Final[Mapping[str, TopicName]] = {"deciders": "inbox", **COMMAND_TOPICS}
"""Every group of a programme by its short name, and the topic that it reads."""


class UnableToReadOffsetsError(UnableToError):
    """Kafka did not answer about a group."""


@dataclass(frozen=True)
class Place:
    """How far a group is on one partition."""

    partition: int
    committed: int
    """0 where it never committed."""
    end: int

    @property
    def lag(self) -> int:
        """Records that are not behind it yet."""
        return self.end - self.committed


@dataclass(frozen=True)
class Group:
    """A consumer group of the programme."""

    name: str
    topic: TopicName
    members: int
    places: tuple[Place, ...]

    @property
    def lag(self) -> int:
        """Records that are not behind it yet, on all partitions."""
        return sum(place.lag for place in self.places)


@dataclass(frozen=True)
class Move:
    """One partition's offset, set back."""

    partition: int
    before: int
    after: int


def groups(settings: Settings) -> list[Group]:
    """Every group of the programme, whether or not somebody is in it."""
    with _admin(settings) as admin:
        return [_group(admin, settings, name) for name in GROUPS]


def moves(settings: Settings, group: str, *, to: datetime | None) -> list[Move]:
    """What setting the group back would change: to the first record at or after `to`, or to the very first.

    Raises `UnableToUnderstandError` for a group that is none of ours, `UnableToAllowError` while somebody is in it.
    """
    if group not in GROUPS:
        raise UnableToUnderstandError(
            _("Not set back: {group} is no group of this programme. There are: {groups}.").format(
                group=group, groups=", ".join(GROUPS)
            )
        )
    with _admin(settings) as admin:
        now = _group(admin, settings, group)
        if now.members:
            raise UnableToAllowError(
                _("Not set back: {count} members of {group} are at work. Nothing was changed.").format(
                    count=now.members, group=group
                )
                + "\n"
                + _("Stop the workers first:  naadloos down")
            )
        spec = OffsetTimestamp(int(to.timestamp() * 1000)) if to else OffsetSpec.EARLIEST
        name = topic_name(settings, GROUPS[group])
        wanted = {TopicPartition(name, place.partition): spec for place in now.places}
        found = admin.list_partition_offsets(wanted)
        there = {tp.partition: one.offset if one.offset >= 0 else None for tp, one in found.items()}
    targets = [(place, there[place.partition]) for place in now.places]
    return [
        Move(place.partition, place.committed, offset)
        for place, offset in targets
        if offset is not None and offset < place.committed
    ]


def set_back(settings: Settings, group: str, asked: list[Move]) -> None:
    """The group begins there. Raises `UnableToReadOffsetsError` where Kafka refuses one of them."""
    name = topic_name(settings, GROUPS[group])
    offsets = {TopicPartition(name, move.partition): OffsetAndMetadata(move.after, "", -1) for move in asked}
    with _admin(settings) as admin:
        answers = admin.alter_group_offsets(_group_id(settings, group), offsets)
    refused = [answer.__name__ for answer in answers.values() if answer is not NoError]
    if refused:
        raise UnableToReadOffsetsError(
            _("Not all of {group} was set back: Kafka answered {answer}. Look at it:  naadloos replay offsets").format(
                group=group, answer=refused[0]
            )
        )


def _group(admin: Any, settings: Settings, name: str) -> Group:  # noqa: ANN401 - the client has no types
    id_, topic = _group_id(settings, name), topic_name(settings, GROUPS[name])
    committed: dict[Any, Any] = admin.list_group_offsets(id_).get(id_, {})
    partitions = [TopicPartition(topic, partition) for partition in range(settings.partitions)]
    ends = admin.list_partition_offsets(dict.fromkeys(partitions, OffsetSpec.LATEST))
    places = (
        Place(tp.partition, max(0, committed[tp].offset) if tp in committed else 0, ends[tp].offset)
        for tp in partitions
    )
    described = admin.describe_groups([id_]).get(id_, {})
    return Group(name, GROUPS[name], len(described.get("members") or ()), tuple(places))


def _group_id(settings: Settings, name: str) -> str:
    return f"{settings.topic_prefix}-{name}"


@contextmanager
def _admin(settings: Settings) -> Iterator[KafkaAdminClient]:
    try:
        admin = KafkaAdminClient(
            bootstrap_servers=settings.bootstrap_servers,
            bootstrap_timeout_ms=int(settings.kafka_answer_seconds * 1000),
            client_id="naadloos-offsets",
        )
        try:
            yield admin
        finally:
            admin.close()
    except KafkaError as error:
        raise UnableToReadOffsetsError(
            _("Offsets not read: Kafka at {servers} answered {answer}. Nothing was changed.").format(
                servers=settings.bootstrap_servers, answer=type(error).__name__
            )
            + "\n"
            + _("See whether it runs:  naadloos kafka status")
        ) from error
