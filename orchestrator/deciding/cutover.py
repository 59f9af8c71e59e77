"""The cut-over of a number: on call at the moment the gate holds; in a batch booked, and recalled when it fails."""

from datetime import datetime
from typing import Final

from events.base import Iccid
from events.cutover import BookPort, ExecutePort, RecallPort, Withdraw
from events.enrolment import Handset
from events.messages import Role, Template
from events.outcomes import TaskKind
from events.planning import Slot
from events.porting import PortState
from orchestrator.deciding.case import Case
from orchestrator.deciding.evidence import active, attached, in_hand, sound
from orchestrator.deciding.gate import REST, effect_until, first_failing, gate, new_sim
from orchestrator.deciding.net import net_desk, net_stands
from orchestrator.deciding.port import ask_port
from orchestrator.deciding.sim import mend
from orchestrator.deciding.slot import confirmed, unfit
from orchestrator.reasons import Reason
from orchestrator.record import Ask, AskState

SHORTLY_BEFORE: Final = frozenset({Reason.NET_NOT_SET, Reason.EVIDENCE_STALE})
"""What is seen to when the slot is near."""


PROVED_LATER: Final = frozenset({Reason.SIM_NOT_ATTACHED, Reason.UNPROVED, Reason.EVIDENCE_STALE})
"""What a booking need not wait for: it comes right, or the port is recalled at the last moment."""


def cutover_desk(case: Case) -> None:
    """See that the number moves in its slot, and only when every condition of the gate holds."""
    slot = case.line.plan.slot
    if slot is None:
        return
    match case.line.port.state:
        case PortState.EXECUTING:
            _watch(case, case.line.port.state_at or case.now, case.terms.execution_patience.total_seconds())
        case PortState.BOOKED:
            _booked(case)
        case PortState.ACCEPTED:
            _second_medium(case)
            if unfit(case, slot) is None and confirmed(case, slot) and in_hand(case.line):
                net_desk(case, slot)
            if not _pending(case):
                put_back_desk(case)
                _at_slot(case, slot)
        case _:
            pass


def _second_medium(case: Case) -> None:
    if case.enrolled.critical and case.line.second_medium_at is None:
        case.need(TaskKind.SECOND_MEDIUM, Role.SUPERUSER, Reason.SECOND_MEDIUM_UNPROVED)


def _pending(case: Case) -> bool:
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


def _at_slot(case: Case, slot: Slot) -> None:
    near = slot.start - max(case.terms.net_before, case.terms.book_before)
    if case.now < near:
        case.wait(first_failing(case, passing_over=SHORTLY_BEFORE) or Reason.OUTSIDE_SLOT, until=near)
        return
    why = _gate_now(case) or _changed_back(case, slot)
    if not why:
        _book(case, slot) if case.booked else _execute(case, slot)
        return
    if case.booked:
        case.look(slot.start - case.terms.book_before)
    else:
        case.look(slot.start)
        case.look(slot.end)
    _insert(case, slot)
    case.wait(why[0])


def _changed_back(case: Case, slot: Slot) -> tuple[Reason, ...]:
    """A single phone has one try in a slot: after it the old SIM goes back in, however well the new one does then."""
    about = slot.start.isoformat()
    booked = case.asked("book", about) if case.enrolled.handset is not Handset.NEW else None
    tried = (booked is not None and booked.state is AskState.DONE) or case.asked("message.put-back", about) is not None
    return (Reason.OUTSIDE_SLOT,) if tried else ()


def _insert(case: Case, slot: Slot) -> None:
    """Tell the owner of a single phone to put the new SIM in, once all but its proof holds (gate rule 7)."""
    if case.enrolled.handset is Handset.NEW or case.booked or gate(case, REST):
        return
    _change_sims(case, slot)


def _change_sims(case: Case, slot: Slot) -> None:
    known = new_sim(case)
    if known is None or not active(known) or not sound(known) or attached(known):
        return
    told = case.asked("message.insert-sim", slot.start.isoformat())
    patience_ends = told.at + case.terms.insert_patience if told else slot.end
    if case.now >= patience_ends:
        mend(case, known.iccid)
        _put_back(case, slot)
        return
    case.write(Template.INSERT_SIM, slot.start.isoformat(), slot_end=slot.end.isoformat())
    case.wait(Reason.SIM_TO_INSERT, since=slot.start, until=min(patience_ends, slot.end))


def _put_back(case: Case, slot: Slot) -> None:
    """A single phone whose new SIM cannot carry the number now gets its old SIM back, so that it rings again."""
    case.write(Template.PUT_BACK, slot.start.isoformat())


