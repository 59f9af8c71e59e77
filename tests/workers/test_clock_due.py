"""Whose time has come: each subject once for the time that it asked for last."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from events.base import Account, SubjectId
from events.codec import encode
from events.control import Held
from events.journal import JournalRecord, Unread
from orchestrator.decision import Decision
from tests.workers.inbox_facts import said
from workers.clock.due import Due
from workers.clock.saying import time_come
from workers.journal.record import Link
from workers.journal.record import encode as journalled

NINE = datetime(2027, 3, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
A, B = SubjectId("E-0001"), SubjectId("E-0002")


def decided(subject: str, look: datetime | None, *, duplicate: bool = False, unread: bool = False) -> JournalRecord:
    value = journalled(
        Link(-1, "", 0),
        partition=0,
        subject=SubjectId(subject),
        at=NINE,
        code="c0de",
        raw=None if unread else encode(said(subject, Held(why="asked", by=Account("els")))),
        unread=Unread(reason="not_json", detail="") if unread else None,
        duplicate=duplicate,
        decision=Decision(look_again_at=look),
    )
    return JournalRecord.model_validate_json(value)


def due(*records: JournalRecord) -> Due:
    heard = Due()
    for each in records:
        heard.heard(each)
    return heard


def test_nobody_waits_when_nobody_asked() -> None:
    assert (due().next(), due().come(NINE)) == (None, [])


def test_the_time_comes_when_it_is_there_and_not_before() -> None:
    asked = due(decided(A, NINE))

    assert asked.come(NINE - timedelta(microseconds=1)) == []
    assert asked.come(NINE) == [(A, NINE)]


def test_the_earliest_comes_first_and_equal_times_in_the_order_of_ids() -> None:
    asked = due(decided(B, NINE), decided("E-0003", NINE - HOUR), decided(A, NINE), decided("E-0004", NINE + HOUR))

    assert asked.next() == NINE - HOUR
    assert asked.come(NINE) == [("E-0003", NINE - HOUR), (A, NINE), (B, NINE)]
    assert asked.next() == NINE + HOUR


def test_the_time_comes_once() -> None:
    asked = due(decided(A, NINE))
    asked.come(NINE)

    assert (asked.come(NINE + HOUR), asked.next()) == ([], None)


def test_a_later_wish_replaces_an_earlier_one() -> None:
    asked = due(decided(A, NINE), decided(A, NINE + HOUR))

    assert asked.come(NINE) == []
    assert asked.come(NINE + HOUR) == [(A, NINE + HOUR)]


def test_an_earlier_wish_replaces_a_later_one() -> None:
    assert due(decided(A, NINE + HOUR), decided(A, NINE)).come(NINE + HOUR) == [(A, NINE)]


def test_a_wish_that_was_given_up_and_taken_again_comes_once() -> None:
    asked = due(decided(A, NINE), decided(A, NINE + HOUR), decided(A, NINE))

    assert asked.come(NINE + HOUR) == [(A, NINE)]


def test_a_decision_without_a_wish_ends_the_earlier_one() -> None:
    assert due(decided(A, NINE), decided(A, None)).come(NINE) == []


def test_a_decision_of_one_subject_is_no_other_subjects() -> None:
    assert due(decided(A, NINE), decided(B, None)).come(NINE) == [(A, NINE)]


def test_a_duplicate_and_an_unreadable_message_change_no_wish() -> None:
    asked = due(decided(A, NINE), decided(A, None, duplicate=True), decided(A, None, unread=True))

    assert asked.come(NINE) == [(A, NINE)]


def test_a_duplicate_of_a_time_that_was_said_does_not_make_it_come_again() -> None:
    asked = due(decided(A, NINE))
    asked.come(NINE)
    asked.heard(decided(A, None, duplicate=True))

    assert asked.come(NINE + HOUR) == []


def test_the_same_time_asked_for_again_comes_again() -> None:
    asked = due(decided(A, NINE))
    asked.come(NINE)
    asked.heard(decided(A, NINE))

    assert asked.come(NINE) == [(A, NINE)]


def test_it_waits_from_the_moment_that_a_time_is_there_until_it_is_decided() -> None:
    asked = due(decided(A, NINE))

    assert not asked.waiting(NINE - HOUR)
    assert asked.waiting(NINE)
    asked.come(NINE)
    assert asked.waiting(NINE)
    asked.heard(decided(A, NINE + HOUR))
    assert not asked.waiting(NINE)


def test_a_restarted_clock_knows_whose_time_is_to_come() -> None:
    records = [decided(A, NINE), decided(B, NINE + HOUR), decided(A, NINE + 2 * HOUR)]

    assert due(*records).come(NINE + 2 * HOUR) == [(B, NINE + HOUR), (A, NINE + 2 * HOUR)]


def test_a_time_said_again_after_a_restart_has_the_same_id() -> None:
    first, again = time_come(A, NINE, NINE), time_come(A, NINE, NINE + HOUR)

    assert first.id == again.id
    assert first.id != time_come(A, NINE + HOUR, NINE + HOUR).id != time_come(B, NINE + HOUR, NINE + HOUR).id
    assert (again.subject, again.message.due, again.time) == (A, NINE, NINE + HOUR)  # type: ignore[union-attr]
