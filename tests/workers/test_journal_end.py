"""Where a partition ends: asked again while a fault passes, by another client where it does not, or told at once."""

from __future__ import annotations

import pytest
from confluent_kafka import KafkaError, KafkaException, TopicPartition

from tests.workers.told import SETTINGS
from workers.runtime import asking
from workers.runtime.asking import Asking
from workers.runtime.records import end_of

LASTING = KafkaError.TOPIC_AUTHORIZATION_FAILED


class Client:
    def __init__(self, *faults: int) -> None:
        self.faults = list(faults)
        self.closed = False

    def get_watermark_offsets(self, _: TopicPartition, *, timeout: float) -> tuple[int, int]:
        assert timeout > 0
        if self.faults:
            code = self.faults.pop(0)
            raise KafkaException(KafkaError(code))
        return 0, 7

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize(
    "passing",
    [
        KafkaError.NOT_LEADER_FOR_PARTITION,
        KafkaError.LEADER_NOT_AVAILABLE,
        # So a broker is told that is away, or that was started a moment ago and knows of no topic yet.
        KafkaError._ALL_BROKERS_DOWN,  # noqa: SLF001 - the client's own names
        KafkaError._TRANSPORT,  # noqa: SLF001
        KafkaError._UNKNOWN_PARTITION,  # noqa: SLF001
        # Seen in a decider's log: the client lets go of a broker that is gone.
        KafkaError._DESTROY_BROKER,  # noqa: SLF001
        KafkaError._TIMED_OUT,  # noqa: SLF001
        KafkaError.UNKNOWN_TOPIC_OR_PART,
    ],
)
def test_a_fault_that_passes_is_waited_out(passing: int) -> None:
    assert end_of(Client(passing, passing), "journal", 0) == 7


def test_a_fault_that_lasts_is_told() -> None:
    with pytest.raises(KafkaException):
        end_of(Client(LASTING), "journal", 0)


def test_a_client_that_goes_on_believing_that_a_partition_is_unknown_is_replaced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clients = [Client(*[KafkaError._UNKNOWN_PARTITION] * 1000), Client()]  # noqa: SLF001 - the client's own name
    made = iter(clients)
    monkeypatch.setattr(asking, "consumer", lambda _settings: next(made))

    assert Asking(SETTINGS).ends("journal", [0, 1], seconds=0.2) == {0: 7, 1: 7}
    assert [client.closed for client in clients] == [True, False]


def test_a_fault_that_no_other_client_mends_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "consumer", lambda _settings: Client(*[KafkaError._TRANSPORT] * 1000))  # noqa: SLF001

    with pytest.raises(KafkaException):
        Asking(SETTINGS).ends("journal", [0], seconds=0.2)
