"""Every topic there is, and how it is kept: the one list that brokers, workers and tests read."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from kafka.admin import KafkaAdminClient, NewTopic
from kafka.errors import (
    InvalidReplicationFactorError,
    TopicAlreadyExistsError,
    UnknownTopicOrPartitionError,
)
from kafka.partitioner.default import murmur2

from events.base import SubjectId
from workers.runtime.admin import admin
from workers.runtime.cluster import check_cluster
from workers.runtime.language import _
from workers.runtime.settings import Settings
from workers.runtime.unable import UnableToError

TopicName = Literal[
    "inbox",
    "journal",
    "commands.porting",
    "commands.dispatch",
    "commands.cutover",
    "commands.messages",
    "dead-letters",
    "people",
]

PARTITIONER = "murmur2_random"
"""The partitioner every confluent-kafka producer must name: librdkafka's own default (CRC32) would put a subject's
records elsewhere than kafka-python, aiokafka and faust do, which all use murmur2."""

LARGEST: Final = 8 * 2**20
"""Bytes of the largest record that any topic but the inbox takes: a whole message with what was made of it. What comes
in is no larger than the broker's own limit, a megabyte, and what is longer than `codec.LONGEST` is a dead letter."""
_NEVER = "-1"
_ANY_TIME = str(2**63 - 1)
_REQUEST_MS = 30_000


@dataclass(frozen=True, kw_only=True)
class Topic:
    """One topic: what it carries, by what it is keyed, and what is kept of it."""

    name: TopicName
    carries: str
    key: str
    keep: Literal["everything", "latest per key"] = "everything"
    on_disk_first: bool = False
    """True where a record counts only when a power cut would leave it there."""


TOPICS: tuple[Topic, ...] = (
    Topic(name="inbox", carries="every fact and every person's command", key="subject", on_disk_first=True),
    Topic(name="journal", carries="one decision per inbox record", key="subject", on_disk_first=True),
    Topic(name="commands.porting", carries="what the providers are asked", key="subject"),
    Topic(name="commands.dispatch", carries="what carriers and logistics are asked", key="subject"),
    Topic(name="commands.cutover", carries="forwards, executions and tests of reachability", key="subject"),
    Topic(name="commands.messages", carries="messages to people", key="subject"),
    Topic(name="dead-letters", carries="what could not be read or done, and why", key="subject", on_disk_first=True),
    Topic(name="people", carries="names and addresses, nowhere else", key="person id", keep="latest per key"),
)


COMMAND_TOPICS: Final[Mapping[str, TopicName]] = {
    "porting": "commands.porting",
    "dispatch": "commands.dispatch",
    "cutover": "commands.cutover",
    "messages": "commands.messages",
}
"""The topic of each kind of effect worker."""


def partition_of(subject: SubjectId, partitions: int) -> int:
    """Where this subject's records stand, by the partitioner that every client of ours uses (murmur2)."""
    return int((murmur2(subject.encode()) & 0x7FFFFFFF) % partitions)


class UnableToMakeTopicsError(UnableToError):
    """Kafka is there, but a topic could not be made, or stands there in a shape that would break the order."""


def topic_name(settings: Settings, name: TopicName) -> str:
    """The name of a topic on the broker: the programme's prefix before it."""
    return f"{settings.topic_prefix}.{name}"


def drill_mark(settings: Settings) -> str:
    """The name of the topic that is there where these topics are a drill's (`workers.runtime.drill`)."""
    return f"{settings.topic_prefix}.drill"


def short_name(settings: Settings, name: str | None) -> str:
    """The topic of this name on the broker as it is called here, without the programme's prefix."""
    return (name or "").removeprefix(f"{settings.topic_prefix}.")


def topic_configs(settings: Settings, topic: Topic) -> dict[str, str]:
    """How the broker keeps the topic: nothing expires, and any time is taken.

    Record times follow the programme's clock, which a demo runs ahead; a broker since 4.0 refuses times more than an
    hour ahead of its own unless told otherwise.
    """
    configs = {
        "retention.ms": _NEVER,
        "retention.bytes": _NEVER,
        "cleanup.policy": "compact" if topic.keep == "latest per key" else "delete",
        "message.timestamp.after.max.ms": _ANY_TIME,
        "message.timestamp.before.max.ms": _ANY_TIME,
    }
    if topic.name != "inbox":
        configs["max.message.bytes"] = str(LARGEST)
    if settings.embedded and settings.flush_each_batch and topic.on_disk_first:
        configs["flush.messages"] = "1"
    if replication(settings) >= 3:  # noqa: PLR2004 - two of three: one broker may be down and nothing acknowledged is lost
        configs["min.insync.replicas"] = "2"
    return configs


def replication(settings: Settings) -> int:
    """Copies of each record: one on the embedded broker, three on a cluster that was given, or as set."""
    return settings.replication or (1 if settings.embedded else 3)


