"""A line that does not move after all: what was set for it is undone in order, the old phone proved again first."""

from datetime import datetime

from events.cutover import Medium, Network
from events.dispatch import CollectKit
from events.messages import Role, Template
from events.outcomes import EndReason, TaskKind
from events.porting import PortState
from orchestrator.deciding.case import Case
from orchestrator.deciding.cutover import cutover_desk, pending
from orchestrator.deciding.evidence import after, contrary_at
from orchestrator.deciding.insertion import ask_again_to_put_back, put_back_at_once
from orchestrator.deciding.net import clear_net, net
from orchestrator.deciding.port import cancel
from orchestrator.deciding.sim import hourly, run_test
from orchestrator.deciding.slot import return_places
from orchestrator.knowing.dispatch import sim
from orchestrator.reasons import Reason


def withdrawn(case: Case) -> EndReason | None:
    """Why the line does not move; None when it does."""
    if case.line.dropped:
        return EndReason.DROPPED
    if case.line.settled in {"cancel", "lapse"}:
        return EndReason.LEAVER
    port = case.line.port
    if port.withdrawn_at and not after(port.corrected_at, port.withdrawn_at):
        return EndReason.WITHDRAWN
    return None


def undo_desk(case: Case, why: EndReason) -> None:
    """Withdraw the request, take the net down, give places back; then the line has ended (gate rule 13)."""
    return_places(case)
    if case.line.port.state in {PortState.BOOKED, PortState.EXECUTING}:
        cutover_desk(case)  # the number may move all the same, and then it is on the new SIM
        return
    if case.line.port.state is not PortState.REVERSED:  # then that is asked for because the number came back
        put_back_at_once(case)
    if case.line.port.state is PortState.ACCEPTED and pending(case):
        return
    if case.line.settled != "lapse" and not cancel(case):
        return
    if _nets_down(case):
        _fetch_back(case)
        case.close_incidents()  # nobody is waited for on a line that is given up
        case.end(why)


def _fetch_back(case: Case) -> None:
    """A kit that was handed over for nothing comes back, as long as the old one serves (`scenarios/S42.yaml`)."""
    iccid, to = case.line.kit.handed, case.holder.enrolled.person if case.holder.enrolled else None
    if iccid is None or case.line.old_ended_at is not None or case.asked("end-old-line") is not None:
        return
    if key := case.due("collect-new", str(iccid)):
        case.order(CollectKit(key=key, line=case.line.id, to=to, iccid=iccid))
        case.write(Template.NEW_KIT, str(iccid))


def _nets_down(case: Case) -> bool:
    if not net(case, Network.OLD).stands() and not net(case, Network.NEW).stands():
        return True
    iccid = case.enrolled.old_iccid
    if iccid is None:
        case.need(TaskKind.MEND_NET, Role.PROJECT_LEADER, Reason.UNDOING)
        case.wait(Reason.UNDOING)
        return False
    changing = _changing_until(case)
    if changing is not None and case.now < changing:
        case.wait(Reason.UNDOING, until=changing)
        return False
    old = sim(case.line, iccid)
    proved = old.test is not None and old.test.passed and after(old.test.at, contrary_at(case.line, old))
    before = old.test is None or (changing is not None and old.test.at < changing)
    if old.test is None or before or not proved or case.now - old.test.at > case.evidence_limit:
        _prove_old(case)
        return False
    return clear_net(case, Network.OLD, iccid) and clear_net(case, Network.NEW, iccid)


def _changing_until(case: Case) -> datetime | None:
    """Until when the owner of a single phone may follow the letter that asked for the new SIM to go in, if one did."""
    told = case.asked("message.insert-sim")
    return told.at + case.terms.insert_patience if told is not None else None


def _prove_old(case: Case) -> None:
    iccid = case.enrolled.old_iccid
    assert iccid is not None
    old = sim(case.line, iccid)
    test, against = old.test, contrary_at(case.line, old)
    if test is not None and (not test.passed or test.at == against):
        case.need(TaskKind.MEND_NET, Role.PROJECT_LEADER, Reason.UNDOING)
        if told := case.task(TaskKind.MEND_NET):
            ask_again_to_put_back(case, told.number)
        again = test.at + hourly(case, old.failures)
        if case.now < again and not case.task_done_since(TaskKind.MEND_NET, test.at):
            case.wait(Reason.UNDOING, since=test.at, until=again)
            return
    run_test(case, iccid, medium=Medium.VOICE, number=case.enrolled.number)
