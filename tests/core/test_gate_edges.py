"""The edges of each condition of the gate: the very moment, the one field, the other half of an `or`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from events.base import Account
from events.control import Waivable
from orchestrator.deciding.case import Case
from orchestrator.deciding.gate import effect_until, first_failing, gate
from orchestrator.reasons import Reason
from orchestrator.record import Holder, Line, with_
from orchestrator.turn import YesOrNo
from tests.core.spec import LINE, given

MINUTE = timedelta(minutes=1)
TWO = (Account("one"), Account("other"))


class Told:
    """A line that is ready for its slot, as it is known, and what is asked of it."""

    def __init__(self, **line: Any) -> None:  # noqa: ANN401 - words as in a story
        self.spec = given("ready", **line)
        self.spec.at("slot start - 1 minute")
        self.slot = self.spec.slot

    def case(
        self, at: datetime, *, holder: dict[str, Any] | None = None, plan: dict[str, Any] | None = None, **line: object
    ) -> Case:
        known: Line = with_(self.spec.line, **line)
        if plan:
            known = with_(known, plan=with_(known.plan, **plan))
        whose: Holder = with_(self.spec.holder, lines={LINE: known}, **(holder or {}))
        assert known.terms is not None
        return Case(whose, known, known.terms, now=at, terms=self.spec.stage.terms)

    def first(self, at: datetime) -> Line:
        return with_(self.spec.line, port=with_(self.spec.line.port, first_possible=at))


def waived(condition: Waivable) -> dict[str, Any]:
    return {"waivers": {condition: TWO}}


def test_a_line_on_call_may_move_from_the_first_possible_moment_on() -> None:
    told = Told()
    start = told.slot.start
    port = told.first(start).port

    assert Reason.TOO_EARLY not in gate(told.case(start, port=port))
    assert Reason.TOO_EARLY in gate(told.case(start - MINUTE, port=port)), "a slot that is to come makes it no later"


def test_a_booked_line_is_held_against_when_its_batch_runs() -> None:
    told = Told(execution="booked")
    port = told.first(told.slot.start).port

    assert Reason.TOO_EARLY not in gate(told.case(told.slot.start - timedelta(hours=20), port=port))
    none = told.case(told.slot.start - timedelta(hours=20), port=port, plan={"slot": None})
    assert Reason.TOO_EARLY in gate(none), "without a slot nothing runs later"


def test_only_that_waiver_stands_in_for_the_persons_yes() -> None:
    told = Told()
    start = told.slot.start

    assert Reason.PERSON_NOT_CONFIRMED in gate(told.case(start, plan={"answers": {}}))
    assert Reason.PERSON_NOT_CONFIRMED in gate(told.case(start, plan={"answers": {}}, **waived(Waivable.WAVE_RUNNING)))
    assert Reason.PERSON_NOT_CONFIRMED not in gate(
        told.case(start, plan={"answers": {}}, **waived(Waivable.PERSON_CONFIRMED))
    )
    assert Reason.PERSON_NOT_CONFIRMED in gate(told.case(start, plan={"slot": None}))


def test_a_no_is_not_waived() -> None:
    told = Told()
    start = told.slot.start
    no = {"answers": {start: YesOrNo(start, yes=False)}}

    assert Reason.PERSON_NOT_CONFIRMED in gate(told.case(start, plan=no, **waived(Waivable.PERSON_CONFIRMED)))


def test_a_slot_has_its_first_moment_and_not_its_last() -> None:
    told = Told()

    assert Reason.OUTSIDE_SLOT not in gate(told.case(told.slot.start))
    assert Reason.OUTSIDE_SLOT not in gate(told.case(told.slot.end - MINUTE))
    assert Reason.OUTSIDE_SLOT in gate(told.case(told.slot.end))
    assert Reason.OUTSIDE_SLOT in gate(told.case(told.slot.start, plan={"slot": None}))


def test_a_batch_takes_bookings_until_it_begins() -> None:
    told = Told(execution="booked")
    start, before = told.slot.start, told.spec.stage.terms.book_before

    assert Reason.OUTSIDE_SLOT not in gate(told.case(start - before))
    assert Reason.OUTSIDE_SLOT in gate(told.case(start - before - MINUTE))
    assert Reason.OUTSIDE_SLOT not in gate(told.case(start - MINUTE))
    assert Reason.OUTSIDE_SLOT in gate(told.case(start))


@pytest.mark.parametrize(
    ("since", "until", "away"),
    [
        (timedelta(), timedelta(hours=1), True),  # from this very moment
        (-timedelta(hours=1), timedelta(), False),  # until this very moment: back
        (-timedelta(hours=1), MINUTE, True),
        (MINUTE, timedelta(hours=1), False),
        (-timedelta(hours=1), None, False),  # nobody said until when: nobody said it
        (None, timedelta(hours=1), False),
    ],
)
def test_whoever_is_away_now_is_away(since: timedelta | None, until: timedelta | None, away: bool) -> None:  # noqa: FBT001 - a column of the table
    told = Told()
    start = told.slot.start
    holder = {
        "away_since": start + since if since is not None else None,
        "away_until": start + until if until is not None else None,
    }

    assert (Reason.PERSON_ABSENT in gate(told.case(start, holder=holder))) is away


def test_an_absence_later_in_the_slot_is_none_now_but_one_for_a_batch_that_runs_at_any_time_of_it() -> None:
    on_call, booked = Told(), Told(execution="booked")
    for told, away in ((on_call, False), (booked, True)):
        holder = {"away_since": told.slot.start + MINUTE, "away_until": told.slot.end}
        at = told.slot.start - (timedelta(hours=1) if away else timedelta())
        assert (Reason.PERSON_ABSENT in gate(told.case(at, holder=holder))) is away


def test_without_a_slot_a_booked_line_is_held_against_now() -> None:
    told = Told(execution="booked")
    at = told.slot.start
    holder = {"away_since": at, "away_until": at + MINUTE}

    assert Reason.PERSON_ABSENT in gate(told.case(at, holder=holder, plan={"slot": None}))


@pytest.mark.parametrize(
    ("settled", "unsettled", "absent"),
    [("", True, True), ("pool", False, False), ("stays", False, True), ("cancel", True, True), ("lapse", True, True)],
)
def test_a_leaver_moves_into_the_pool_or_stays_and_nobody_of_a_pool_is_away(
    settled: str,
    unsettled: bool,  # noqa: FBT001 - a column of the table
    absent: bool,  # noqa: FBT001 - as above
) -> None:
    told = Told()
    start = told.slot.start
    holder = {"leaver_at": start - timedelta(days=1), "away_since": start, "away_until": start + MINUTE}

    why = gate(told.case(start, holder=holder, settled=settled))
    assert (Reason.LEAVER_UNSETTLED in why) is unsettled
    assert (Reason.PERSON_ABSENT in why) is absent


def test_a_command_holds_until_the_first_of_its_own_end_the_slots_and_the_proofs() -> None:
    told = Told()
    start, end, holds = told.slot.start, told.slot.end, told.spec.stage.terms.not_after
    (known,) = (sim for sim in told.spec.line.sims.values() if sim.test is not None)
    assert known.test is not None

    assert effect_until(told.case(start)) == start + holds
    fresh = with_(known, test=with_(known.test, at=end - 9 * MINUTE))
    assert effect_until(told.case(end - MINUTE, sims={known.iccid: fresh})) == end
    stale = with_(known, test=with_(known.test, at=start + MINUTE - told.spec.stage.terms.evidence))
    assert effect_until(told.case(start, sims={known.iccid: stale})) == start + MINUTE
    untested = with_(known, test=None)
    assert effect_until(told.case(start, sims={known.iccid: untested})) == start + holds
    assert effect_until(told.case(start, plan={"slot": None})) == start + holds
    nobodys = with_(told.spec.line.kit, kit=None, choices={})
    assert effect_until(told.case(start, kit=nobodys)) == start + holds


def test_the_first_condition_that_does_not_hold_is_told_but_for_those_passed_over() -> None:
    told = Told()
    case = told.case(told.slot.start - MINUTE, plan={"wave_state": "paused"})

    assert first_failing(case, passing_over=frozenset()) is Reason.OUTSIDE_SLOT
    assert first_failing(case, passing_over=frozenset({Reason.OUTSIDE_SLOT})) is Reason.WAVE_NOT_RUNNING
    assert first_failing(told.case(told.slot.start), passing_over=frozenset()) is None
