"""Times that cannot be, and clocks that run ahead of ours: kept as dead letters, or taken as now."""

from __future__ import annotations

from datetime import timedelta

import pytest

from events.base import Account, SubjectId
from events.control import Held, TimeCome
from events.enrolment import AbsenceAnnounced
from events.places import KitsDelivered
from tests.workers.inbox_facts import MONDAY, TERMS, fed, record, said
from workers.journal.fold import CLOCKS_APART, Fold


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
