"""A worker whose Kafka is away ends so that it is started again; any other fault of Kafka's is told as it is."""

from __future__ import annotations

import pytest
from confluent_kafka import KafkaError, KafkaException

from workers.runtime.away import ending_when_away
from workers.runtime.ends import End


def test_a_worker_whose_kafka_stays_away_ends_so_that_it_is_started_again() -> None:
    with pytest.raises(SystemExit) as ended, ending_when_away():
        raise KafkaException(KafkaError(KafkaError._ALL_BROKERS_DOWN))  # noqa: SLF001 - the client's own name

    assert ended.value.code == End.KAFKA_AWAY


def test_a_worker_that_may_not_read_ends_with_that_fault() -> None:
    with pytest.raises(KafkaException), ending_when_away():
        raise KafkaException(KafkaError(KafkaError.TOPIC_AUTHORIZATION_FAILED))