Admit = Callable[[list[str]], None]


def create_topics(settings: Settings, *, admit: Admit = lambda _programmes: None) -> None:
    """Every topic of the programme exists with its partitions and its keeping. Safe to repeat.

    `admit` is told first which programmes there are, by the prefixes of their topics, and may refuse by raising.
    Raises `UnableToMakeTopicsError` when a topic is there with another number of partitions: the place of a subject
    depends on that number, so going on would put its next message out of order. Raises `UnableToRelyOnClusterError`
    when one is missing, and the cluster that was given would soon forget how far workers came.
    """
    undone = _("Topics not made")
    with admin(settings, undone=undone) as client:
        there = partition_counts(client)
        admit(sorted(name.removesuffix(".journal") for name in there if name.endswith(".journal")))
        if missing := _missing(settings, there):
            check_cluster(settings, client, undone=undone)
            _create(settings, client, missing)


def delete_topics(settings: Settings) -> None:
    """None of the programme's topics is left, nor what was in them. For tests and for starting anew."""
    with admin(settings, undone=_("Topics not deleted")) as client:
        there = partition_counts(client)
        names = [*(topic_name(settings, topic.name) for topic in TOPICS), drill_mark(settings)]
        ours = [name for name in names if name in there]
        if not ours:
            return
        try:
            client.delete_topics(ours, timeout_ms=_REQUEST_MS)
        except UnknownTopicOrPartitionError:
            # Somebody else deleted one of them at the same time: what was asked is true.
            delete_topics(settings)
        _await_gone(settings, client, set(ours))


def _await_gone(settings: Settings, client: KafkaAdminClient, names: set[str]) -> None:
    """The broker shows none of these any more; until then a new topic of that name could not be told from the old."""
    deadline = time.monotonic() + settings.kafka_answer_seconds
    while names & partition_counts(client).keys():
        if time.monotonic() > deadline:
            raise UnableToMakeTopicsError(_still_there(settings))
        time.sleep(0.1)


def _missing(settings: Settings, there: dict[str, int]) -> list[Topic]:
    missing = [topic for topic in TOPICS if topic_name(settings, topic.name) not in there]
    for topic in TOPICS:
        name = topic_name(settings, topic.name)
        if there.get(name, settings.partitions) != settings.partitions:
            raise UnableToMakeTopicsError(_other_count(settings, name=name, count=there[name]))
    return missing


def _create(settings: Settings, client: KafkaAdminClient, topics: list[Topic]) -> None:
    wanted = [
        NewTopic(
            topic_name(settings, topic.name),
            num_partitions=settings.partitions,
            replication_factor=replication(settings),
            topic_configs=topic_configs(settings, topic),
        )
        for topic in topics
    ]
    try:
        client.create_topics(wanted, timeout_ms=_REQUEST_MS, wait_for_metadata=True)
    except TopicAlreadyExistsError:
        # Somebody else creates them at the same time; look again, so that their number of partitions is checked too.
        missing = _missing(settings, partition_counts(client))
        if missing:
            _create(settings, client, missing)
    except InvalidReplicationFactorError as error:
        raise UnableToMakeTopicsError(_too_few_brokers(settings)) from error


def partition_counts(client: KafkaAdminClient) -> dict[str, int]:
    """Every topic of the broker, with its number of partitions."""
    described: list[dict[str, Any]] = client.describe_topics()
    return {topic["name"]: len(topic["partitions"]) for topic in described}


def _still_there(settings: Settings) -> str:
    shows = _("Topics not deleted: Kafka at {servers} still shows them after {seconds:g} seconds.").format(
        servers=settings.bootstrap_servers, seconds=settings.kafka_answer_seconds
    )
    return shows + "\n" + _("See whether it runs:  naadloos kafka status")


def _other_count(settings: Settings, *, name: str, count: int) -> str:
    return "\n".join(
        (
            _("Topics not made: {name} has {count} partitions, and the settings ask for {wanted}.").format(
                name=name, count=count, wanted=settings.partitions
            ),
            _("With another number the next message of an employee would overtake the ones before it.")
            + " "
            + _("Nothing was changed."),
            _("Go on with what is there:  export NAADLOOS_PARTITIONS={count}").format(count=count),
            _("Or begin anew beside it:   export NAADLOOS_TOPIC_PREFIX=another-name"),
        )
    )


def _too_few_brokers(settings: Settings) -> str:
    few = _(
        "Topics not made: the cluster {servers} has fewer than {count} brokers, "
        "and each record is kept that many times."
    )
    return "\n".join(
        (
            few.format(servers=settings.bootstrap_servers, count=replication(settings)) + " " + _("Nothing was made."),
            _("For a trial on a cluster of one:  export NAADLOOS_REPLICATION=1"),
        )
    )
