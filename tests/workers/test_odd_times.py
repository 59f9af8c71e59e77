"""Times that cannot be, and clocks that run ahead of ours: kept as dead letters, or taken as now."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from events.base import Account, SubjectId
from events.codec import encode
from events.control import Held, Released, TimeCome
from events.enrolment import AbsenceAnnounced
from events.journal import JournalRecord
from events.places import KitsDelivered
from events.registry import AnyFact
from tests.workers.inbox_facts import MONDAY, TERMS, fed, record, said
from tests.workers.told import ANN, ELS, Told, line_of, small_town
from workers.clock.due import Due
from workers.clock.saying import time_come
from workers.journal.fold import CLOCKS_APART, Fold
from workers.journal.record import decode


@pytest.mark.parametrize(
    ("written", "odd"),
    [
        (b"2027-03-01T08:00:00Z", b"0001-01-01T00:00:00+01:00"),
        (b"2027-03-01T08:00:00Z", b"9999-12-31T23:59:59-01:00"),
        (b"2027-03-01T08:00:00Z", b"1999-12-31T00:00:00Z"),
    ],
)
def test_a_message_of_a_time_that_cannot_be_is_a_dead_letter_and_the_next_is_decided(
    written: bytes, odd: bytes
) -> None:
    fold, one = Fold(0, TERMS), record(said("E-0001", Held(line=None, by=Account("els"), why="x")))
    assert one.raw is not None
    assert written in one.raw
    _, entry = fold.decide(one.raw.replace(written, odd), key=one.key, offset=0, now=one.now)

    assert entry.unread is not None
    assert entry.unread.reason == "schema"
    assert fold.decide(one.raw, key=one.key, offset=1, now=one.now)[1].unread is None


def test_a_time_in_the_message_itself_that_cannot_be_is_a_dead_letter() -> None:
    absence = AbsenceAnnounced(since=MONDAY, until=MONDAY + timedelta(days=9))
    one = record(said("E-0001", absence))
    until = absence.until.isoformat().replace("+00:00", "Z").encode()
    assert one.raw is not None
    assert until in one.raw

    _, entry = Fold(0, TERMS).decide(
        one.raw.replace(until, b"9999-12-31T23:00:00-05:00"), key=one.key, offset=0, now=one.now
    )

    assert entry.unread is not None


def test_a_time_that_has_come_by_a_clock_a_little_ahead_has_come() -> None:
    stock, fold = SubjectId("K-main"), Fold(0, TERMS)
    fed(fold, [record(said(stock, KitsDelivered(kits=()), id_="k"), now=MONDAY)])
    due = MONDAY + CLOCKS_APART

    _, entry = fold.decide(
        record(said(stock, TimeCome(due=due), id_="t")).raw, key=stock.encode(), offset=1, now=MONDAY
    )

    assert entry.at == due


def test_a_time_that_has_come_by_a_clock_far_ahead_does_not_move_ours() -> None:
    stock, fold = SubjectId("K-main"), Fold(0, TERMS)
    far = MONDAY + timedelta(days=300)

    _, entry = fold.decide(record(said(stock, TimeCome(due=far))).raw, key=stock.encode(), offset=0, now=MONDAY)

    assert entry.at == MONDAY


@pytest.mark.parametrize("ahead", [CLOCKS_APART, 2 * CLOCKS_APART, timedelta(hours=1)], ids=str)
def test_a_time_that_was_said_to_have_come_too_early_is_asked_for_under_another_name(ahead: timedelta) -> None:
    """The clock names what it says after the time, so what was said once is not heard a second time."""
    told, due = small_town(), Due()
    told.kit(line_of(ANN))
    for value in told.values:
        due.heard(JournalRecord.model_validate_json(value))
    fast = due.next()
    assert fast is not None
    told.at = fast - ahead

    says_all_that_is_due(due, told, by=fast)
    says(told, due, Held(why="asked", by=ELS), Released(why="asked", by=ELS))
    told.at = fast + timedelta(days=1)
    says_all_that_is_due(due, told, by=told.at)

    assert not any(entry.duplicate for entry in told.entries)
    assert all(look > told.at for look in told.fold.looks.values())


@pytest.mark.parametrize("year", [2028, 2099, 2199])
def test_a_clock_that_is_years_ahead_has_said_all_it_will_before_long(year: int) -> None:
    told, due = small_town(), Due()
    for value in told.values:
        due.heard(JournalRecord.model_validate_json(value))
    before = len(told.entries)

    says_all_that_is_due(due, told, by=told.at.replace(year=year))

    assert len(told.entries) - before < 40 * len(told.fold.looks)
    assert [decode(value) for value in told.values] == told.entries


def says(told: Told, due: Due, *facts: AnyFact) -> None:
    """Somebody says this of Ann, and the clock worker hears of it."""
    for fact in facts:
        told.say(ANN, fact)
        due.heard(JournalRecord.model_validate_json(told.values[-1]))


def says_all_that_is_due(due: Due, told: Told, *, by: datetime) -> None:
    """What the clock worker says at this time by its own clock, and what it hears of it."""
    for come in iter(lambda: due.come(by), []):
        assert len(told.entries) < 1000
        for subject, at in come:
            told.decide(encode(time_come(subject, at, by)), subject)
            due.heard(JournalRecord.model_validate_json(told.values[-1]))
