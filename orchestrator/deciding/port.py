"""The port request: asked, answered, refused, corrected, bound to the right SIM, withdrawn."""

import hashlib
import re
from datetime import datetime, timedelta
from typing import Final

from events.base import Dossier, Iccid
from events.messages import Role
from events.outcomes import TaskKind
from events.porting import AskPort, CancelPort, PortState, RebindPort, RequestPort
from orchestrator.deciding.case import Case
from orchestrator.deciding.evidence import after
from orchestrator.reasons import Reason
from orchestrator.record import AskState

PLAIN: Final = r"[-0-9A-Z]{5,26}"
"""What a dossier id may be; a line's id that is longer, or has other signs, is told by a hash."""
EARLIER_PAYS: Final = timedelta(days=7)
"""How far off the first possible date must be for a new request to be worth it: it takes some days itself."""
ASK_AGAIN: Final = timedelta(days=1)
MINUTE: Final = timedelta(minutes=1)
RARER: Final = 4
"""A question is asked anew after a quarter of the time for which it has been asked."""
WAITING: Final = {
    PortState.BLOCKED: Reason.PORT_BLOCKED,
    PortState.FAILED: Reason.PORT_FAILED,
    PortState.REVERSED: Reason.PORT_REVERSED,
    PortState.CANCELLED: Reason.PORT_CANCELLED,
}


def port_desk(case: Case) -> None:
    """See that the old provider lets the number go, and that the order names the SIM in the person's hands."""
    port = case.line.port
    _ask_about_hint(case)
    match port.state:
        case None:
            _request(case)
        case PortState.ACCEPTED | PortState.BOOKED | PortState.EXECUTING:
            _accepted(case)
        case PortState.UNKNOWN:
            _await_receipt(case)
        case PortState.SUBMITTED | PortState.DELAYED:
            _await_answer(case)
        case PortState.BLOCKED | PortState.FAILED | PortState.REVERSED | PortState.CANCELLED:
            _await_correction(case)
        case PortState.LAPSED:
            _renew(case)
        case PortState.PERFORMED | PortState.RETURNED:
            pass


def dossier_for(case: Case, attempt: int) -> Dossier:
    """A dossier id that no other line has; a corrected request has one of its own (`scenarios/S04.yaml`)."""
    plain = f"NL-{case.line.id}-{attempt}"
    if re.fullmatch(PLAIN, plain):
        return Dossier(plain)
    name = hashlib.blake2b(f"{case.terms.programme}/{case.line.id}".encode(), digest_size=8).hexdigest().upper()
    return Dossier(f"NL-{name}-{attempt}")


def _request(case: Case) -> None:
    iccid = case.expected
    if case.line.mandate is None:
        case.need(TaskKind.FILE_MANDATE, Role.PROJECT_LEADER, Reason.NO_MANDATE)
        case.wait(Reason.NO_MANDATE)
    elif iccid is not None and not case.held():
        _send(case, iccid, case.line.port.attempt + 1)


def _send(case: Case, iccid: Iccid, attempt: int) -> None:
    case.order(
        RequestPort(
            key=case.key("port", attempt),
            line=case.line.id,
            dossier=dossier_for(case, attempt),
            number=case.enrolled.number,
            iccid=iccid,
            mandate=case.line.mandate or "",
            early_termination=case.line.early_termination,
        )
    )
    case.wait(Reason.PORT_TO_REQUEST, since=case.now)


def _await_receipt(case: Case) -> None:
    """The request's outcome is asked for when no answer came; the same dossier goes again only if it never arrived."""
    port, ask = case.line.port, case.asked("port")
    if ask is not None and ask.state is AskState.REFUSED:
        _await_correction_of_refusal(case, ask.answered_at)
        return
    if ask is None or port.dossier is None or ask.state is not AskState.UNKNOWN:
        case.wait(Reason.PORT_TO_REQUEST, since=port.state_at)
        return
    if never_arrived(case) and port.ordered:
        if case.line.mandate is None:
            case.need(TaskKind.FILE_MANDATE, Role.PROJECT_LEADER, Reason.NO_MANDATE)
            case.wait(Reason.NO_MANDATE)
        else:
            _send(case, port.ordered, port.attempt)
        return
    ask_port(case, port.dossier, at=case.ask_again_at(ask))
    case.wait(Reason.OUTCOME_ASKED, since=ask.at)