def put_back_desk(case: Case) -> None:
    """A single phone's SIM was changed for a slot that is over, or a batch that went without it: it is changed back."""
    told, slot = case.asked("message.insert-sim"), case.line.plan.slot
    if told is None or slot is None or case.line.port.state is not PortState.ACCEPTED or _under_way(case):
        return
    if case.booked or case.now >= slot.end or told.about != slot.start.isoformat():
        case.write(Template.PUT_BACK, told.about)


def _under_way(case: Case) -> bool:
    ask = case.asked("execute")
    return ask is not None and ask.state in {AskState.ASKED, AskState.UNKNOWN}


def _pause(case: Case, effect: str) -> bool:
    """After a refusal or a lapse the same is tried again only on a timer (gate rule 10)."""
    ask = case.asked(effect)
    if ask is None or ask.state not in {AskState.REFUSED, AskState.LAPSED, AskState.WITHDRAWN}:
        return False
    pause = case.terms.patience if ask.state is AskState.REFUSED else case.terms.not_after
    again = (ask.answered_at or ask.at) + pause
    if case.now < again:
        case.wait(Reason.EXECUTION_ASKED, since=ask.at, until=again)
        return True
    return False


def _next(case: Case, effect: str) -> int:
    ask = case.asked(effect)
    return ask.attempt + 1 if ask else 1


def _proof_at(case: Case) -> datetime:
    known = new_sim(case)
    return known.test.at if known and known.test else case.now


def _iccid(case: Case) -> Iccid:
    known = new_sim(case)
    assert known is not None, "the gate holds only for a SIM that is meant for the person"
    return known.iccid


def _execute(case: Case, slot: Slot) -> None:
    dossier = case.line.port.dossier
    if dossier is None or _pause(case, "execute"):
        return
    until = effect_until(case)
    case.order(
        ExecutePort(
            key=case.key("execute", _next(case, "execute")),
            line=case.line.id,
            dossier=dossier,
            iccid=_iccid(case),
            slot=slot,
            evidence_at=_proof_at(case),
            not_after=until,
        )
    )
    case.wait(Reason.EXECUTION_ASKED, since=case.now, until=until + case.terms.patience)


def _book(case: Case, slot: Slot) -> None:
    dossier = case.line.port.dossier
    if dossier is None or _pause(case, "book"):
        return
    case.order(
        BookPort(
            key=case.key("book", _next(case, "book")),
            line=case.line.id,
            dossier=dossier,
            iccid=_iccid(case),
            slot=slot,
            not_after=min(case.now + case.terms.patience, slot.start),
        )
    )
    case.wait(Reason.EXECUTION_ASKED, since=case.now, until=case.now + 2 * case.terms.patience)


def _booked(case: Case) -> None:
    """The gate decides at the last moment to recall; before it, only what cannot heal recalls the booking."""
    port = case.line.port
    runs, recall = port.runs_at, port.recall_until
    if runs is None or recall is None:
        return
    decide_at = recall - case.terms.recall_margin
    if case.line.plan.slot is not None:
        net_desk(case, case.line.plan.slot)
    case.wait(Reason.BOOKED, since=port.state_at, until=decide_at)
    if case.now >= runs:
        _watch(case, runs, case.terms.batch_patience.total_seconds())
    elif case.now < recall:
        if _recall_reasons(case, at_last=case.now >= decide_at):
            _recall(case)
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
        _change_sims(case, slot)


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
    case.order(RecallPort(key=case.key("recall", _next(case, "recall")), line=case.line.id, dossier=dossier))
    case.wait(Reason.RECALLED, since=case.now)


def _recall_again(case: Case, ask: Ask) -> bool:
    """Whether a recall that did not come off is tried again: a little later, since the moment to recall passes soon."""
    if ask.state is AskState.ASKED:
        return False
    if ask.state is AskState.DONE:
        return True  # it is booked all the same, so that recall was of a booking before this one
    again = (ask.answered_at or ask.at) + case.terms.not_after
    case.look(again)
    return case.now >= again


def _of_this_booking(case: Case, ask: Ask) -> bool:
    booked = case.asked("book")
    return booked is None or ask.at >= (booked.answered_at or booked.at)


def _watch(case: Case, since: datetime, patience: float) -> None:
    """A port that runs has a deadline, then a question to the provider and a task (gate rule 2)."""
    deadline = since.fromtimestamp(since.timestamp() + patience, since.tzinfo)
    dossier = case.line.port.dossier
    if case.now < deadline or dossier is None:
        case.wait(Reason.EXECUTION_ASKED, since=since, until=deadline)
        return
    case.need(TaskKind.WATCH_EXECUTION, Role.PROJECT_LEADER, Reason.EXECUTION_OVERDUE)
    ask_port(case, dossier, at=deadline)
    case.wait(Reason.EXECUTION_OVERDUE, since=deadline)
