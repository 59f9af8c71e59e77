"""The slot: a time at which the person is there, the duty roster can spare them, and the provider may execute."""

from datetime import datetime

from events.control import Waivable
from events.messages import Role, Template
from events.outcomes import TaskKind
from events.places import PlaceAsked, PlaceReturned
from events.planning import Slot, SlotAsked
from events.porting import PortState
from orchestrator.deciding.case import Case
from orchestrator.deciding.port import expires_at
from orchestrator.reasons import Reason

UNDER_WAY = frozenset({PortState.EXECUTING, PortState.BOOKED, PortState.PERFORMED})


def slot_desk(case: Case) -> None:
    """See that the line has a slot that will do, and that the person is asked and confirms."""
    plan = case.line.plan
    if plan.slot is None or plan.wave is None:
        case.wait(Reason.NOT_PLANNED)
        return
    if case.line.port.state in UNDER_WAY:
        return
    why = unfit(case, plan.slot)
    if why is not None:
        _ask_for_another(case, plan.slot, why)
    elif case.line.port.state is PortState.ACCEPTED and case.in_hand:
        _agree(case, plan.slot)
        _places(case, plan.slot)
    else:
        case.look(plan.slot.end)


def unfit(case: Case, slot: Slot) -> Reason | None:
    """Why this slot will not do; None when it may."""
    plan, first = case.line.plan, case.line.port.first_possible
    if plan.missed_start == slot.start:
        return Reason.MISSED_SLOTS
    if plan.declines(slot.start):
        return Reason.PERSON_NOT_CONFIRMED
    if _absent(case, slot):
        return Reason.PERSON_ABSENT
    if any(place.granted is False and place.start == slot.start for place in case.line.places.values()):
        return Reason.ROSTER_NOT_FREE
    if first is not None and case.line.port.state is PortState.ACCEPTED and first > slot.start:
        return Reason.TOO_EARLY
    return Reason.OUTSIDE_SLOT if case.now >= slot.end or _batch_missed(case, slot) else None


def _batch_missed(case: Case, slot: Slot) -> bool:
    """A batch that began without the port will not take it any more."""
    return case.booked and case.now >= slot.start and case.line.port.state is PortState.ACCEPTED


def _absent(case: Case, slot: Slot) -> bool:
    since, until = case.holder.away_since, case.holder.away_until
    if case.line.settled == "pool":
        return False
    return since is not None and until is not None and since < slot.end and slot.start < until


def _ask_for_another(case: Case, slot: Slot, why: Reason) -> None:
    plan = case.line.plan
    case.wait(Reason.MISSED_SLOTS if _too_often(case) else Reason.SLOT_ASKED, since=slot.start)
    if why is not Reason.MISSED_SLOTS:
        case.wait(why)  # why the slot did not do is shown for as long as there is no other (S39)
    if plan.wave is None:
        return
    if plan.asked_for == slot.start and plan.asked_until == expires_at(case):
        _await_round(case)
        return
    if _too_often(case):
        case.need(TaskKind.MISSED_SLOTS, Role.TEAM_LEAD, Reason.MISSED_SLOTS)
        return
    if _in_vain(case, slot):
        return
    ask = SlotAsked(
        line=case.line.id,
        attempt=plan.asks + 1,
        batch=case.booked,
        not_before=_not_before(case, slot),
        not_after=expires_at(case),
        avoid=slot.start,
    )
    case.tell(plan.wave, ask)
    case.look(_unanswered_at(case, case.now))


