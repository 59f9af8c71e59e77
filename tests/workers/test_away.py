"""A worker whose Kafka is away ends so that it is started again; any other fault of Kafka's is told as it is."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest
from confluent_kafka import KafkaError, KafkaException

from workers.runtime.away import ending_when_away, silent
from workers.runtime.ends import End
from workers.runtime.saying import UnableToReachKafkaError


def raising(code: int) -> NoReturn:
    raise EndedError(code)


class EndedError(Exception):
    """The process would be gone."""


@pytest.mark.parametrize(
    "fault",
    [
        KafkaException(KafkaError(KafkaError._ALL_BROKERS_DOWN)),  # noqa: SLF001 - its name
        silent("journal", seconds=30),
        UnableToReachKafkaError("not everything was said"),
    ],
)
def test_a_worker_whose_kafka_stays_away_ends_at_once_so_that_it_is_started_again(
    fault: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "_exit", raising)

    with pytest.raises(EndedError, match=str(int(End.KAFKA_AWAY))), ending_when_away():
        raise fault


def test_a_worker_that_may_not_read_ends_with_that_fault() -> None:
    with pytest.raises(KafkaException), ending_when_away():
        raise KafkaException(KafkaError(KafkaError.TOPIC_AUTHORIZATION_FAILED))
