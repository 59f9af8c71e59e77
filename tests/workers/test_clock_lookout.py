"""What the clock worker counts on the way: unanswered orders, undecided messages, open dead letters and incidents."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from events.base import Account, LetterId, LineId, SubjectId
from events.control import CommandDone, LetterOpened, LettersDismissed
from events.enrolment import LineEnrolled
from events.envelope import Said
from events.journal import JournalRecord
from events.outcomes import IncidentClosed, IncidentKind, IncidentOpened, LineDone, Owner
from events.registry import WORKERS, AnyFact
from orchestrator.decision import Decision
from tests.orders import block_sim, key, request_port
from tests.workers.inbox_facts import MONDAY, TERMS, Record, an_example, fed, life, record, said
from tests.workers.test_quiet import decided, fact
from workers.clock.backlog import Backlog
from workers.clock.tally import Tally
from workers.clock.unanswered import Unanswered
from workers.journal.fold import Fold

LINE = LineId("E-0001-1")
HOUR = timedelta(hours=1)
Heard = tuple[int, JournalRecord]


def answer(cause: str) -> Said[AnyFact]:
    one = said("E-0001", CommandDone(key=key("block"), line=LINE), id_=f"{cause}/done")
    return one._replace(causation=cause)


ORDERED = decided("3/7", fact("a", subject="E-0001"), Decision(commands=(block_sim(), request_port())))
ANSWERED = decided("3/8", answer("c/3/7/0"), Decision())


def unanswered(*records: Heard, tick: float = 100) -> Unanswered:
    known = Unanswered()
    for partition, one in records:
        known.heard(partition, one, tick=tick)
    return known


def test_an_order_waits_since_it_was_decided() -> None:
    known = unanswered(ORDERED)

    assert known.oldest(MONDAY + HOUR, tick=100) == {**dict.fromkeys(WORKERS, 0.0), "dispatch": 3600, "porting": 3600}
    assert known.counts() == {**dict.fromkeys(WORKERS, 0), "dispatch": 1, "porting": 1}


def test_an_answer_ends_its_order_and_no_other() -> None:
    known = unanswered(ORDERED, ANSWERED)

    assert known.counts() == {**dict.fromkeys(WORKERS, 0), "porting": 1}
    assert known.oldest(MONDAY + HOUR, tick=100)["dispatch"] == 0


def test_an_answer_that_comes_twice_ends_nothing_more() -> None:
    again = decided("3/9", answer("c/3/7/0"), Decision(), duplicate=True)

    assert unanswered(ORDERED, ANSWERED, again).counts()["porting"] == 1


def test_where_the_programmes_clock_stands_still_the_wait_is_as_long_as_it_was_seen() -> None:
    assert unanswered(ORDERED, tick=100).oldest(MONDAY, tick=160)["porting"] == 60


def test_the_oldest_of_a_kind_counts() -> None:
    later = decided("4/1", fact("b", subject="E-0002"), Decision(commands=(block_sim(),)))
    known = Unanswered()
    known.heard(*ORDERED, tick=100)
    known.heard(*later, tick=130)

    assert known.oldest(MONDAY, tick=160)["dispatch"] == 60


def test_an_order_that_is_read_from_a_whole_life_is_counted_under_its_kind() -> None:
    records = [JournalRecord.model_validate_json(value) for value, _ in fed(Fold(0, TERMS), map(record, life()))]
    ordered = sum(len(one.data.commands) for one in records)

    assert ordered == sum(unanswered(*((0, one) for one in records)).counts().values()) > 5


def never(_partition: int, _offset: int) -> datetime | None:
    """Records that do not say when they were recorded."""
    return None


def looked(backlog: Backlog, end: int, head: int, *, tick: float, now: datetime = MONDAY) -> float:
    """The oldest wait on partition 0, once the inbox ends there and the journal's head is there."""
    backlog.look({0: end}, {0: head}, now=now, tick=tick)
    return backlog.oldest(now, tick)[0]


def test_where_all_is_decided_nothing_waits() -> None:
    backlog = Backlog(never)

    assert [looked(backlog, 5, 4, tick=tick) for tick in (0, 60)] == [0, 0]
    assert backlog.counts({0: 4}) == {0: 0}


def test_what_came_since_the_last_look_waits_since_this_one() -> None:
    backlog = Backlog(never)
    looked(backlog, 5, 4, tick=0)

    assert [looked(backlog, 7, 4, tick=tick) for tick in (10, 70)] == [0, 60]
    assert backlog.counts({0: 4}) == {0: 2}


