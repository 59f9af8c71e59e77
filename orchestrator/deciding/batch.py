"""A provider that runs ports in a batch: booked, watched by the gate up to the last moment to recall, and recalled."""

from datetime import datetime
from typing import Final

from events.cutover import BookPort, RecallPort
from events.enrolment import Handset
from events.planning import Slot
from orchestrator.deciding.case import PAUSE, Case
from orchestrator.deciding.execution import meant, next_attempt, paused, watch
from orchestrator.deciding.gate import gate
from orchestrator.deciding.insertion import change_sims, mend_if_it_stayed_off
from orchestrator.deciding.net import net_desk, net_stands
from orchestrator.deciding.port import ask_port
from orchestrator.reasons import Reason
from orchestrator.record import Ask, AskState

PROVED_LATER: Final = frozenset({Reason.SIM_NOT_ATTACHED, Reason.UNPROVED, Reason.EVIDENCE_STALE})
"""What a booking need not wait for: it comes right, or the port is recalled at the last moment."""

RECALLS: Final = 8
"""Into so many parts the time that is left is cut: one for each further try."""


def book(case: Case, slot: Slot) -> None:
    """Have the port run in the slot's batch."""
    dossier = case.line.port.dossier
    if dossier is None or paused(case, "book"):
        return
    case.order(
        BookPort(
            key=case.key("book", next_attempt(case, "book")),
            line=case.line.id,
            dossier=dossier,
            iccid=meant(case),
            slot=slot,
            not_after=min(case.now + case.terms.patience, slot.start),
        )
    )
    case.wait(Reason.EXECUTION_ASKED, since=case.now, until=case.now + 2 * case.terms.patience)


def booked_desk(case: Case) -> None:
    """The gate decides at the last moment to recall; before it, only what cannot heal recalls the booking."""
    port = case.line.port
    runs, recall = port.runs_at, port.recall_until
    if runs is None or recall is None:
        return
    decide_at = recall - case.terms.recall_margin
    slot = case.line.plan.slot
    if slot is not None:
        net_desk(case, slot)
    case.wait(Reason.BOOKED, since=port.state_at, until=decide_at)
    if case.now >= runs:
        watch(case, runs, case.terms.batch_patience)
    elif case.now < recall:
        if _recall_reasons(case, at_last=case.now >= decide_at):
            _recall(case)
            if slot is not None:
                mend_if_it_stayed_off(case, slot)
        else:
            _insert_for_batch(case, recall)
        case.look(runs)
    else:
        case.look(runs + case.terms.batch_patience)


def _insert_for_batch(case: Case, recall: datetime) -> None:
    """The owner of a single phone changes SIMs an hour before the gate decides on the batch."""
    slot, at = case.line.plan.slot, recall - case.terms.insert_before
    if case.enrolled.handset is Handset.NEW or slot is None:
        return
    if case.now < at:
        case.look(at)
    elif net_stands(case):  # from the moment the old SIM is out, nothing but the net answers
        change_sims(case, slot)


def _recall_reasons(case: Case, *, at_last: bool) -> bool:
    healing = PROVED_LATER | {Reason.NET_NOT_SET}
    why = set(gate(case))
    return bool(why if at_last else why - healing)


def _recall(case: Case) -> None:
    dossier = case.line.port.dossier
    ask = case.asked("recall")
    unclear = ask is not None and ask.tries > 1 and ask.state in {AskState.REFUSED, AskState.UNKNOWN}
    if dossier and ask and unclear and _of_this_booking(case, ask):
        ask_port(case, dossier, at=ask.answered_at or ask.at)  # it may be out of the batch already
    if dossier is None or (ask and _of_this_booking(case, ask) and not _recall_again(case, ask)):
        return
    case.order(RecallPort(key=case.key("recall", next_attempt(case, "recall")), line=case.line.id, dossier=dossier))
    case.wait(Reason.RECALLED, since=case.now)


def _recall_again(case: Case, ask: Ask) -> bool:
    """Whether a recall that did not come off is tried again: the sooner, the nearer the last moment to recall is."""
    if ask.state is AskState.ASKED:
        return False
    if ask.state is AskState.DONE:
        return True  # it is booked all the same, so that recall was of a booking before this one
    tried, last = ask.answered_at or ask.at, case.line.port.recall_until
    pause = min((last - tried) / RECALLS, PAUSE) if last else PAUSE
    again = tried + max(pause, case.terms.not_after)
    case.look(again)
    return case.now >= again


def _of_this_booking(case: Case, ask: Ask) -> bool:
    booked = case.asked("book")
    return booked is None or ask.at >= (booked.answered_at or booked.at)
