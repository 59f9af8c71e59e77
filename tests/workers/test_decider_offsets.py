"""The offset that a decider commits says that what was decided up to there is said; never more, come what may."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.workers.decider_in_memory import LIFE, LOST_HERE, NOON, Kafka, deciding, in_memory, messages
from tests.workers.inbox_facts import TERMS
from workers.journal import decider as module
from workers.journal.fold import Fold
from workers.journal.outputs import outputs


@pytest.fixture
def kafka(monkeypatch: pytest.MonkeyPatch) -> Kafka:
    return in_memory(monkeypatch)


def test_a_batch_is_committed_once_what_it_had_to_say_is_flushed_with_the_next(kafka: Kafka, tmp_path: Path) -> None:
    decider = deciding(kafka, tmp_path, messages(0, 1, 2), messages(3, 4))

    decider.step()
    assert kafka.done == ["flush 3"], "its journal records, and nothing is committed"
    decider.step()
    assert kafka.done[1:] == [f"flush {2 + said_by(0, 1, 2)}", "commit 3"]


def test_when_nothing_more_comes_the_last_batch_is_flushed_and_committed_at_once(kafka: Kafka, tmp_path: Path) -> None:
    decider = deciding(kafka, tmp_path, messages(0, 1, 2))

    decider.step()
    assert decider.step() == 0

    assert kafka.done[-1] == "commit 3"
    assert kafka.handed == []


def test_a_partition_that_goes_is_committed_as_far_as_it_was_said_before_it_goes(kafka: Kafka, tmp_path: Path) -> None:
    decider = deciding(kafka, tmp_path, messages(0, 1, 2))
    decider.step()

    kafka.lose()

    assert kafka.done[-2:] == ["commit 3", "unassigned"]


def test_what_came_with_a_partition_that_went_meanwhile_is_never_committed_though_it_comes_back(
    kafka: Kafka, tmp_path: Path
) -> None:
    decider = deciding(kafka, tmp_path, messages(0, 1, LOST_HERE), kafka.share_out)

    decider.step()  # the partition goes while messages 0 and 1 are taken in, so nothing of them is decided
    decider.step()  # and comes back

    assert "unassigned" in kafka.done
    assert not [done for done in kafka.done if done.startswith("commit")]


def test_a_partition_that_comes_back_is_read_on_from_where_it_was(
    kafka: Kafka, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[int] = []
    monkeypatch.setattr(module, "load", lambda _settings, fold, _keep: loaded.append(fold.offset))
    decider = deciding(kafka, tmp_path, messages(0, 1, 2))
    decider.step()

    kafka.lose()
    kafka.share_out()

    assert loaded == [-1, 2]
    assert kafka.done[-1] == "assigned from 3"


def said_by(*offsets: int) -> int:
    """How many messages the decisions on the first of these lead to."""
    fold, count = Fold(0, TERMS), 0
    for offset in offsets:
        one = LIFE[offset]
        _, entry = fold.decide(one.raw, key=one.key, offset=offset, now=NOON)
        count += len(list(outputs(entry, 0)))
    return count
