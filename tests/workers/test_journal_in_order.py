"""History over all partitions comes in order of time, read no further ahead than what is shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from confluent_kafka import TopicPartition

from events.base import SubjectId
from events.codec import encode
from events.control import TimeCome
from events.envelope import Said
from tests.workers.told import SETTINGS, START, TERMS
from workers.journal import in_order
from workers.journal.fold import Fold
from workers.journal.record import Entry
from workers.runtime.settings import Settings

MORNING = datetime(2026, 11, 1, 9, tzinfo=UTC)
"""When the first was written, by the broker's clock."""


class Record:
    """A journal record as a client hands it over."""

    def __init__(self, partition: int, offset: int, value: bytes, written: datetime) -> None:
        self.place, self._value, self._written = (partition, offset), value, written

    def partition(self) -> int:
        return self.place[0]

    def offset(self) -> int:
        return self.place[1]

    def value(self) -> bytes:
        return self._value

    def error(self) -> None:
        return None

    def timestamp(self) -> tuple[int, int]:
        return 1, round(self._written.timestamp() * 1000)


class Broker:
    """Two partitions whose decisions fall by turns, a minute apart; and how far each was handed over."""

    def __init__(self, turns: list[int], *, apart: timedelta) -> None:
        self.records: dict[int, list[Record]] = {0: [], 1: []}
        self.given = {0: 0, 1: 0}
        self.asked: list[int] = []
        deciding = {partition: Fold(partition, TERMS) for partition in self.records}
        for number, partition in enumerate(turns):
            at, subject, mine = START + number * apart, SubjectId(f"E-000{partition}"), self.records[partition]
            said = Said(f"t-{number}", "/test", subject, at, at, TimeCome(due=at))
            value, _ = deciding[partition].decide(encode(said), key=subject.encode(), offset=len(mine), now=at)
            mine.append(Record(partition, len(mine), value, MORNING + timedelta(seconds=number)))

    @contextmanager
    def reader(self, _settings: Settings, **_more: object) -> Iterator[Client]:
        yield Client(self)

    def ends(self) -> dict[int, int]:
        return {partition: len(records) for partition, records in self.records.items()}


class Client:
    """Hands over what stands in its one partition."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker

    def assign(self, places: list[TopicPartition]) -> None:
        (self._partition,) = (place.partition for place in places)
        self._broker.asked.append(self._partition)

    def poll(self, _seconds: float) -> Record:
        return self.consume(1, 0.0)[0]

    def consume(self, most: int, _seconds: float) -> list[Record]:
        begin = self._broker.given[self._partition]
        found = self._broker.records[self._partition][begin : begin + most]
        self._broker.given[self._partition] += len(found)
        return found


def history(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, Entry]]:
    monkeypatch.setattr(in_order, "reader", broker.reader)
    folds = {partition: Fold(partition, TERMS) for partition in (0, 1)}
    return in_order.in_order(SETTINGS, folds, broker.ends())


TURNS = [1, 0, 0, 1, 0, 1, 1, 0]


@pytest.mark.parametrize("apart", [timedelta(minutes=1), timedelta()], ids=["a clock that goes", "one that stands"])
def test_decisions_come_as_they_fell_whatever_partition_they_stand_on(
    monkeypatch: pytest.MonkeyPatch, apart: timedelta
) -> None:
    found = list(history(Broker(TURNS, apart=apart), monkeypatch))

    assert [entry.heard and entry.heard.id for _, entry in found] == [f"t-{number}" for number in range(len(TURNS))]
    assert [partition for partition, _ in found] == TURNS


def test_no_partition_is_read_further_ahead_than_a_portion(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_order, "PORTION", 3)
    broker = Broker([0] * 50 + [1] * 50, apart=timedelta(seconds=1))
    shown = {0: 0, 1: 0}

    for partition, _entry in history(broker, monkeypatch):
        shown[partition] += 1
        assert all(broker.given[each] - shown[each] <= 3 for each in shown)

    assert shown == broker.ends()


def test_a_partition_of_which_nothing_is_left_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    broker = Broker([0, 0], apart=timedelta())

    assert len(list(history(broker, monkeypatch))) == 2
    assert broker.asked == [0]


def test_whoever_is_given_a_record_finds_its_partition_known_up_to_that_record_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(in_order, "reader", (broker := Broker(TURNS, apart=timedelta(minutes=1))).reader)
    folds = {partition: Fold(partition, TERMS) for partition in (0, 1)}
    given = {0: 0, 1: 0}

    for partition, _entry in in_order.in_order(SETTINGS, folds, broker.ends()):
        given[partition] += 1
        assert folds[partition].position == given[partition]
        assert all(folds[each].position - given[each] <= 1 for each in given)
