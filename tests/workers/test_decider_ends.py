"""When a decider ends by itself, with which exit code, and what it leaves behind: nothing that was not acknowledged."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from orchestrator import subjects
from tests.workers.decider_in_memory import Kafka, Message, deciding, in_memory, messages
from tests.workers.test_brake import raising
from workers.journal import telling
from workers.runtime.ends import End


class Ended(BaseException):
    """The process is over."""


@pytest.fixture
def kafka(monkeypatch: pytest.MonkeyPatch) -> Kafka:
    def over(code: int) -> None:
        raise Ended(End(code))

    monkeypatch.setattr(os, "_exit", over)
    return in_memory(monkeypatch)


def test_our_own_code_raising_on_every_partition_asks_for_a_person(
    kafka: Kafka, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[dict[str, object]] = []
    monkeypatch.setattr(telling, "write_lines", lines.extend)
    monkeypatch.setattr(subjects, "decide", raising)
    kafka.partitions = 2
    decider = deciding(kafka, tmp_path, lambda: [Message(0, part=1), Message(1, part=0)], raised_limit=2)

    with pytest.raises(Ended) as ended:
        decider.step()

    assert ended.value.args == (End.PERSON_FIRST,)
    assert [line["partition"] for line in lines] == [1], "what was decided before is told"
    assert kafka.done == ["flush 1"], "and stands in the journal; the last one is left to mended code"


def test_a_kafka_that_acknowledges_nothing_is_away_and_nothing_is_committed(kafka: Kafka, tmp_path: Path) -> None:
    decider = deciding(kafka, tmp_path, messages(0, 1))
    kafka.unacknowledged = 2

    with pytest.raises(Ended) as ended:
        decider.step()

    assert ended.value.args == (End.KAFKA_AWAY,)
    assert kafka.done == ["flush 2"]


def test_a_record_that_stands_elsewhere_than_expected_was_somebody_elses_turn(kafka: Kafka, tmp_path: Path) -> None:
    decider = deciding(kafka, tmp_path, messages(0, 1))
    kafka.journal_ends[0] = 7

    with pytest.raises(Ended) as ended:
        decider.step()

    assert ended.value.args == (End.ANEW,)
    assert kafka.done == ["flush 2"]