def test_a_head_that_moves_is_no_reason_to_call_the_rest_young() -> None:
    backlog = Backlog(never)
    looked(backlog, 5, 4, tick=0)
    looked(backlog, 100, 4, tick=10)

    assert [looked(backlog, 200, head, tick=tick) for head, tick in ((50, 40), (98, 50))] == [30, 40]
    assert looked(backlog, 200, 99, tick=60) == 20
    assert looked(backlog, 200, 199, tick=70) == 0


def test_what_stood_there_before_the_first_look_waits_since_it_was_recorded() -> None:
    asked: list[tuple[int, int]] = []

    def recorded(partition: int, offset: int) -> datetime:
        asked.append((partition, offset))
        return MONDAY - HOUR

    backlog = Backlog(recorded)

    assert looked(backlog, 9, 4, tick=0) == 3600
    looked(backlog, 12, 4, tick=10)
    assert asked == [(0, 5)]


def test_a_look_at_which_kafka_had_not_answered_yet_says_nothing() -> None:
    backlog = Backlog(never)
    backlog.look({}, {0: -1}, now=MONDAY, tick=0)

    assert (backlog.oldest(MONDAY, 10), backlog.counts({0: -1})) == ({}, {})


def tally(*records: Heard) -> Tally:
    known = Tally()
    for partition, one in records:
        known.heard(partition, one)
    return known


def enrolled(place: str, subject: str) -> Heard:
    return decided(place, said(subject, an_example(LineEnrolled, subject), id_=f"{subject}/in"), Decision())


def after(place: str, *outcomes: IncidentOpened | IncidentClosed | LineDone) -> Heard:
    return decided(place, fact(place, subject="E-0001"), Decision(outcomes=outcomes))


def test_lines_are_counted_by_how_far_they_are() -> None:
    known = tally(enrolled("0/0", "E-0001"), enrolled("0/1", "E-0002"), after("0/2", LineDone(line=LINE)))

    assert known.lines() == {"done": 1, "ended": 0, "under_way": 1}


OPENED = IncidentOpened(line=LINE, kind=IncidentKind.KIT_LOST, owner=Owner.OTHERS)
REPORTED = IncidentOpened(line=LINE, kind=IncidentKind.REPORTED, owner=Owner.OTHERS)


def test_a_line_with_two_incidents_is_one_line() -> None:
    assert tally(after("0/0", OPENED, REPORTED)).incidents() == {"ours": 0, "unforeseeable": 0, "others": 1}


def test_an_incident_that_is_closed_is_open_no_more() -> None:
    closed = IncidentClosed(line=LINE, kind=IncidentKind.KIT_LOST)

    assert tally(after("0/0", OPENED), after("0/1", closed)).incidents()["others"] == 0
    assert tally(after("0/0", OPENED, REPORTED), after("0/1", closed)).incidents()["others"] == 1


@pytest.mark.parametrize(("raw", "reason"), [(b"{", "not_json"), (b'{"specversion":"1.0"}', "not_an_event")])
def test_a_dead_letter_is_open_until_it_is_settled(raw: bytes, reason: str) -> None:
    ((value, _),) = fed(Fold(5, TERMS), [Record(raw, b"E-0001", MONDAY)])
    opened = (5, JournalRecord.model_validate_json(value))
    settled = LettersDismissed(letters=(LetterId("inbox/5/0"),), act="a-1", why="rubbish", by=Account("ops-1"))
    ((dismissal, _),) = fed(Fold(4, TERMS), [record(said("E-0001", settled))])
    dismissed = (4, JournalRecord.model_validate_json(dismissal))

    assert {name for name, number in tally(opened).letters().items() if number} == {reason}
    assert set(tally(opened, dismissed).letters().values()) == {0}
    assert set(tally(dismissed, opened).letters().values()) == {0}


def test_a_dead_letter_that_an_effect_worker_told_of_is_open_too() -> None:
    told = LetterOpened(letter=LetterId("commands.porting/1/2"), reason="effect_raised", detail="ZeroDivisionError")
    ((value, _),) = fed(Fold(5, TERMS), [record(said("E-0001", told))])

    assert tally((5, JournalRecord.model_validate_json(value))).letters()["effect_raised"] == 1


def test_an_employee_whose_enrolment_was_not_read_has_no_line() -> None:
    subject = SubjectId("E-0001")
    ((value, _),) = fed(Fold(5, TERMS), [Record(b"{", subject.encode(), MONDAY)])

    assert tally((5, JournalRecord.model_validate_json(value))).lines() == {"done": 0, "ended": 0, "under_way": 0}
