"""What the sayer of a fact is told when Kafka did not take it: that it is away, or what it refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from confluent_kafka import KafkaError

from tests.workers.inbox_facts import life
from workers.runtime import saying
from workers.runtime.saying import Inbox, UnableToReachKafkaError, UnableToSayError
from workers.runtime.settings import Settings


class Report:
    """What the client says of a record."""

    def topic(self) -> str:
        return "demo.inbox"


class Client:
    """A producer in memory: leaves so many records without an answer, or reports this fault of each."""

    def __init__(self, *, left: int = 0, fault: int | None = None) -> None:
        self.left = left
        self.fault = KafkaError(fault) if fault is not None else None

    def produce(self, *_: object, on_delivery: Callable[[KafkaError | None, Report], None], **__: object) -> None:
        if not self.left:
            on_delivery(self.fault, Report())

    def flush(self, _seconds: float) -> int:
        return self.left


@pytest.fixture
def saying_to(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[Client], Inbox]:
    def inbox(client: Client) -> Inbox:
        monkeypatch.setattr(saying, "Producer", lambda _config: client)
        return Inbox(Settings(state_dir=tmp_path, programme="demo", topic_prefix="demo"))

    return inbox


@pytest.mark.parametrize("client", [Client(left=1), Client(fault=KafkaError._MSG_TIMED_OUT)])  # noqa: SLF001 - its name
def test_a_kafka_that_acknowledges_nothing_in_time_is_away(
    saying_to: Callable[[Client], Inbox], client: Client
) -> None:
    with pytest.raises(UnableToReachKafkaError, match=r"did not acknowledge 1 messages \(no answer in 60 seconds\)"):
        saying_to(client).say_all(life()[:1])


def test_what_kafka_refuses_is_told_by_its_name_and_is_no_absence(saying_to: Callable[[Client], Inbox]) -> None:
    refusing = saying_to(Client(fault=KafkaError.TOPIC_AUTHORIZATION_FAILED))

    with pytest.raises(UnableToSayError, match="TOPIC_AUTHORIZATION_FAILED") as refused:
        refusing.say_all(life()[:1])

    assert not isinstance(refused.value, UnableToReachKafkaError)


def test_a_fault_is_told_once(saying_to: Callable[[Client], Inbox]) -> None:
    client = Client(fault=KafkaError.TOPIC_AUTHORIZATION_FAILED)
    inbox = saying_to(client)
    with pytest.raises(UnableToSayError):
        inbox.say_all(life()[:1])

    client.fault = None

    inbox.say_all(life()[1:2])
