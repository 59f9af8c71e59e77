"""What is known of waves, slots and shared places."""

from datetime import datetime
from typing import assert_never

from events.places import KitGranted, PlaceFact, PlaceGranted, PlaceRefused
from events.planning import LinePlanned, PersonMissedSlot, PlanningFact, SlotConfirmed, SlotDeclined, WaveTold
from orchestrator.record import Line, Place, with_
from orchestrator.turn import Plan, YesOrNo


def heard_planning(line: Line, fact: PlanningFact, at: datetime) -> Line:
    """The line with this fact about its turn known."""
    return with_(line, plan=_plan(line.plan, fact, at))


def _plan(plan: Plan, fact: PlanningFact, at: datetime) -> Plan:
    match fact:
        case LinePlanned():
            return _planned(plan, fact, at)
        case SlotConfirmed():
            return _answered(plan, fact.start, YesOrNo(at, yes=True))
        case SlotDeclined():
            plan = _answered(plan, fact.start, YesOrNo(at, yes=False))
            if plan.not_before_at is not None and at < plan.not_before_at:
                return plan
            return with_(plan, not_before=fact.not_before, not_before_at=at)
        case PersonMissedSlot():
            if plan.missed_start == fact.start:
                return plan
            return with_(plan, missed=plan.missed + 1, missed_start=fact.start)
        case WaveTold():
            if fact.change <= plan.wave_change or (plan.wave and plan.wave != fact.wave):
                return plan
            return with_(plan, wave=fact.wave, wave_state=fact.state, wave_change=fact.change)
        case _:
            assert_never(fact)


def _answered(plan: Plan, start: datetime, said: YesOrNo) -> Plan:
    before = plan.answers.get(start)
    if before is not None and not before.outdone_by(said):
        return plan
    return with_(plan, answers={**plan.answers, start: said})


def _planned(plan: Plan, fact: LinePlanned, at: datetime) -> Plan:
    plan = with_(plan, first=min(plan.first, fact.slot.start) if plan.first else fact.slot.start)
    if plan.planned_at and at < plan.planned_at:
        return plan
    moved = plan.wave not in {None, fact.wave}
    return with_(
        plan,
        wave=fact.wave,
        slot=fact.slot,
        planned_at=at,
        wave_state="" if moved else plan.wave_state,
        wave_change=-1 if moved else plan.wave_change,
    )


def heard_place(line: Line, fact: PlaceFact, at: datetime) -> Line:
    """The line with a grant or refusal known."""
    match fact:
        case KitGranted():
            if fact.attempt != line.kit.asks or line.kit.kit == fact.kit:
                return line
            kit = with_(line.kit, kit=fact.kit, granted_at=at, granted=fact.attempt)
            return with_(line, kit=with_(kit, barcode=None, parcel=None, parcel_at=None))
        case PlaceGranted() | PlaceRefused():
            place = line.places.get(fact.roster)
            if place is None or place.start != fact.start:
                return line
            answered = Place(fact.start, granted=isinstance(fact, PlaceGranted))
            return with_(line, places={**line.places, fact.roster: answered})
        case _:
            assert_never(fact)
