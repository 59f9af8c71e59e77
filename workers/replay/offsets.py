"""The consumer groups of a programme: how far each is, and setting one back. Nobody else sets them.

What an offset means here: a decider's says that the commands up to it are out, an effect worker's that the commands up
to it are answered. Neither is the truth of anything, so setting one back makes work be asked for again, under the same
business keys; setting one forward would leave something unsaid or undone, and is not offered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kafka import TopicPartition
from kafka.admin import KafkaAdminClient, OffsetSpec, OffsetTimestamp

from workers.runtime.admin import admin
from workers.runtime.groups import GROUPS, Committed, at_work, committed, members, place
from workers.runtime.language import _
from workers.runtime.settings import Settings
from workers.runtime.topics import TopicName, topic_name
from workers.runtime.unable import UnableToAllowError, UnableToError, UnableToUnderstandError


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
    with admin(settings, undone=_("Offsets not read")) as client:
        return [_group(client, settings, name) for name in GROUPS]


def moves(settings: Settings, group: str, *, to: datetime | None) -> list[Move]:
    """What setting the group back would change: to the first record at or after `to`, or to the very first.

    Raises `UnableToUnderstandError` for a group that is none of ours.
    """
    if group not in GROUPS:
        raise UnableToUnderstandError(
            _("Not set back: {group} is no group of this programme. There are: {groups}.").format(
                group=group, groups=", ".join(GROUPS)
            )
        )
    with admin(settings, undone=_("Offsets not set")) as client:
        now = _group(client, settings, group)
        spec = OffsetTimestamp(int(to.timestamp() * 1000)) if to else OffsetSpec.EARLIEST
        name = topic_name(settings, GROUPS[group])
        wanted = {TopicPartition(name, place.partition): spec for place in now.places}
        found = client.list_partition_offsets(wanted)
        there = {tp.partition: one.offset if one.offset >= 0 else None for tp, one in found.items()}
    targets = [(place, there[place.partition]) for place in now.places]
    return [
        Move(place.partition, place.committed, offset)
        for place, offset in targets
        if offset is not None and offset < place.committed
    ]


def check_idle(settings: Settings, group: str) -> None:
    """Nobody is in the group. Raises `UnableToAllowError`."""
    with admin(settings, undone=_("Offsets not set")) as client:
        if not at_work(client, settings, [group]):
            return
        count = members(client, settings, group)
    told = _("Not set back: {count} members of {group} are at work. Nothing was changed.")
    stop = _("Stop the workers first:  naadloos down")
    raise UnableToAllowError(told.format(count=count, group=group) + "\n" + stop)


def set_back(settings: Settings, group: str, asked: list[Move]) -> None:
    """The group begins there. Raises `UnableToError` where Kafka refuses: somebody is in it still, or joined it."""
    offsets = [Committed(group, GROUPS[group], move.partition, move.after, "") for move in asked]
    with admin(settings, undone=_("Offsets not set")) as client:
        refused = place(client, settings, offsets)
    if refused:
        raise _not_set(group, refused, whole=len(refused) == len(offsets))


def _not_set(group: str, refused: Mapping[int, str], *, whole: bool) -> UnableToError:
    answer = ", ".join(sorted(set(refused.values())))
    if not whole:
        text = _("Not all of {group} was set back: Kafka answered {answer}. Look at it:  naadloos replay offsets")
        return UnableToAllowError(text.format(group=group, answer=answer))
    text = _("Not set back: a worker of {group} that ended a moment ago still counts, or one joined ({answer}).")
    again = _("Nothing was changed. Give the same command again in a minute.")
    return UnableToError(text.format(group=group, answer=answer) + "\n" + again)


def _group(client: KafkaAdminClient, settings: Settings, name: str) -> Group:
    topic = topic_name(settings, GROUPS[name])
    done = {each.partition: each.offset for each in committed(client, settings, name)}
    partitions = [TopicPartition(topic, partition) for partition in range(settings.partitions)]
    ends = client.list_partition_offsets(dict.fromkeys(partitions, OffsetSpec.LATEST))
    places = (Place(tp.partition, done.get(tp.partition, 0), ends[tp].offset) for tp in partitions)
    return Group(name, GROUPS[name], members(client, settings, name), tuple(places))
