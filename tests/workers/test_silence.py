"""A client that has gone deaf is told from a topic in which nothing is said, and is left behind."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from confluent_kafka import KafkaError, KafkaException, TopicPartition

from tests.workers.told import SETTINGS
from workers.journal import reading
from workers.journal.chain import Chain
from workers.journal.reading import Journal
from workers.runtime import asking, silence
from workers.runtime.settings import Settings
from workers.runtime.silence import Silence, let_go

AT_ONCE = 0.0
AWAY = KafkaException(KafkaError(KafkaError._TRANSPORT))  # noqa: SLF001 - the client's own name
FORBIDDEN = KafkaException(KafkaError(KafkaError.TOPIC_AUTHORIZATION_FAILED))


class Broker:
    """Where each partition ends, as it is asked; or what it answers instead."""

    def __init__(self, *ends: int | Exception) -> None:
        self.ends = list(ends)

    def __call__(self) -> dict[int, int]:
        end = self.ends.pop(0)
        if isinstance(end, Exception):
            raise end
        return {0: end}


def test_who_is_behind_and_hears_nothing_is_deaf() -> None:
    silence = Silence(Broker(7, 7), seconds=AT_ONCE)

    assert [silence.is_deaf({0: 5}), silence.is_deaf({0: 5})] == [False, True]


def test_who_has_heard_all_is_not_deaf_though_nothing_comes() -> None:
    silence = Silence(Broker(7, 7, 7), seconds=AT_ONCE)

    assert not any(silence.is_deaf({0: 7}) for _ in range(3))


def test_what_came_to_stand_there_a_moment_ago_is_waited_for() -> None:
    silence = Silence(Broker(7, 9), seconds=AT_ONCE)

    assert [silence.is_deaf({0: 7}), silence.is_deaf({0: 7})] == [False, False]


def test_who_hears_anything_is_not_deaf() -> None:
    silence = Silence(Broker(7, 7), seconds=AT_ONCE)

    silence.is_deaf({0: 5})
    silence.broken()
    assert not silence.is_deaf({0: 6})


def test_nothing_is_asked_before_its_time() -> None:
    assert not Silence(Broker(), seconds=60).is_deaf({0: 5})


def test_a_kafka_that_is_away_makes_nobody_deaf() -> None:
    silence = Silence(Broker(AWAY, AWAY, 7), seconds=AT_ONCE)

    assert not any(silence.is_deaf({0: 5}) for _ in range(3))


def test_a_fault_that_lasts_is_told() -> None:
    with pytest.raises(KafkaException):
        Silence(Broker(FORBIDDEN), seconds=AT_ONCE).is_deaf({0: 5})


class Client:
    """Hands nothing over, of a topic in which three records stand; and may never come to its close."""

    def __init__(self, *, stuck: threading.Event | None = None) -> None:
        self.stuck = stuck
        self.closed = False
        self.assigned: list[TopicPartition] = []

    def assign(self, places: list[TopicPartition]) -> None:
        self.assigned = places

    def poll(self, _seconds: float) -> None:
        return None

    def get_watermark_offsets(self, _place: TopicPartition, **_how: float) -> tuple[int, int]:
        return 0, 3

    def close(self) -> None:
        if self.stuck is not None:
            self.stuck.wait(30)
        self.closed = True


@pytest.fixture
def stuck() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def test_a_client_that_takes_for_ever_to_close_is_left_behind(
    stuck: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(silence, "CLOSING_SECONDS", 0.05)
    client = Client(stuck=stuck)

    let_go(client)

    assert not client.closed


def test_a_reader_of_the_journal_that_has_gone_deaf_goes_on_with_another_client(
    stuck: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Client] = []

    def consumer(_settings: Settings, **_more: object) -> Client:
        made.append(Client(stuck=stuck))
        return made[-1]

    monkeypatch.setattr(reading, "consumer", consumer)
    monkeypatch.setattr(asking, "consumer", consumer)
    monkeypatch.setattr(reading, "Silence", lambda ends: Silence(ends, seconds=AT_ONCE))
    monkeypatch.setattr(silence, "CLOSING_SECONDS", 0.05)
    chain: Chain = Chain(0)
    journal = Journal(SETTINGS, [chain])
    asks, first = made

    assert [journal.read(0.0) for _ in range(2)] == [[], []]

    (another,) = made[2:]
    assert [(place.partition, place.offset) for place in another.assigned] == [(0, chain.position)]
    assert (asks.assigned, len(first.assigned)) == ([], 1)
