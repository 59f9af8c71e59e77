"""A single phone: the new SIM pushes the old one out, so it is changed late, and back when the move does not go on."""

from datetime import datetime
from typing import Final

from events.enrolment import Handset
from events.messages import Template
from events.planning import Slot
from events.porting import PortState
from orchestrator.deciding.case import Case
from orchestrator.deciding.evidence import active, attached, sound, taken_out
from orchestrator.deciding.gate import new_sim
from orchestrator.deciding.net import net_fresh
from orchestrator.deciding.sim import mend, stays_off
from orchestrator.reasons import Reason
from orchestrator.record import Ask, AskState, Sim

AGAIN: Final = ", again "


def change_sims(case: Case, slot: Slot) -> None:
    """Ask the owner of a single phone to change SIMs, and after some patience to change them back."""
    known = _to_put_in(case)
    if known is None:
        return
    patience_ends, told = _patience_ends(case, slot), _told(case, slot)
    if case.now >= patience_ends:
        if told is not None and stays_off(case, known, told.at):
            _mend_once(case, told, known)
            _put_back(case, slot)
        return
    if told is None and not net_fresh(case):
        return
    case.write(Template.INSERT_SIM, slot.start.isoformat(), slot_end=slot.end.isoformat())
    case.wait(Reason.SIM_TO_INSERT, since=slot.start, until=min(patience_ends, slot.end))


def mend_if_it_stayed_off(case: Case, slot: Slot) -> None:
    """A SIM that was to be put in for a batch, and stayed off the network until the recall, is set up again."""
    known, told = _to_put_in(case), _told(case, slot)
    late = known is not None and case.now >= _patience_ends(case, slot)
    if known is not None and late and told is not None and stays_off(case, known, told.at):
        _mend_once(case, told, known)


def _mend_once(case: Case, told: Ask, known: Sim) -> None:
    """Once per slot: what was set up again meanwhile goes in at the next."""
    if known.reset_at is None or known.reset_at < told.at:
        mend(case, known.iccid)


def _to_put_in(case: Case) -> Sim | None:
    """The new SIM of a single phone, if it is good and not on the network."""
    known = new_sim(case)
    if case.enrolled.handset is Handset.NEW or known is None or not active(known) or not sound(known):
        return None
    return known if not attached(known) or taken_out(case.line, known) else None


def _told(case: Case, slot: Slot) -> Ask | None:
    """The letter that asked to put the new SIM in for this slot."""
    return case.asked("message.insert-sim", slot.start.isoformat())


def _patience_ends(case: Case, slot: Slot) -> datetime:
    told = _told(case, slot)
    return told.at + case.terms.insert_patience if told else slot.end


def _put_back(case: Case, slot: Slot) -> None:
    """A single phone whose new SIM cannot carry the number now gets its old SIM back, so that it rings again."""
    case.write(Template.PUT_BACK, slot.start.isoformat())


def put_back_desk(case: Case) -> None:
    """A single phone's SIM was changed for a slot that is over, or a batch that went without it: it is changed back."""
    told, slot = case.asked("message.insert-sim"), case.line.plan.slot
    if told is None or slot is None or case.line.port.state is not PortState.ACCEPTED:
        return
    if case.booked:
        mend_if_it_stayed_off(case, slot)
    if case.booked or case.now >= slot.end or told.about != slot.start.isoformat():
        put_back_at_once(case)


def put_back_at_once(case: Case) -> None:
    """A single phone whose number will not move after all gets its old SIM back."""
    told = case.asked("message.insert-sim")
    if told is not None and not _under_way(case):
        ask_to_put_back(case, told.about)


def ask_to_put_back(case: Case, about: str) -> None:
    """Ask the owner of a single phone to put the old SIM back, once per what it is about."""
    ask = case.asked("message.put-back")
    again = ask is not None and ask.about.startswith(about + AGAIN)
    case.write(Template.PUT_BACK, ask.about if ask is not None and again else about)


def ask_again_to_put_back(case: Case, number: int) -> None:
    """Ask for this once more: the letter was not read, or it is not heeded."""
    ask = case.asked("message.put-back")
    if ask is not None:
        case.write(Template.PUT_BACK, f"{ask.about.partition(AGAIN)[0]}{AGAIN}{number}")


def _under_way(case: Case) -> bool:
    ask = case.asked("execute")
    return ask is not None and ask.state in {AskState.ASKED, AskState.UNKNOWN}


def changed_back(case: Case, slot: Slot) -> tuple[Reason, ...]:
    """A single phone has one try in a slot: after it the old SIM goes back in, however well the new one does then."""
    about = slot.start.isoformat()
    booked = case.asked("book", about) if case.enrolled.handset is not Handset.NEW else None
    back = case.asked("message.put-back")
    told = back is not None and back.about.partition(AGAIN)[0] == about
    tried = told or (booked is not None and booked.state is AskState.DONE)
    return (Reason.OUTSIDE_SLOT,) if tried else ()
