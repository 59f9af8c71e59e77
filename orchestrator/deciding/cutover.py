"""The cut-over of a number: on call at the moment the gate holds; in a batch booked, and recalled when it fails."""

from datetime import datetime
from typing import Final, assert_never

from events.cutover import Withdraw
from events.enrolment import Handset
from events.messages import Role
from events.outcomes import TaskKind
from events.planning import Slot
from events.porting import PortState
from orchestrator.deciding.batch import PROVED_LATER, book, booked_desk
from orchestrator.deciding.case import Case
from orchestrator.deciding.execution import execute, watch
from orchestrator.deciding.gate import REST, first_failing, gate
from orchestrator.deciding.insertion import change_sims, changed_back, put_back_desk
from orchestrator.deciding.net import net_desk
from orchestrator.deciding.port import ask_port
from orchestrator.deciding.slot import confirmed, unfit
from orchestrator.reasons import Reason
from orchestrator.record import Ask, AskState

SHORTLY_BEFORE: Final = frozenset({Reason.NET_NOT_SET, Reason.EVIDENCE_STALE})
"""What is seen to when the slot is near."""
SHORTLY_BEFORE_A_FIT_SLOT: Final = SHORTLY_BEFORE | {Reason.TOO_EARLY}
"""A first possible date before the slot is not what the line waits for, and would be told long after it came."""


def cutover_desk(case: Case) -> None:
    """See that the number moves in its slot, and only when every condition of the gate holds."""
    slot = case.line.plan.slot
    if slot is None:
        return
    match case.line.port.state:
        case PortState.ACCEPTED:
            _accepted(case, slot)
        case PortState.EXECUTING:
            watch(case, case.line.port.state_at or case.now, case.terms.execution_patience)
        case PortState.BOOKED:
            booked_desk(case)
        case (
            None
            | PortState.UNKNOWN
            | PortState.SUBMITTED
            | PortState.DELAYED
            | PortState.BLOCKED
            | PortState.FAILED
            | PortState.PERFORMED
            | PortState.CANCELLED
            | PortState.LAPSED
            | PortState.REVERSED
            | PortState.RETURNED
        ):
            pass  # nothing to cut over: not accepted yet, moved already, or over
        case _:
            assert_never(case.line.port.state)


def _accepted(case: Case, slot: Slot) -> None:
    _second_medium(case)
    fit = unfit(case, slot) is None
    if fit and case.in_hand and confirmed(case, slot):
        net_desk(case, slot)
    if pending(case):
        return
    put_back_desk(case)
    near = slot.start - max(case.terms.net_before, case.terms.book_before)
    if case.now < near:
        _await_slot(case, near, passing_over=SHORTLY_BEFORE_A_FIT_SLOT if fit else SHORTLY_BEFORE)
    else:
        _at_slot(case, slot)


def _second_medium(case: Case) -> None:
    if case.enrolled.critical and case.line.second_medium_at is None:
        case.need(TaskKind.SECOND_MEDIUM, Role.SUPERUSER, Reason.SECOND_MEDIUM_UNPROVED)


def pending(case: Case) -> bool:
    """Whether an irreversible command may still take effect: then nothing is ordered beside it."""
    ask = case.asked("book" if case.booked else "execute")
    if ask is None or ask.state not in {AskState.ASKED, AskState.UNKNOWN}:
        return False
    if ask.state is AskState.UNKNOWN:
        return _unknown(case, ask)
    if _gate_now(case) and not ask.withdrawal:
        case.order(Withdraw(key=case.key("withdraw", ask.attempt), line=case.line.id, target=ask.key))
    known_by = (ask.not_after or ask.at) + case.terms.patience
    case.wait(Reason.UNDER_WAY, since=ask.at, until=known_by)
    if case.now >= known_by and case.line.port.dossier:
        ask_port(case, case.line.port.dossier, at=known_by)
    return True


def _unknown(case: Case, ask: Ask) -> bool:
    """Ask what became of it; only the provider's own word after `not_after` means that nothing happened."""
    dossier = case.line.port.dossier
    if dossier is None:
        return False
    told = case.asked("ask-port", dossier)
    settled = ask.not_after or ask.at
    if told and told.state is AskState.DONE and told.answered_at and told.at > settled and told.at > ask.at:
        return False
    ask_port(case, dossier, at=max(settled, ask.at) + case.terms.not_after)
    case.wait(Reason.OUTCOME_ASKED, since=ask.at)
    return True


def _gate_now(case: Case) -> tuple[Reason, ...]:
    """The gate. A single phone gets its new SIM shortly before its batch: its proof is asked at the last moment."""
    late = case.booked and case.enrolled.handset is not Handset.NEW
    return tuple(why for why in gate(case) if not late or why not in PROVED_LATER)


def _await_slot(case: Case, near: datetime, *, passing_over: frozenset[Reason]) -> None:
    case.wait(first_failing(case, passing_over=passing_over) or Reason.OUTSIDE_SLOT, until=near)


def _at_slot(case: Case, slot: Slot) -> None:
    why = _gate_now(case) or changed_back(case, slot)
    if not why:
        book(case, slot) if case.booked else execute(case, slot)
        return
    if case.booked:
        case.look(slot.start - case.terms.book_before)
    case.look(slot.start)
    case.look(slot.end)
    _insert(case, slot)
    case.wait(why[0])


def _insert(case: Case, slot: Slot) -> None:
    """Tell the owner of a single phone to put the new SIM in, once all but its proof holds (gate rule 7)."""
    if not case.booked and not gate(case, REST):
        change_sims(case, slot)
