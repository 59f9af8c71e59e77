"""Where a partition ends: asked again while a fault passes by itself, and told at once when it does not."""

from __future__ import annotations

import pytest
from confluent_kafka import KafkaError, KafkaException, TopicPartition

from workers.runtime.records import end_of

LASTING = KafkaError.TOPIC_AUTHORIZATION_FAILED


class Client:
    def __init__(self, *faults: int) -> None:
        self.faults = list(faults)

    def get_watermark_offsets(self, _: TopicPartition, *, timeout: float) -> tuple[int, int]:
        assert timeout > 0
        if self.faults:
            code = self.faults.pop(0)
            raise KafkaException(KafkaError(code))
        return 0, 7


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
