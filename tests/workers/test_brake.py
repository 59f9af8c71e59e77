"""When a decider stops by itself: many subjects in a row for which our own code raises, on whatever partition."""

from __future__ import annotations

import pytest

from events.base import Account
from events.control import Held
from orchestrator import subjects
from tests.workers.inbox_facts import MONDAY, TERMS, Record, fed, record, said
from workers.journal.brake import Brake
from workers.journal.fold import Fold

HELD = Held(why="asked", by=Account("els"))


def raising(*_: object, **__: object) -> None:
    raise ZeroDivisionError


def feed(brake: Brake, fold: Fold, *records: Record) -> None:
    for _, entry in fed(fold, records):
        brake.decided(entry)


def held(number: int, *, subject: int | None = None) -> Record:
    return record(said(f"E-000{subject or number}", HELD, id_=str(number)))


@pytest.fixture
def bug(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr(subjects, "decide", raising)
    return monkeypatch


@pytest.mark.usefixtures("bug")
def test_it_bites_when_the_limit_is_reached_over_all_partitions() -> None:
    brake = Brake(3)
    for partition in range(2):
        feed(brake, Fold(partition, TERMS), held(partition + 1))
    before = brake.bites

    feed(brake, Fold(2, TERMS), held(3))

    assert (before, brake.bites, brake.count) == (False, True, 3)


def test_a_decision_that_does_not_raise_lets_it_go(bug: pytest.MonkeyPatch) -> None:
    brake, fold = Brake(3), Fold(0, TERMS)
    feed(brake, fold, held(1), held(2))
    bug.undo()

    feed(brake, fold, held(4))

    assert brake.count == 0


@pytest.mark.usefixtures("bug")
def test_one_subject_whose_decisions_raise_again_and_again_counts_once() -> None:
    brake = Brake(3)
    feed(brake, Fold(0, TERMS), *(held(number, subject=1) for number in range(1, 9)))

    assert brake.count == 1


@pytest.mark.usefixtures("bug")
def test_what_never_reached_our_decisions_says_nothing_of_them() -> None:
    brake, fold = Brake(3), Fold(0, TERMS)
    feed(brake, fold, held(1), held(2), held(2), Record(b"{", b"E-0003", MONDAY))

    assert brake.count == 2, "a duplicate and rubbish neither add to it nor let it go"
