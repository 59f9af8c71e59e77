"""Whatever is decided can be read again: a journal record that nobody can read would stop its partition for ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from events.base import Account, Fact, LineId, SubjectId, subject_of
from events.control import TimeCome
from events.enrolment import AbsenceAnnounced
from events.places import Kit, KitAsked, KitsDelivered, PlaceAsked, RosterFormed
from events.planning import LinePlanned, Slot, SlotAsked, WavePlanned, WaveStarted
from events.registry import AnyFact
from orchestrator.reasons import Reason
from tests.workers.inbox_facts import MONDAY, TERMS, life, record, said
from workers.journal.fold import Fold
from workers.journal.record import Entry

SLOT = Slot(start=MONDAY + timedelta(days=9), end=MONDAY + timedelta(days=9, hours=1))
KITS = KitsDelivered(kits=(Kit.model_validate({"iccid": "8931440000000000001", "imei": "350000000000041"}),))
ODD = tuple(map(LineId, ("E-1", "E--1", "P-x", "W-01", "S-desk", "E-0001-1")))


def reread(fold: Fold, *told: tuple[str, AnyFact]) -> list[Entry]:
    """What is decided on each, once another reader has read it and knows the same."""
    other = Fold(0, TERMS, states=dict(fold.states), looks=dict(fold.looks), seen=set(fold.seen))
    other.offset, other.hash = fold.offset, fold.hash
    entries = []
    for number, (subject, fact) in enumerate(told):
        one, began = record(said(subject, fact, id_=f"odd/{number}")), fold.at or MONDAY
        value, entry = fold.decide(one.raw, key=one.key, offset=fold.offset + 1, now=began + timedelta(minutes=1))
        assert other.follow(value) == entry
        assert (other.states, other.looks) == (fold.states, fold.looks)
        entries.append(entry)
    return entries


@pytest.mark.parametrize("line", ODD)
def test_a_line_whose_id_is_no_subjects_and_a_number_is_told_itself(line: LineId) -> None:
    planned = WavePlanned(title="one", lines=(line,), opens=MONDAY, slots=(SLOT,), per_slot=1)
    come = TimeCome(due=MONDAY)

    decided = reread(
        Fold(0, TERMS),
        ("W-01", planned),
        ("W-01", WaveStarted(by=Account("els"), why="ready")),
        ("W-01", SlotAsked(line=line, attempt=1, not_before=MONDAY)),
        ("W-01", come),
        ("K-main", KITS),
        ("K-main", KitAsked(line=line, attempt=1, with_handset=True, wanted_by=MONDAY)),
        ("K-main", TimeCome(due=MONDAY + timedelta(minutes=1))),
        ("R-desk", RosterFormed(title="desk", members=3, share=0.5)),
        ("R-desk", PlaceAsked(line=line, start=SLOT.start, end=SLOT.end)),
        ("R-desk", TimeCome(due=MONDAY + timedelta(minutes=2))),
    )

    told = [tell for entry in decided for tell in entry.decision.tells]
    assert [tell.to for tell in told] == [subject_of(line)] * 4
    assert not any(entry.unread for entry in decided)
    reread(Fold(0, TERMS), *((tell.to, tell.fact) for tell in told))  # nor does hearing of it stop anybody


def test_of_whom_no_line_is_known_it_is_decided_with_a_reason_too() -> None:
    decided = reread(
        Fold(0, TERMS),
        (HOLDER, AbsenceAnnounced(since=MONDAY, until=MONDAY)),
        ("S-desk", KITS),
        (HOLDER, TimeCome(due=MONDAY)),
    )

    assert [[one.reason for one in entry.decision.because] for entry in decided] == [[Reason.NOTHING_TO_DO]] * 3


EDGES = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2199, 12, 31, 23, 59, 59, tzinfo=UTC))
HOLDER = SubjectId("E-0001")


def edged(at: datetime) -> tuple[Fact, ...]:
    """Facts from whose times decisions count on, or back."""
    line = LineId(f"{HOLDER}-1")
    return (
        AbsenceAnnounced(since=MONDAY, until=at),
        LinePlanned(line=line, wave=SubjectId("W-01"), slot=Slot(start=at, end=at)),
    )


@pytest.mark.parametrize("at", EDGES, ids=str)
@pytest.mark.parametrize("known", [4, 8, 12, 16, 20])
def test_a_time_counted_on_from_the_first_or_last_moment_stays_in_a_programme(at: datetime, known: int) -> None:
    for fact in edged(at):
        fold = Fold(0, TERMS)
        for number, one in enumerate(map(record, life()[:known])):
            fold.decide(one.raw, key=one.key, offset=number, now=one.now)

        (entry, _) = reread(fold, (HOLDER, fact), (HOLDER, TimeCome(due=MONDAY)))  # type: ignore[arg-type]

        assert entry.unread is None
