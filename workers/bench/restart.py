"""How long a decider takes to begin again behind a long journal, with and without snapshots."""

from collections.abc import Iterable
from typing import Final

from confluent_kafka import Consumer, Producer, TopicPartition

from workers.bench.field import flushed, put, topics
from workers.bench.lives import Department, Record, records
from workers.bench.replaying import replaying
from workers.bench.report import Replaying, Restart
from workers.bench.started import measured
from workers.journal.clients import consumer_config, producer_config
from workers.journal.fold import Fold
from workers.journal.snapshot import path_of, save
from workers.runtime.settings import Settings
from workers.runtime.terms import terms_of
from workers.runtime.topics import topic_name

MILLION: Final = 1_000_000


def restart(settings: Settings, department: Department, length: int) -> tuple[Restart, Replaying]:
    """A journal of so many records is decided and written here; then others in processes of their own load it."""
    with topics(settings, "restart", flush_each_batch=False) as ours:
        folds = _written(ours, records(department, most=length, partitions=ours.partitions))
        for fold in folds:
            save(fold, ours.snapshots_dir)
        _commit(ours, folds)
        count = sum(fold.position for fold in folds)
        without, with_ = measured(ours, "load", count), measured(ours, "load-snapshot", count)
        size = sum(path_of(ours.snapshots_dir, fold.partition).stat().st_size for fold in folds)
        replay = replaying(ours)
    return Restart(
        journal_records=count,
        subjects=sum(len(fold.states) for fold in folds),
        snapshot_mb=round(size / 2**20, 1),
        without_snapshot=without,
        with_snapshot=with_,
        per_million_seconds=round(without.seconds * MILLION / count, 1),
    ), replay


def _written(settings: Settings, inbox: Iterable[Record]) -> list[Fold]:
    """The journal of this inbox, decided as a decider would, and the folds at its end."""
    terms, topic = terms_of(settings), topic_name(settings, "journal")
    folds = [Fold(partition, terms) for partition in range(settings.partitions)]
    producer = Producer({**producer_config(settings), "linger.ms": 20})
    for record in inbox:
        fold = folds[record.partition]
        value, _ = fold.decide(record.value, key=record.key, offset=fold.offset + 1, now=record.at)
        fold.position += 1
        put(producer, topic, value, record)
    flushed(producer)
    return folds


def _commit(settings: Settings, folds: list[Fold]) -> None:
    """All that was decided was said: where a decider that ended well leaves its group."""
    consumer = Consumer(consumer_config(settings, "bench"))
    offsets = [TopicPartition(topic_name(settings, "inbox"), fold.partition, fold.offset + 1) for fold in folds]
    consumer.commit(offsets=offsets, asynchronous=False)
    consumer.close()
