"""When a step of a rehearsal is over: all that was said is decided and all that was ordered is answered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.base import LineId, Message, SubjectId
from events.codec import decode_fact, encode
from events.control import CommandDone, TimeCome
from events.enrolment import LineEnrolled
from events.envelope import Said
from events.journal import JournalRecord
from events.outcomes import EndReason, LineDone, LineEnded
from events.registry import AnyFact
from orchestrator.decision import Decision, Tell
from tests.orders import block_sim, key
from tests.workers.inbox_facts import MONDAY, an_example, said
from workers.journal.record import Link
from workers.journal.record import encode as journalled
from workers.world.quiet import Quiet

LINE = LineId("E-0001-1")
TELL = Tell(SubjectId("W-01"), TimeCome(due=MONDAY))
Heard = tuple[int, JournalRecord]


def decided(place: str, heard: Said[AnyFact], decision: Decision, *, duplicate: bool = False) -> Heard:
    """The record at `partition/offset`."""
    partition, offset = map(int, place.split("/"))
    value = journalled(
        Link(offset - 1, "", offset),
        partition=partition,
        subject=heard.subject,
        at=MONDAY,
        code="c0de",
        raw=encode(heard),
        unread=None,
        duplicate=duplicate,
        decision=decision,
    )
    return partition, JournalRecord.model_validate_json(value)


def quiet(*records: Heard) -> Quiet:
    known = Quiet()
    for partition, record in records:
        known.heard(partition, record)
    return known


def fact(id_: str, *, subject: str = "W-01", cause: str = "") -> Said[AnyFact]:
    one = said(subject, TimeCome(due=MONDAY), id_=id_)
    return Said(one.id, one.source, one.subject, one.time, one.recorded, one.message, causation=cause)


TOLD = decided("3/7", fact("a", subject="E-0001"), Decision(tells=(TELL, TELL)))
FIRST, SECOND = decided("9/1", fact("t/3/7/0"), Decision()), decided("9/2", fact("t/3/7/1"), Decision())
ORDERED = decided("3/7", fact("a", subject="E-0001"), Decision(commands=(block_sim(),)))
DONE: AnyFact = CommandDone(key=key("block"), line=LINE)
ANSWERED = decided(
    "3/8",
    Said("x/1", "/naadloos/workers/dispatch", SubjectId("E-0001"), MONDAY, MONDAY, DONE, causation="c/3/7/0"),
    Decision(),
)


def test_at_the_beginning_nothing_is_under_way() -> None:
    assert quiet().nothing_under_way()
    assert quiet().under_way() == []


def test_what_was_told_is_under_way_until_all_of_it_is_decided() -> None:
    assert quiet(TOLD).under_way() == ["t/3/7/0", "t/3/7/1"]
    assert quiet(TOLD, FIRST).under_way() == ["t/3/7/1"]
    assert quiet(TOLD, FIRST, SECOND).nothing_under_way()


def test_another_partition_may_be_read_first() -> None:
    assert quiet(FIRST, TOLD).under_way() == ["t/3/7/1"]
    assert quiet(SECOND, FIRST, TOLD).nothing_under_way()


def test_what_was_ordered_is_under_way_until_it_is_answered() -> None:
    assert quiet(ORDERED).under_way() == ["c/3/7/0"]
    assert quiet(ORDERED, ANSWERED).nothing_under_way()


def test_a_second_answer_to_an_order_changes_nothing() -> None:
    again = decided("3/9", fact("x/2", subject="E-0001", cause="c/3/7/0"), Decision())

    assert quiet(ORDERED, ANSWERED, again).nothing_under_way()


def test_a_duplicate_ends_nothing_that_is_still_to_come() -> None:
    known = quiet(TOLD, FIRST, SECOND, decided("9/3", fact("t/3/7/0"), Decision(), duplicate=True))

    assert known.nothing_under_way()


def test_a_report_is_under_way_from_its_delivery_until_it_is_decided() -> None:
    known = quiet()
    known.expect(["r-1"])
    assert known.under_way() == ["r-1"]

    known.heard(*decided("9/1", fact("r-1"), Decision()))
    assert known.nothing_under_way()


def test_a_report_that_was_decided_before_its_delivery_was_confirmed_is_not_waited_for() -> None:
    known = quiet(decided("9/1", fact("r-1"), Decision()))
    known.expect(["r-1"])

    assert known.nothing_under_way()


@given(st.permutations([TOLD, FIRST, SECOND, decided("1/1", fact("r-1"), Decision())]), st.integers(0, 4))
@settings(max_examples=50)
def test_in_whatever_order_partitions_are_read_it_is_quiet_at_the_end_and_not_before(
    order: list[Heard], confirmed: int
) -> None:
    known = quiet()
    for number, (partition, record) in enumerate(order):
        if number == confirmed:
            known.expect(["r-1"])
        known.heard(partition, record)
        told_open = TOLD in order[: number + 1] and not {FIRST[1].id, SECOND[1].id} <= {
            r.id for _, r in order[: number + 1]
        }
        report_open = number >= confirmed and "1/1" not in {r.id for _, r in order[: number + 1]}
        assert known.nothing_under_way() != (told_open or report_open)
    if confirmed >= len(order):
        known.expect(["r-1"])

    assert known.nothing_under_way()


def test_somebody_waits_from_the_time_that_was_asked_for() -> None:
    known = quiet(decided("3/7", fact("a", subject="E-0001"), Decision(look_again_at=MONDAY)))

    assert known.nobody_waits(MONDAY - timedelta(microseconds=1))
    assert not known.nobody_waits(MONDAY)


def test_nobody_waits_once_the_time_that_came_is_decided() -> None:
    known = quiet(
        decided("3/7", fact("a", subject="E-0001"), Decision(look_again_at=MONDAY)),
        decided("3/8", fact("b", subject="E-0001"), Decision(look_again_at=MONDAY + timedelta(hours=1))),
    )

    assert known.nobody_waits(MONDAY)


ENROLLED = decided("3/1", said("E-0001", an_example(LineEnrolled, "E-0001")), Decision())


@pytest.mark.parametrize("outcome", [LineDone(line=LINE), LineEnded(line=LINE, reason=EndReason.LEAVER)])
def test_all_is_over_when_every_enrolled_line_is_done_or_ended(outcome: Message) -> None:
    over = decided("3/2", fact("b", subject="E-0001"), Decision(outcomes=(outcome,)))  # type: ignore[arg-type]
    other = decided("4/1", said("E-0002", an_example(LineEnrolled, "E-0002")), Decision())

    assert not quiet(ENROLLED).all_over()
    assert quiet(ENROLLED, over).all_over()
    assert quiet(ENROLLED, other, over).progress() == (1, 2)
    assert not quiet(ENROLLED, other, over).all_over()


def test_a_rehearsal_without_lines_is_not_over() -> None:
    assert not quiet().all_over()


def test_the_examples_are_what_deciders_say() -> None:
    assert decode_fact(encode(fact("t/3/7/0"))).id == "t/3/7/0"
