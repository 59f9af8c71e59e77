"""Where it is measured: topics of its own on the real Kafka, a state directory of its own, both gone afterwards."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from confluent_kafka import Producer

from workers.bench.lives import Record
from workers.bench.unable import UnableToMeasureError
from workers.journal.clients import producer_config
from workers.runtime.language import _
from workers.runtime.settings import Settings
from workers.runtime.topics import create_topics, delete_topics, topic_name


@contextmanager
def ground(settings: Settings) -> Iterator[Settings]:
    """Settings with a state directory that is removed in the end; the broker is the one that runs."""
    settings.kafka_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=settings.state_dir) as folder:
        (Path(folder) / "kafka").symlink_to(settings.kafka_dir)
        yield settings.model_copy(update={"state_dir": Path(folder), "programme": "bench", "clock_file": None})


@contextmanager
def topics(settings: Settings, name: str, **more: Any) -> Iterator[Settings]:  # noqa: ANN401 - any setting
    """Settings with fresh topics of this name, which are deleted in the end."""
    ours = settings.model_copy(update={"topic_prefix": f"bench-{os.getpid()}-{name}", **more})
    try:
        create_topics(ours)
        yield ours
    finally:
        delete_topics(ours)


def fill(settings: Settings, records: Iterable[Record]) -> int:
    """These records stand in the inbox, each at the time at which it was said; how many they were."""
    producer = Producer({**producer_config(settings), "linger.ms": 20})
    topic, count = topic_name(settings, "inbox"), 0
    for count, record in enumerate(records, 1):  # noqa: B007 - counted
        at = round(record.at.timestamp() * 1000)
        put(producer, topic, record.value, record, at=at)
    flushed(producer)
    return count


def flushed(producer: Producer) -> None:
    """All that was handed over stands on the broker. Raises `UnableToMeasureError`."""
    if producer.flush(120):
        raise UnableToMeasureError(_("Not measured: the broker did not take the records. Look:  naadloos kafka status"))


def put(producer: Producer, topic: str, value: bytes, record: Record, *, at: int = 0) -> None:
    """Hand this value to the producer, for the partition and under the key of the record; `at` in ms, 0 for now."""
    while True:
        try:
            producer.produce(topic, value, record.key, partition=record.partition, timestamp=at)
        except BufferError:
            producer.poll(0.05)
        else:
            producer.poll(0)
            return
