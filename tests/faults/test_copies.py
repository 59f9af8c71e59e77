"""Messages said again: the last of the topic on whichever partitions they stand, counted where they arrive."""

from __future__ import annotations

from pathlib import Path

import pytest
from confluent_kafka import Producer

from workers.chaos.checker import by_partition
from workers.chaos.copies import say_again
from workers.runtime.ports import free_ports
from workers.runtime.settings import Settings
from workers.runtime.topics import topic_name


@pytest.mark.integration
def test_the_last_messages_are_said_again_on_whichever_partitions_they_stand(programme: Settings) -> None:
    said(programme, [(partition, b"old") for partition in range(programme.partitions)])
    said(programme, [(2, b"first"), (0, b"second"), (2, b"third")])

    assert say_again(programme, "inbox", 3) == 3

    now = {partition: [each.value() for each in there] for partition, there in by_partition(programme, "inbox").items()}
    assert now[0] == [b"old", b"second", b"second"]
    assert now[2] == [b"old", b"first", b"third", b"first", b"third"]
    assert all(now[partition] == [b"old"] for partition in now.keys() - {0, 2})


@pytest.mark.integration
def test_of_fewer_messages_than_were_asked_for_all_are_said_again(programme: Settings) -> None:
    said(programme, [(5, b"only")])

    assert say_again(programme, "inbox", 50) == 1


def test_where_the_broker_is_away_nothing_is_said_again(tmp_path: Path) -> None:
    away = Settings(state_dir=tmp_path, kafka_bootstrap_servers=f"127.0.0.1:{free_ports(1)}")

    assert say_again(away, "inbox", 5, seconds=0.3) == 0


def said(settings: Settings, records: list[tuple[int, bytes]]) -> None:
    """These stand on these partitions, one after the other by Kafka's time."""
    producer = Producer({"bootstrap.servers": settings.bootstrap_servers})
    for number, (partition, value) in enumerate(records):
        stamp = 1_000_000 * (1 + (value != b"old")) + number
        producer.produce(topic_name(settings, "inbox"), value, b"E-0001", partition=partition, timestamp=stamp)
    producer.flush()