def never_arrived(case: Case) -> bool:
    """Whether nobody took the request: it was refused or, its outcome unknown, the provider says it knows of none."""
    port, ask = case.line.port, case.asked("port")
    if port.state is not PortState.UNKNOWN or port.dossier is None or ask is None:
        return False
    told = case.asked("ask-port", port.dossier)
    asked_since = told is not None and told.state is AskState.DONE and after(told.answered_at, ask.answered_at)
    return ask.state is AskState.REFUSED or (ask.state is AskState.UNKNOWN and asked_since)


def _await_correction_of_refusal(case: Case, at: datetime | None) -> None:
    """Nobody took the request: it is made anew once somebody saw to why."""
    if after(case.line.port.corrected_at, at) and case.expected and case.line.mandate and not case.held():
        _send(case, case.expected, case.line.port.attempt + 1)
        return
    case.need(TaskKind.CORRECT_DATA, Role.PROJECT_LEADER, Reason.PORT_BLOCKED)
    case.wait(Reason.PORT_BLOCKED, since=at)


def _ask_about_hint(case: Case) -> None:
    """What the provider said by the way is asked for in full."""
    hinted_at, dossier = case.line.port.hinted_at, case.line.port.dossier
    if hinted_at is None or dossier is None:
        return
    ask = case.asked("ask-port", dossier)
    if ask is None or ask.at < hinted_at:
        ask_port(case, dossier, at=hinted_at)


def ask_port(case: Case, dossier: Dossier, *, at: datetime) -> None:
    """Ask how the dossier stands, at this time or now; then ever more rarely, never in a hot loop."""
    ask = case.asked("ask-port", dossier)
    if (ask and ask.state is AskState.ASKED) or any(isinstance(command, AskPort) for command in case.commands):
        return
    if ask and ask.at >= at:
        rarer = (ask.at - at) // (RARER * MINUTE) * MINUTE
        at = ask.at + min(max(case.terms.patience, rarer), ASK_AGAIN)
    if ask and ask.again_at:
        at = max(at, ask.again_at)
    if case.now < at:
        case.look(at)
        return
    attempt = (case.line.asks["ask-port"].attempt if "ask-port" in case.line.asks else 0) + 1
    case.order(AskPort(key=case.key("ask-port", attempt), line=case.line.id, dossier=dossier))
    case.look(case.now + case.terms.patience)


def _await_answer(case: Case) -> None:
    port = case.line.port
    since = port.state_at or case.now
    delayed = port.state is PortState.DELAYED and port.due is not None
    due = port.due if delayed and port.due else case.terms.working_days_after(since, case.terms.answer_sla_days)
    if case.now < due:
        case.wait(Reason.PORT_DELAYED if delayed else Reason.PORT_SUBMITTED, since=since, until=due)
        return
    case.need(TaskKind.CHASE_ANSWER, Role.PROJECT_LEADER, Reason.ANSWER_OVERDUE)
    case.wait(Reason.ANSWER_OVERDUE, since=due)
    if port.dossier:
        _ask_daily(case, port.dossier, due)


def _ask_daily(case: Case, dossier: Dossier, since: datetime) -> None:
    ask = case.asked("ask-port", dossier)
    ask_port(case, dossier, at=ask.at + ASK_AGAIN if ask and ask.at >= since else since)


def _await_correction(case: Case) -> None:
    """A refused request is never sent again as it was: a person corrects it first (`scenarios/S03.yaml`)."""
    port = case.line.port
    iccid = case.expected
    ours = port.state is PortState.CANCELLED and case.line.early_termination and not port.terminates
    if (ours or after(port.corrected_at, port.state_at)) and iccid is not None and case.line.mandate:
        if not case.held():
            _send(case, iccid, port.attempt + 1)
        return
    reason = WAITING[port.state] if port.state else Reason.PORT_BLOCKED
    case.need(TaskKind.CORRECT_DATA, Role.PROJECT_LEADER, reason)
    case.wait(reason, since=port.state_at)


def expires_at(case: Case) -> datetime | None:
    """Until when the acceptance holds (`scenarios/S15.yaml`)."""
    first = case.line.port.first_possible
    return first + case.terms.acceptance if first else None


def _accepted(case: Case) -> None:
    ends = expires_at(case)
    if ends is not None and case.line.port.state is PortState.ACCEPTED:
        if case.now >= ends:
            _renew(case)
            return
        _warn(case, ends)
        if _earlier(case):
            return
    bind_desk(case)


