"""Whose turn it is when: the order of waves, capacities, duty rosters, and slots kept for later."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from events.base import LineId, SubjectId, subject_of
from events.planning import LinePlanned, Slot, WavePlanned
from orchestrator.planning import Duty, Plan, PlanLine, capacity_for, facts_of_plan, plan
from orchestrator.terms import Terms

ZONE = ZoneInfo("Europe/Amsterdam")
TERMS = Terms(programme="gm", zone=ZONE, holidays=frozenset({date(2027, 3, 29)}))
STARTS = datetime(2027, 1, 11, 7, 0, tzinfo=UTC)
PIKET = Duty(SubjectId("R-piket"), limit=2)


def _line(number: int, *, holder: str = "E", second: bool = False, **others: object) -> PlanLine:
    name = LineId(f"{holder}-{number:04}-{2 if second else 1}")
    fields: dict[str, object] = {"department": "parks", **others}
    return PlanLine(line=name, **fields)  # type: ignore[arg-type]


def _plan(*lines: PlanLine, per_day: int = 8, pilot: int = 4) -> Plan:
    return plan(lines, starts=STARTS, terms=TERMS, per_day=per_day, pilot=pilot)


def _slots(made: Plan) -> dict[LineId, Slot]:
    return {line: slot for wave in made.waves for line, slot in wave.lines}


def _waves(made: Plan) -> dict[LineId, SubjectId]:
    return {line: wave.wave for wave in made.waves for line, _ in wave.lines}


def test_superusers_are_in_the_pilot() -> None:
    made = _plan(*(_line(n, superuser=n > 16) for n in range(1, 21)))

    assert made.waves[0].title == "pilot"
    assert {line for line, _ in made.waves[0].lines} == {LineId(f"E-{n:04}-1") for n in range(17, 21)}


def test_superusers_that_the_pilot_has_no_room_for_go_next() -> None:
    made = _plan(*(_line(n, superuser=n > 12) for n in range(1, 21)))

    assert {LineId(f"E-{n:04}-1") for n in range(17, 21)} <= {line for line, _ in made.waves[1].lines}


def test_a_wave_opens_five_working_weeks_before_its_first_cut_over() -> None:
    made = _plan(*(_line(n) for n in range(1, 61)))

    assert made.waves[0].opens == STARTS
    for wave in made.waves:
        assert wave.first - wave.opens >= timedelta(weeks=5)


def test_waves_overlap_between_opening_and_cut_over() -> None:
    first, *others = _plan(*(_line(n) for n in range(1, 61))).waves

    assert all(first.opens < wave.opens < first.first for wave in others)


def test_after_the_pilot_comes_a_pause_in_which_it_teaches() -> None:
    pilot, second = _plan(*(_line(n) for n in range(1, 17))).waves

    assert second.first - pilot.last > timedelta(days=3)


def test_critical_lines_come_after_all_others() -> None:
    made = _plan(*(_line(n, critical=n <= 3, superuser=n == 1) for n in range(1, 41)))
    slots = _slots(made)

    critical = [slots[LineId(f"E-{n:04}-1")].start for n in range(1, 4)]
    assert min(critical) >= max(slot.start for line, slot in slots.items() if int(line[2:6]) > 3)


def test_a_shared_number_comes_after_its_members() -> None:
    shared = _line(1, holder="S", members=(SubjectId("E-0007"), SubjectId("E-0030")))
    slots = _slots(_plan(*(_line(n, critical=n == 30) for n in range(1, 41)), shared))

    assert slots[shared.line].start >= max(slots[LineId("E-0007-1")].end, slots[LineId("E-0030-1")].end)


def test_all_lines_of_a_person_are_in_one_wave() -> None:
    lines = [_line(n, second=second, critical=n == 5 and second) for n in range(1, 41) for second in (False, True)]
    waves = _waves(_plan(*lines))

    assert all(waves[LineId(f"E-{n:04}-1")] == waves[LineId(f"E-{n:04}-2")] for n in range(1, 41))


def test_no_roster_spares_more_at_once_than_its_limit() -> None:
    lines = [_line(n, critical=True, rosters=(PIKET,)) for n in range(1, 13)]
    at_once = Counter(slot.start for slot in _slots(_plan(*lines, per_day=40)).values())

    assert max(at_once.values()) == PIKET.limit


def test_on_call_slots_are_two_hours_of_a_working_day_and_batches_are_in_the_evening() -> None:
    made = _plan(*(_line(n, booked=n % 5 == 0) for n in range(1, 41)))

    for line, slot in _slots(made).items():
        local = slot.start.astimezone(ZONE)
        assert TERMS.is_working(local.date())
        assert slot.end - slot.start == timedelta(hours=2)
        assert local.hour in ({20} if int(line[2:6]) % 5 == 0 else {9, 11, 13, 15})


def test_slots_keep_their_local_hour_when_the_clock_goes_forward() -> None:
    made = plan([_line(1)], starts=datetime(2027, 2, 22, 7, 0, tzinfo=UTC), terms=TERMS, per_day=8)

    assert made.waves[0].first == datetime(2027, 3, 30, 7, 0, tzinfo=UTC)


def test_every_wave_keeps_slots_after_its_last_day() -> None:
    for wave in _plan(*(_line(n) for n in range(1, 41))).waves:
        assert wave.per_slot >= 1
        assert len(wave.slots) == 4 * len(wave.batches)
        assert min(slot.start for slot in (*wave.slots, *wave.batches)) > wave.last


def test_a_municipality_of_a_thousand_lines_is_through_in_ten_weeks_and_some_ten_waves() -> None:
    lines = [_line(n, department=f"d{n % 14:02}", superuser=n % 60 == 0, critical=n % 6 == 1) for n in range(1, 1020)]
    made = plan(lines, starts=STARTS, terms=TERMS, per_day=capacity_for(len(lines)))

    assert max(wave.last for wave in made.waves) - STARTS < timedelta(weeks=10)
    assert 8 <= len(made.waves) <= 14


def test_waves_are_numbered_on_from_those_that_are_there() -> None:
    made = plan([_line(1)], starts=STARTS, terms=TERMS, per_day=8, first=7)

    assert [wave.wave for wave in made.waves] == ["W-07"]


def test_the_facts_tell_each_wave_its_slots_and_each_holder_its_turn() -> None:
    made = _plan(_line(1), _line(1, holder="S"))

    facts = facts_of_plan(made)

    planned = {to: fact for to, fact in facts if isinstance(fact, WavePlanned)}
    turns = [(to, fact.line, fact.wave, fact.slot) for to, fact in facts if isinstance(fact, LinePlanned)]
    assert {wave.wave: tuple(line for line, _ in wave.lines) for wave in made.waves} == {
        to: fact.lines for to, fact in planned.items()
    }
    assert turns == [(subject_of(line), line, wave.wave, slot) for wave in made.waves for line, slot in wave.lines]


_ANY_LINE = st.builds(
    lambda number, second, **others: _line(number, second=second, **others),
    st.integers(1, 60),
    st.booleans(),
    department=st.sampled_from(["parks", "roads", "tax"]),
    critical=st.booleans(),
    booked=st.booleans(),
    superuser=st.booleans(),
    rosters=st.sampled_from([(), (PIKET,)]),
)


@given(st.lists(_ANY_LINE, max_size=80, unique_by=lambda line: line.line), st.integers(1, 20))
def test_every_line_is_planned_once_and_no_slot_or_day_is_too_full(lines: list[PlanLine], per_day: int) -> None:
    made = _plan(*lines, per_day=per_day)
    slots = _slots(made)
    booked = {line.line for line in lines if line.booked}

    assert sorted(slots) == sorted(line.line for line in lines)
    assert sum(len(wave.lines) for wave in made.waves) == len(lines)
    days = Counter(slot.start.astimezone(ZONE).date() for slot in slots.values())
    at_once = Counter(slot.start for line, slot in slots.items() if line not in booked)
    on_duty = Counter(slots[line.line].start for line in lines if line.rosters)
    assert max(days.values(), default=0) <= per_day
    assert max(at_once.values(), default=0) <= -(-per_day // 4)
    assert max(on_duty.values(), default=0) <= PIKET.limit
