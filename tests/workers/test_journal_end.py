"""Where a partition ends: asked again while a fault passes by itself, and told at once when it does not."""

from __future__ import annotations

import pytest
from confluent_kafka import KafkaError, KafkaException, TopicPartition

from workers.journal.reading import end_of

PASSING, LASTING = KafkaError.NOT_LEADER_FOR_PARTITION, KafkaError.TOPIC_AUTHORIZATION_FAILED


class Client:
    def __init__(self, *faults: int) -> None:
        self.faults = list(faults)

    def get_watermark_offsets(self, _: TopicPartition, *, timeout: float) -> tuple[int, int]:
        assert timeout > 0
        if self.faults:
            code = self.faults.pop(0)
            raise KafkaException(KafkaError(code))
        return 0, 7


def test_a_fault_that_passes_is_waited_out() -> None:
    assert end_of(Client(PASSING, PASSING), "journal", 0) == 7


def test_a_fault_that_lasts_is_told() -> None:
    with pytest.raises(KafkaException):
        end_of(Client(LASTING), "journal", 0)
