"""When a decider ends by itself, with which exit code, and what it leaves behind: nothing that was not acknowledged."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from orchestrator import subjects
from tests.workers.decider_in_memory import Kafka, Message, deciding, in_memory, messages
from tests.workers.test_brake import raising
from workers.inbound import __main__ as inbound
from workers.journal import telling
from workers.runtime.ends import End
from workers.runtime.settings import Settings


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


@pytest.mark.parametrize("now", [datetime(1970, 1, 1, 0, 5, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)], ids=str)
def test_a_clock_outside_a_programmes_years_decides_nothing(kafka: Kafka, tmp_path: Path, now: datetime) -> None:
    decider = deciding(kafka, tmp_path, messages(0, 1), now=now)

    with pytest.raises(Ended) as ended:
        decider.step()

    assert ended.value.args == (End.PERSON_FIRST,)
    assert kafka.done == [], "nothing that nobody could read stands in the journal"
    assert kafka.handed == []


def test_a_report_is_not_taken_by_a_clock_outside_a_programmes_years(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = tmp_path / "clock"
    clock.write_text("1970-01-01T00:05:00+00:00", encoding="ascii")
    monkeypatch.setattr(inbound, "read_settings", lambda: Settings(state_dir=tmp_path, clock_file=clock))
    monkeypatch.setattr(inbound, "configure", lambda **_: None)
    monkeypatch.setattr(inbound, "serve", lambda _settings: pytest.fail("it listens"))

    assert inbound.main() == End.PERSON_FIRST