def _earlier(case: Case) -> bool:
    """Whether the request is made anew with the old contract's early end; else a person is asked for consent to it.

    The number may move so much later than was planned that buying the old contract out is worth its cost
    (`scenarios/S14.yaml`). The request is withdrawn only while its first possible date is still far off.
    """
    port, slot = case.line.port, case.line.plan.slot
    if port.terminates or port.first_possible is None or slot is None:
        return False
    if case.now >= port.first_possible - EARLIER_PAYS:
        return False
    if case.line.early_termination:
        cancel(case)
        return True
    wanted = case.line.plan.first or slot.start
    if port.first_possible > wanted and not case.task_done_since(TaskKind.EARLY_TERMINATION, port.state_at):
        case.need(TaskKind.EARLY_TERMINATION, Role.PROJECT_LEADER, Reason.TOO_EARLY)
        case.look(port.first_possible - EARLIER_PAYS)
    return False


def cancelling(case: Case) -> bool:
    """Whether a withdrawal of this dossier is under way, so that nothing may be carried out on it."""
    ask = case.asked("cancel", case.line.port.dossier or "")
    return ask is not None and ask.state in {AskState.ASKED, AskState.UNKNOWN, AskState.DONE}


def _warn(case: Case, ends: datetime) -> None:
    moments = sorted(ends - before for before in case.terms.expiry_warnings)
    passed = [at for at in moments if at <= case.now]
    if passed and not case.task_done_since(TaskKind.EXPIRY_NEAR, passed[-1]):
        case.need(TaskKind.EXPIRY_NEAR, Role.PROJECT_LEADER, Reason.ACCEPTANCE_EXPIRED)
    upcoming = [at for at in moments if at > case.now]
    case.look(upcoming[0] if upcoming else ends)


def _renew(case: Case) -> None:
    """The acceptance ran out: a new request when the person is back, and somebody knows of it."""
    back = case.holder.away_until
    if back and back > case.now:
        case.need(TaskKind.EXPIRED, Role.PROJECT_LEADER, Reason.ACCEPTANCE_EXPIRED)
        case.wait(Reason.ACCEPTANCE_EXPIRED, until=back)
    elif (iccid := case.expected) and case.line.mandate and not case.held():
        _send(case, iccid, case.line.port.attempt + 1)
    else:
        case.need(TaskKind.EXPIRED, Role.PROJECT_LEADER, Reason.ACCEPTANCE_EXPIRED)
        case.wait(Reason.ACCEPTANCE_EXPIRED)


def rebinding(case: Case) -> bool:
    """Whether the order is being bound to another SIM and the provider has not confirmed it."""
    ask = case.asked("rebind")
    if ask is None or ask.state in {AskState.REFUSED, AskState.LAPSED, AskState.WITHDRAWN}:
        return False
    return ask.about != case.line.port.bound


def bind_desk(case: Case) -> None:
    """Bind the order, or after the port the number, to the SIM that is meant (gate rule 5)."""
    port, wanted = case.line.port, case.expected
    if port.dossier is None or wanted is None or port.bound in {None, wanted}:
        return
    if port.state in {PortState.BOOKED, PortState.EXECUTING}:
        return
    if case.refused_often("rebind", str(wanted)):
        case.need(TaskKind.MEND_SIM, Role.PROJECT_LEADER, Reason.WRONG_SIM_ON_ORDER)
    if key := case.due("rebind", str(wanted)):
        case.order(RebindPort(key=key, line=case.line.id, dossier=port.dossier, iccid=wanted))
    ask = case.asked("rebind", str(wanted))
    if ask and ask.state is AskState.DONE:
        ask_port(case, port.dossier, at=(ask.answered_at or ask.at) + ASK_AGAIN)
    case.wait(Reason.REBIND_PENDING, since=ask.at if ask else case.now)


def cancel(case: Case) -> bool:
    """See that the request is withdrawn; whether nothing is open any more."""
    port = case.line.port
    if port.dossier is None or port.state in {None, *WAITING, PortState.LAPSED, PortState.RETURNED}:
        return True
    if never_arrived(case):
        return True
    ask = case.asked("cancel", port.dossier)
    if key := case.due("cancel", port.dossier):
        case.order(CancelPort(key=key, line=case.line.id, dossier=port.dossier))
    elif ask:
        ask_port(case, port.dossier, at=(ask.answered_at or ask.at) + case.terms.execution_patience)
        if case.now >= ask.at + ASK_AGAIN:
            case.need(TaskKind.WATCH_CANCEL, Role.PROJECT_LEADER, Reason.CANCEL_PENDING)
    case.wait(Reason.CANCEL_PENDING, since=ask.at if ask else case.now)
    return False
