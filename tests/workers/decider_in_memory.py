"""A decider whose Kafka is in memory: it hands over what a test wants, and notes what is said and committed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import TopicPartition

from tests.fakes import FakeClock
from tests.workers.inbox_facts import TERMS, life, record
from workers.journal import decider as module
from workers.journal.decider import Decider
from workers.runtime.settings import Settings

Told = Callable[[Any, list[TopicPartition]], None]
LIFE = [record(said) for said in life()]


@dataclass
class Message:
    """A record of the inbox as the client hands it over."""

    at: int
    part: int = 0

    def error(self) -> None:
        return None

    def partition(self) -> int:
        return self.part

    def offset(self) -> int:
        return self.at

    def topic(self) -> str:
        return "demo.inbox"

    def key(self) -> bytes | None:
        return LIFE[self.at].key

    def value(self) -> bytes | None:
        return LIFE[self.at].raw

    def headers(self) -> None:
        return None


@dataclass
class Kafka:
    """Both clients: hands over what a test wants, notes what is said and committed, in order."""

    script: list[Callable[[], list[Message]]] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    committed_to: int = -1001
    waiting: list[Message] = field(default_factory=list)
    handed: list[str] = field(default_factory=list)
    journal_ends: Counter[int] = field(default_factory=Counter)
    partitions: int = 1
    unacknowledged: int = 0
    """How many records, from now on, each flush leaves without an acknowledgement."""
    on_assign: Told = lambda _client, _partitions: None
    on_revoke: Told = lambda _client, _partitions: None

    def subscribe(self, _topics: list[str], *, on_assign: Told, on_revoke: Told, on_lost: Told) -> None:
        assert on_lost == on_revoke
        self.on_assign, self.on_revoke = on_assign, on_revoke

    def poll(self, _seconds: float = 0.0) -> Message | None:
        if not self.waiting and self.script:
            self.waiting = self.script.pop(0)()
        return self.waiting.pop(0) if self.waiting else None

    def consume(self, _count: int, _seconds: float) -> list[Message]:
        """All that is left of the batch; the partitions go when `LOST_HERE` is met."""
        taken, self.waiting = self.waiting, []
        for message in list(taken):
            if message.at == LOST_HERE:
                taken.remove(message)
                self.lose()
        return taken

    def share_out(self) -> list[Message]:
        self.on_assign(self, self._places())
        return []

    def lose(self) -> None:
        self.on_revoke(self, self._places())

    def _places(self) -> list[TopicPartition]:
        return [TopicPartition("demo.inbox", partition) for partition in range(self.partitions)]

    def committed(self, partitions: list[TopicPartition], timeout: float) -> list[TopicPartition]:
        assert timeout > 0
        return [TopicPartition(tp.topic, tp.partition, self.committed_to) for tp in partitions]

    def assign(self, partitions: list[TopicPartition]) -> None:
        self.done += [f"assigned from {tp.offset}" for tp in partitions]

    def unassign(self) -> None:
        self.done.append("unassigned")

    def commit(self, *, offsets: list[TopicPartition], asynchronous: bool) -> None:
        assert asynchronous
        self.done += [f"commit {tp.offset}" for tp in offsets]

    def produce(
        self, topic: str, *_: object, on_delivery: Callable[[object, Any], None], partition: int = -1, **__: object
    ) -> None:
        place = self.journal_ends[partition] if topic.endswith(".journal") else -1
        self.journal_ends[partition] += 1
        self.handed.append(topic.removeprefix("demo."))
        on_delivery(None, type("Report", (), {"offset": lambda _: place, "topic": lambda _: topic})())

    def flush(self, _seconds: float) -> int:
        if self.handed:
            self.done.append(f"flush {len(self.handed)}")
        self.handed.clear()
        return self.unacknowledged


LOST_HERE = 99
"""The message with which, in these tests, a partition goes while a batch is taken in."""


NOON = datetime(2027, 3, 1, 11, tzinfo=UTC)


def in_memory(monkeypatch: pytest.MonkeyPatch) -> Kafka:
    """The Kafka that the next decider will speak with."""
    kafka = Kafka()
    monkeypatch.setattr(module, "Producer", lambda _config: kafka)
    monkeypatch.setattr(module, "Consumer", lambda _config: kafka)
    monkeypatch.setattr(module, "Asking", lambda _settings: None)
    monkeypatch.setattr(module, "collect_seldom", lambda: None)
    monkeypatch.setattr(module, "load", lambda _settings, _fold, _keep: None)
    return kafka


def deciding(
    kafka: Kafka, folder: Path, *script: Callable[[], list[Message]], raised_limit: int = 100, now: datetime = NOON
) -> Decider:
    """A decider that has its partitions; each piece of the script is what one step gets."""
    kafka.script = [kafka.share_out, *script]
    settings = Settings(
        state_dir=folder,
        programme="demo",
        topic_prefix="demo",
        clock_file=folder / "clock",
        partitions=kafka.partitions,
        raised_limit=raised_limit,
    )
    decider = Decider(settings, TERMS, FakeClock(now), name="decider-1", snapshots=None)
    assert decider.step() == 0
    kafka.done.clear()
    return decider


def messages(*offsets: int) -> Callable[[], list[Message]]:
    """These of a line's life, all at once."""
    return lambda: [Message(offset) for offset in offsets]
