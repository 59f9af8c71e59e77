"""The Kafka of one machine: started once, found by everybody, and true to every record it acknowledged."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient

from workers.cli import main
from workers.cli.exits import Exit
from workers.crew.alone import alone, taken
from workers.runtime.cluster import UnableToRelyOnClusterError
from workers.runtime.kafka import server
from workers.runtime.kafka.health import answers
from workers.runtime.settings import Settings, as_environment
from workers.runtime.topics import (
    PARTITIONER,
    TOPICS,
    UnableToMakeTopicsError,
    create_topics,
    delete_topics,
    topic_configs,
    topic_name,
)

pytestmark = pytest.mark.integration


def write(settings: Settings, value: bytes, *, at: datetime | None = None) -> TopicPartition:
    """The record is acknowledged; the result is where it stands."""
    reports: list[TopicPartition] = []
    producer = Producer(
        {"bootstrap.servers": settings.bootstrap_servers, "partitioner": PARTITIONER, "acks": "all", "log_level": 0}
    )
    producer.produce(
        topic_name(settings, "inbox"),
        value,
        key=b"line:L-1",
        timestamp=int(at.timestamp() * 1000) if at else 0,
        on_delivery=lambda _, record: reports.append(
            TopicPartition(record.topic() or "", record.partition() or 0, record.offset() or 0)
        ),
    )
    assert producer.flush(30) == 0
    assert reports[0].offset >= 0
    return reports[0]


def read(settings: Settings, place: TopicPartition) -> bytes | None:
    consumer = Consumer({"bootstrap.servers": settings.bootstrap_servers, "group.id": uuid4().hex, "log_level": 0})
    try:
        consumer.assign([place])
        record = consumer.poll(30)
        return record.value() if record else None
    finally:
        consumer.close()


def partition_counts(settings: Settings) -> dict[str, int]:
    admin = KafkaAdminClient(bootstrap_servers=settings.bootstrap_servers)
    try:
        found = {topic["name"]: len(topic["partitions"]) for topic in admin.describe_topics()}
    finally:
        admin.close()
    return {name: count for name, count in found.items() if name.startswith(f"{settings.topic_prefix}.")}


def test_a_record_is_still_there_after_kill_9(own_kafka: Settings) -> None:
    assert server.ensure_kafka(own_kafka) == f"127.0.0.1:{own_kafka.kafka_port}"
    place = write(own_kafka, b"acknowledged")
    broker = server.status(own_kafka).broker
    process = broker and broker.process()
    assert process

    process.kill()
    process.wait(30)
    assert server.status(own_kafka).ended_unasked

    told: list[str] = []
    server.ensure_kafka(own_kafka, say=told.append)

    assert "ended without a stop" in told[0]
    assert read(own_kafka, place) == b"acknowledged"


def test_two_starts_at_once_make_one_broker_and_a_stop_ends_it(own_kafka: Settings) -> None:
    with ThreadPoolExecutor(2) as both:
        first, second = both.map(server.start, [own_kafka, own_kafka])

    assert first == second
    assert server.status(own_kafka).healthy

    assert server.stop(own_kafka) is True
    assert server.status(own_kafka).broker is None
    assert not answers(own_kafka.bootstrap_servers)
    assert server.stop(own_kafka) is None


def test_the_command_line_starts_shows_and_stops(
    own_kafka: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("KAFKA_BOOTSTRAP_SERVERS", raising=False)
    monkeypatch.setenv("NAADLOOS_STATE_DIR", str(own_kafka.state_dir))
    monkeypatch.setenv("NAADLOOS_KAFKA_CACHE_DIR", str(own_kafka.kafka_cache_dir))
    monkeypatch.setenv("NAADLOOS_KAFKA_PORT", str(own_kafka.kafka_port))

    assert main(["kafka", "start"]) == Exit.DONE
    assert f"Kafka answers on 127.0.0.1:{own_kafka.kafka_port}" in capsys.readouterr().out
    assert main(["kafka", "status"]) == Exit.DONE
    assert main(["kafka", "logs"]) == Exit.DONE
    assert "Kafka Server started" in capsys.readouterr().out
    with alone(own_kafka):
        assert main(["kafka", "stop"]) == Exit.DONE
    assert f"Workers of {own_kafka.programme} run, and wait until it is back" in capsys.readouterr().err
    assert main(["kafka", "status"]) == Exit.UNAVAILABLE


def test_topics_are_made_once_with_all_their_partitions(fresh_settings: Settings) -> None:
    create_topics(fresh_settings)

    names = [topic_name(fresh_settings, topic.name) for topic in TOPICS]
    assert partition_counts(fresh_settings) == dict.fromkeys(names, fresh_settings.partitions)


def test_the_broker_keeps_topics_as_the_list_says(fresh_settings: Settings) -> None:
    admin = KafkaAdminClient(bootstrap_servers=fresh_settings.bootstrap_servers)
    wanted = {topic_name(fresh_settings, topic.name): topic_configs(fresh_settings, topic) for topic in TOPICS}
    try:
        resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in wanted]
        described = admin.describe_configs(resources, config_filter="all")
    finally:
        admin.close()

    kept = {
        name: {key: found["value"] for key, found in configs.items()}
        for of_one_kind in described.values()
        for name, configs in of_one_kind.items()
    }
    assert {name: {key: kept[name][key] for key in configs} for name, configs in wanted.items()} == wanted


def test_topics_with_other_partitions_are_left_alone_and_told(fresh_settings: Settings) -> None:
    other = fresh_settings.model_copy(update={"partitions": fresh_settings.partitions + 1})

    with pytest.raises(UnableToMakeTopicsError, match=f"export NAADLOOS_PARTITIONS={fresh_settings.partitions}"):
        create_topics(other)

    assert set(partition_counts(fresh_settings).values()) == {fresh_settings.partitions}


def test_more_copies_than_brokers_is_told(fresh_settings: Settings) -> None:
    three = fresh_settings.model_copy(update={"topic_prefix": f"test-{uuid4().hex[:8]}", "replication": None})

    with pytest.raises(UnableToMakeTopicsError, match="export NAADLOOS_REPLICATION=1"):
        create_topics(three)


def test_a_cluster_that_soon_forgets_how_far_workers_came_is_told(fresh_settings: Settings) -> None:
    days = (2**31 - 1) // (24 * 60)
    forgets = fresh_settings.model_copy(
        update={"offsets_kept_days": days + 1, "topic_prefix": f"test-{uuid4().hex[:8]}"},
    )

    with pytest.raises(UnableToRelyOnClusterError, match=f"export NAADLOOS_OFFSETS_KEPT_DAYS={days}"):
        create_topics(forgets)
    assert partition_counts(forgets) == {}

    create_topics(forgets.model_copy(update={"offsets_kept_days": days}))
    delete_topics(forgets)


def test_a_programme_on_a_cluster_that_soon_forgets_is_looked_at_and_starts_no_worker(
    fresh_settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    forgets = fresh_settings.model_copy(update={"offsets_kept_days": 2_000_000})
    for name, value in as_environment(forgets).items():
        monkeypatch.setenv(name, value)

    assert main(["--lang", "en", "status"]) == Exit.DONE
    assert main(["--lang", "en", "up"]) == Exit.UNAVAILABLE

    assert "Workers not started: " in capsys.readouterr().err
    assert not taken(forgets)


def test_deleted_topics_are_gone_and_deleting_again_changes_nothing(fresh_settings: Settings) -> None:
    delete_topics(fresh_settings)
    delete_topics(fresh_settings)

    assert partition_counts(fresh_settings) == {}


def test_a_record_of_a_year_ahead_is_taken_since_the_clock_of_a_demo_runs_ahead(fresh_settings: Settings) -> None:
    place = write(fresh_settings, b"from next year", at=datetime.now(UTC) + timedelta(days=365))

    assert read(fresh_settings, place) == b"from next year"


def test_with_a_cluster_given_nothing_is_started(fresh_settings: Settings) -> None:
    assert server.ensure_kafka(fresh_settings) == fresh_settings.bootstrap_servers

    assert not fresh_settings.kafka_dir.exists()
    seen = server.status(fresh_settings)
    assert seen.healthy
    assert not seen.embedded
    assert seen.broker is None
