"""The offset that a decider commits says that what was decided up to there is said; never more, come what may."""

from __future__ import annotations

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
from workers.journal.fold import Fold
from workers.journal.outputs import outputs
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
    journal_end: int = 0
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
        taken, self.waiting = self.waiting, []
        for message in list(taken):
            if message.at == LOST_HERE:
                taken.remove(message)
                self.lose()
        return taken

    def share_out(self) -> list[Message]:
        self.on_assign(self, [TopicPartition("demo.inbox", 0)])
        return []

    def lose(self) -> None:
        self.on_revoke(self, [TopicPartition("demo.inbox", 0)])

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

    def produce(self, topic: str, *_: object, on_delivery: Callable[[object, Any], None], **__: object) -> None:
        place = -1
        if topic.endswith(".journal"):
            place, self.journal_end = self.journal_end, self.journal_end + 1
        self.handed.append(topic.removeprefix("demo."))
        on_delivery(None, type("Report", (), {"offset": lambda _: place, "topic": lambda _: topic})())

    def flush(self, _seconds: float) -> int:
        if self.handed:
            self.done.append(f"flush {len(self.handed)}")
        self.handed.clear()
        return 0


LOST_HERE = 99
"""The message with which, in these tests, a partition goes while a batch is taken in."""


NOON = datetime(2027, 3, 1, 11, tzinfo=UTC)


@pytest.fixture
def kafka(monkeypatch: pytest.MonkeyPatch) -> Kafka:
    kafka = Kafka()
    monkeypatch.setattr(module, "Producer", lambda _config: kafka)
    monkeypatch.setattr(module, "Consumer", lambda _config: kafka)
    monkeypatch.setattr(module, "Asking", lambda _settings: None)
    monkeypatch.setattr(module, "collect_seldom", lambda: None)
    monkeypatch.setattr(module, "load", lambda _settings, _fold, _keep: None)
    return kafka


def deciding(kafka: Kafka, folder: Path, *script: Callable[[], list[Message]]) -> Decider:
    kafka.script = [kafka.share_out, *script]
    settings = Settings(state_dir=folder, programme="demo", topic_prefix="demo", clock_file=folder / "clock")
    decider = Decider(settings, TERMS, FakeClock(NOON), name="decider-1", snapshots=None)
    assert decider.step() == 0
    kafka.done.clear()
    return decider


def messages(*offsets: int) -> Callable[[], list[Message]]:
    return lambda: [Message(offset) for offset in offsets]


def test_a_batch_is_committed_once_what_it_had_to_say_is_flushed_with_the_next(kafka: Kafka, tmp_path: Path) -> None:
    decider = deciding(kafka, tmp_path, messages(0, 1, 2), messages(3, 4))

    decider.step()
    assert kafka.done == ["flush 3"], "its journal records, and nothing is committed"
    decider.step()
    assert kafka.done[1:] == [f"flush {2 + said_by(0, 1, 2)}", "commit 3"]


def test_when_nothing_more_comes_the_last_batch_is_flushed_and_committed_at_once(kafka: Kafka, tmp_path: Path) -> None:
    decider = deciding(kafka, tmp_path, messages(0, 1, 2))

    decider.step()
    assert decider.step() == 0

    assert kafka.done[-1] == "commit 3"
    assert kafka.handed == []


def test_a_partition_that_goes_is_committed_as_far_as_it_was_said_before_it_goes(kafka: Kafka, tmp_path: Path) -> None:
    decider = deciding(kafka, tmp_path, messages(0, 1, 2))
    decider.step()

    kafka.lose()

    assert kafka.done[-2:] == ["commit 3", "unassigned"]


def test_what_came_with_a_partition_that_went_meanwhile_is_never_committed_though_it_comes_back(
    kafka: Kafka, tmp_path: Path
) -> None:
    decider = deciding(kafka, tmp_path, messages(0, 1, LOST_HERE), kafka.share_out)

    decider.step()  # the partition goes while messages 0 and 1 are taken in, so nothing of them is decided
    decider.step()  # and comes back

    assert "unassigned" in kafka.done
    assert not [done for done in kafka.done if done.startswith("commit")]


def test_a_partition_that_comes_back_is_read_on_from_where_it_was(
    kafka: Kafka, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[int] = []
    monkeypatch.setattr(module, "load", lambda _settings, fold, _keep: loaded.append(fold.offset))
    decider = deciding(kafka, tmp_path, messages(0, 1, 2))
    decider.step()

    kafka.lose()
    kafka.share_out()

    assert loaded == [-1, 2]
    assert kafka.done[-1] == "assigned from 3"


def said_by(*offsets: int) -> int:
    """How many messages the decisions on the first of these lead to."""
    fold, count = Fold(0, TERMS), 0
    for offset in offsets:
        one = LIFE[offset]
        _, entry = fold.decide(one.raw, key=one.key, offset=offset, now=NOON)
        count += len(list(outputs(entry, 0)))
    return count
