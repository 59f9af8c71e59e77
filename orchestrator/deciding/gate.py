"""The gate: every condition that must hold before a port is executed, each a named reason.

What is irreversible passes here. docs/gate.md tells where each rule comes from; taking any one condition out turns
tests red (`tests/core/test_gate_guards.py`).
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from events.control import Waivable
from events.porting import PortState
from orchestrator.deciding.case import Case
from orchestrator.deciding.evidence import active, after, attached, fresh_until, sound, untested
from orchestrator.deciding.net import net_stands
from orchestrator.deciding.port import cancelling, expires_at, rebinding
from orchestrator.deciding.slot import confirmed, places_granted
from orchestrator.knowing.dispatch import sim
from orchestrator.reasons import Reason
from orchestrator.record import Sim

Condition = Callable[[Case], bool]
"""True when it holds."""

OPEN: Final = frozenset({PortState.ACCEPTED, PortState.BOOKED})


def new_sim(case: Case) -> Sim | None:
    """The SIM that is meant for the person. Whether it is in those hands is a condition of its own (S52)."""
    iccid = case.expected
    return sim(case.line, iccid) if iccid else None  # pragma: no mutate - of no SIM nothing is known either way


def _not_expired(case: Case) -> bool:
    ends = expires_at(case)
    return ends is None or case.now < ends  # at that moment the request is made anew


def _first_possible(case: Case) -> bool:
    first, slot = case.line.port.first_possible, case.line.plan.slot
    at = max(case.now, slot.start) if slot and case.booked else case.now
    return first is not None and first <= at


def _confirmed(case: Case) -> bool:
    slot = case.line.plan.slot
    if slot is not None and case.line.plan.declines(slot.start):
        return False  # a waiver stands in for an answer that did not come, not for a no
    return case.waived(Waivable.PERSON_CONFIRMED) or (slot is not None and confirmed(case, slot))


def _in_slot(case: Case) -> bool:
    slot = case.line.plan.slot
    if slot is None:
        return False
    if case.booked:
        return slot.start - case.terms.book_before <= case.now < slot.start
    return slot.start <= case.now < slot.end


def _present(case: Case) -> bool:
    since, until, slot = case.holder.away_since, case.holder.away_until, case.line.plan.slot
    if slot is not None and case.line.plan.missed_start == slot.start:
        return False  # a promise to be there does not outweigh not being there (S26)
    at, ends = case.now, case.now
    if case.booked and slot is not None:
        at, ends = max(case.now, slot.start), slot.end  # a batch runs when it runs
    away = since is not None and until is not None and since <= ends and at < until
    return not away or case.line.settled == "pool"


def _roster_free(case: Case) -> bool:
    slot = case.line.plan.slot
    return case.waived(Waivable.ROSTER_FREE) or (slot is not None and places_granted(case, slot))


def _second_medium(case: Case) -> bool:
    if case.enrolled.critical is None or case.waived(Waivable.SECOND_MEDIUM):
        return True
    return case.line.second_medium_at is not None


def _wave_running(case: Case) -> bool:
    return case.line.plan.wave_state == "running" or case.waived(Waivable.WAVE_RUNNING)


def _leaver_settled(case: Case) -> bool:
    return case.holder.leaver_at is None or case.line.settled in {"pool", "stays"}


def _not_withdrawn(case: Case) -> bool:
    port = case.line.port
    return not case.line.dropped and (port.withdrawn_at is None or after(port.corrected_at, port.withdrawn_at))


def _bound_right(case: Case) -> bool:
    iccid = case.expected
    return iccid is not None and case.line.port.bound == iccid


def _sim_active(case: Case) -> bool:
    known = new_sim(case)
    return known is not None and active(known)


def _sim_attached(case: Case) -> bool:
    known = new_sim(case)
    return known is not None and attached(known)


def _sim_sound(case: Case) -> bool:
    known = new_sim(case)
    return known is not None and sound(known) and not case.line.kit.gave_up(known.iccid)


def _proved(case: Case) -> bool:
    known = new_sim(case)
    return known is not None and untested(case, known) in {None, Reason.EVIDENCE_STALE}


def _fresh(case: Case) -> bool:
    known = new_sim(case)
    return known is not None and untested(case, known) is not Reason.EVIDENCE_STALE


PROOF: Final[tuple[tuple[Reason, Condition], ...]] = (
    (Reason.SIM_NOT_ACTIVE, _sim_active),
    (Reason.SIM_NOT_ATTACHED, _sim_attached),
    (Reason.SIM_FAULTY, _sim_sound),
    (Reason.UNPROVED, _proved),
    (Reason.EVIDENCE_STALE, _fresh),
)
"""That the new SIM works, here and now."""

REST: Final[tuple[tuple[Reason, Condition], ...]] = (
    (Reason.NOT_ACCEPTED, lambda case: case.line.port.state in OPEN),
    (Reason.TOO_EARLY, _first_possible),
    (Reason.ACCEPTANCE_EXPIRED, _not_expired),
    (Reason.NO_MANDATE, lambda case: case.line.mandate is not None),
    (Reason.PORT_WITHDRAWN, _not_withdrawn),
    (Reason.LEAVER_UNSETTLED, _leaver_settled),
    (Reason.NOT_HANDED_OVER, lambda case: case.in_hand is not None),
    (Reason.CANCEL_PENDING, lambda case: not cancelling(case)),
    (Reason.REBIND_PENDING, lambda case: not rebinding(case)),
    (Reason.WRONG_SIM_ON_ORDER, _bound_right),
    (Reason.NET_NOT_SET, net_stands),
    (Reason.SECOND_MEDIUM_UNPROVED, _second_medium),
    (Reason.PERSON_NOT_CONFIRMED, _confirmed),
    (Reason.PERSON_ABSENT, _present),
    (Reason.OUTSIDE_SLOT, _in_slot),
    (Reason.ROSTER_NOT_FREE, _roster_free),
    (Reason.ON_HOLD, lambda case: not case.held()),
    (Reason.UNREAD_MESSAGE, lambda case: not case.holder.unread),
    (Reason.WAVE_NOT_RUNNING, _wave_running),
)
"""Everything else that must hold."""

CONDITIONS: Final = PROOF + REST
"""The whole gate."""


def gate(case: Case, conditions: tuple[tuple[Reason, Condition], ...] | None = None) -> tuple[Reason, ...]:
    """The conditions that do not hold, of the whole gate unless some are named. Empty: the number may move now."""
    return tuple(reason for reason, holds in (CONDITIONS if conditions is None else conditions) if not holds(case))


def first_failing(case: Case, *, passing_over: frozenset[Reason]) -> Reason | None:
    """The first condition that does not hold, other than these: for a line whose slot is still far off."""
    for reason, holds in CONDITIONS:
        if reason not in passing_over and not holds(case):
            return reason
    return None


def effect_until(case: Case) -> datetime:
    """Until when a command that passed the gate holds: never past the slot or the proof."""
    slot, known = case.line.plan.slot, new_sim(case)
    ends = [case.now + case.terms.not_after]
    if slot is not None:
        ends.append(slot.end)
    if known is not None and (stale := fresh_until(case, known)) is not None:
        ends.append(stale)
    return min(ends)