def _in_vain(case: Case, slot: Slot) -> bool:
    """Whether somebody must act first: nobody is invited again and again to slots that come to nothing."""
    plan, agree = case.line.plan, case.task(TaskKind.AGREE_SLOT)
    if case.holder.unread:
        return True
    if case.enrolled.net is None:
        case.need(TaskKind.MEND_NET, Role.PROJECT_LEADER, Reason.NET_NOT_SET)
        return True
    if case.enrolled.critical and not case.line.second_medium_at and not case.waived(Waivable.SECOND_MEDIUM):
        case.need(TaskKind.SECOND_MEDIUM, Role.SUPERUSER, Reason.SECOND_MEDIUM_UNPROVED)
        return True
    if not plan.confirms(slot.start) and agree is not None and agree.closed_at is None and agree.done_at is None:
        case.need(TaskKind.AGREE_SLOT, Role.SUPERUSER, Reason.PERSON_NOT_CONFIRMED)
        return True
    return False


def _unanswered_at(case: Case, asked_at: datetime) -> datetime:
    """A wave answers at its next round; whoever has no answer by the round after it gets none."""
    return case.terms.next_round(case.terms.next_round(asked_at))


def _too_often(case: Case) -> bool:
    """Two slots missed: the team lead agrees the third (`scenarios/S26.yaml`)."""
    plan = case.line.plan
    if plan.missed < case.terms.missed_slots or plan.slot is None or plan.missed_start != plan.slot.start:
        return False
    return case.task_done_since(TaskKind.MISSED_SLOTS, plan.missed_start) is None


def _await_round(case: Case) -> None:
    until = _unanswered_at(case, case.line.plan.asked_at or case.now)
    if case.now >= until:
        case.need(TaskKind.PLAN_SLOTS, Role.PROJECT_LEADER, Reason.NO_SLOT_LEFT)
    case.look(until)


def _not_before(case: Case, slot: Slot) -> datetime:
    """After a slot that the person could not make, or the second that did not do: else the same two come in turn."""
    plan, first = case.line.plan, case.line.port.first_possible
    times = [case.terms.working_days_after(case.now, case.terms.replan_days)]
    times += [slot.end] if plan.asks > 0 or plan.declines(slot.start) else []
    times += [t for t in (first, plan.not_before, case.holder.away_until) if t is not None]
    return max(times)


def confirmed(case: Case, slot: Slot) -> bool:
    """Whether somebody will be there: the person, or the pool's keeper for a leaver's number."""
    return case.line.plan.confirms(slot.start) or case.line.settled == "pool"


def _agree(case: Case, slot: Slot) -> None:
    if confirmed(case, slot):
        return
    again = case.line.plan.asks > 0
    case.write(
        Template.SECOND_INVITATION if again else Template.INVITATION,
        slot.start.isoformat(),
        slot_start=slot.start.isoformat(),
        slot_end=slot.end.isoformat(),
    )
    deadline = slot.start - case.terms.confirm_before
    if case.now >= deadline:
        case.need(TaskKind.AGREE_SLOT, Role.SUPERUSER, Reason.PERSON_NOT_CONFIRMED)
        deadline = slot.end
    case.wait(Reason.PERSON_NOT_CONFIRMED, until=deadline)


def _places(case: Case, slot: Slot) -> None:
    """Ask each duty roster for a place in the slot, and give back one that is needed no more (`scenarios/S39.yaml`)."""
    for roster in case.enrolled.rosters:
        place = case.line.places.get(roster)
        if place is not None and place.start == slot.start:
            continue
        if place is not None and place.granted:
            case.tell(roster, PlaceReturned(line=case.line.id, start=place.start))
        case.tell(roster, PlaceAsked(line=case.line.id, start=slot.start, end=slot.end))
    if not places_granted(case, slot):
        case.wait(Reason.ROSTER_NOT_FREE)


def places_granted(case: Case, slot: Slot) -> bool:
    """Whether every duty roster spares the person in this slot."""
    places = (case.line.places.get(roster) for roster in case.enrolled.rosters)
    return all(place is not None and place.start == slot.start and place.granted for place in places)


def return_places(case: Case) -> None:
    """Give back every place on a roster."""
    for roster, place in case.line.places.items():
        case.tell(roster, PlaceReturned(line=case.line.id, start=place.start))
