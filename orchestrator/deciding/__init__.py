"""The decision: every desk looks at the line, and what they write together is the answer."""

from datetime import datetime
from typing import Final

from events.cutover import Network
from events.enrolment import Handset
from events.messages import Role, Template
from events.outcomes import EndReason, IncidentKind, Owner, TaskKind
from events.porting import PortState
from orchestrator.deciding.aftercare import after_desk
from orchestrator.deciding.case import Case
from orchestrator.deciding.cutover import cutover_desk
from orchestrator.deciding.endline import end_desk
from orchestrator.deciding.evidence import after, contrary_at, mismatched
from orchestrator.deciding.insertion import ask_to_put_back
from orchestrator.deciding.kit import kit_desk
from orchestrator.deciding.net import maybe_standing, net, set_net
from orchestrator.deciding.port import port_desk
from orchestrator.deciding.sim import sim_desk
from orchestrator.deciding.slot import slot_desk
from orchestrator.deciding.undo import undo_desk, withdrawn
from orchestrator.decision import Because, Decision
from orchestrator.knowing.dispatch import sim
from orchestrator.reasons import Reason
from orchestrator.record import Holder, Line
from orchestrator.terms import Terms

STOPPED: Final = frozenset({EndReason.WITHDRAWN, EndReason.DROPPED, EndReason.LEAVER})


def decide(holder: Holder, *, now: datetime, terms: Terms) -> Decision:
    """What follows from all that is known of this employee or shared line, at this time."""
    cases = []
    because: list[Because] = []
    for line in holder.lines.values():
        if line.terms is None:
            because.append(Because(Reason.NOT_ENROLLED, line.id))
            continue
        case = Case(holder, line, line.terms, now=now, terms=terms)
        decide_line(case)
        cases.append(case)
    if len(cases) == 1 and not because:
        return cases[0].decision()
    if not holder.lines:
        because.append(Because(Reason.NOTHING_TO_DO))
    looks = [case.look_again_at for case in cases if case.look_again_at]
    return Decision(
        because=(*because, *(b for case in cases for b in case.because)),
        outcomes=tuple(o for case in cases for o in case.outcomes),
        commands=tuple(c for case in cases for c in case.commands),
        tells=tuple(t for case in cases for t in case.tells),
        look_again_at=min(looks, default=None),
    )


def decide_line(case: Case) -> None:
    """Let the desks that this line concerns look at it."""
    line = case.line
    if line.done_at is not None and line.port.state is PortState.REVERSED:
        _came_back(case)
    elif line.done_at is not None and reopened(case):
        after_desk(case) if case.enrolled.ports else _move(case)
    elif line.done_at is None and moved_after_all(line):
        after_desk(case)
    elif line.done_at is not None or line.ended is not None:
        _afterwards(case)
    elif case.enrolled.born_new:
        case.end(EndReason.BORN_NEW)
    elif line.port.deactivated_at is not None:
        _deactivated(case)
    elif line.port.performed_at is not None:
        after_desk(case)
    elif why := withdrawn(case):
        if line.port.state is PortState.REVERSED:
            _came_back(case)
        undo_desk(case, why)
    else:
        _move(case)
    if line.done_at is None and line.ended is None:
        if case.holder.unread:
            case.need(TaskKind.UNREAD_MESSAGE, Role.OPS, Reason.UNREAD_MESSAGE)
        case.watch_workers()
    case.settle_tasks()


def moved_after_all(line: Line) -> bool:
    """Whether a number moved that we had stopped moving: its owner is seen to like any other."""
    port = line.port
    return line.ended in STOPPED and port.performed_at is not None and port.deactivated_at is None


def _came_back(case: Case) -> None:
    """A number that was moved went back: the net goes up on the old network, and a person sees to it.

    The owner of a single phone, who has the new SIM in it, is asked to put the old one back.
    """
    back = case.line.port.reversed_at
    case.wait(Reason.PORT_REVERSED, since=back)
    if case.settled(IncidentKind.PORTED_BACK, back) or _old_rings_since(case, back):
        case.close_incidents()
        return
    case.incident(IncidentKind.PORTED_BACK, Owner.OTHERS)
    case.need(TaskKind.INCIDENT, Role.PROJECT_LEADER, Reason.PORT_REVERSED)
    about = f"ported back {back:%Y-%m-%d}" if back else "ported back"
    case.write(Template.DISTURBED, about)
    set_net(case, Network.OLD, None)
    if case.enrolled.handset is not Handset.NEW:
        ask_to_put_back(case, about)


def _old_rings_since(case: Case, back: datetime | None) -> bool:
    """Whether the old phone was tested since, and rang."""
    old = sim(case.line, case.enrolled.old_iccid) if case.enrolled.old_iccid else None
    return old is not None and old.test is not None and old.test.passed and after(old.test.at, back)


def reopened(case: Case) -> bool:
    """Whether something speaks against a line that was done, and it is not proved and rid of its net since."""
    line, iccid = case.line, case.in_hand
    if line.port.deactivated_at is not None:
        return False
    if line.incidents:
        return True
    known = sim(line, iccid) if iccid else None
    against = contrary_at(line, known) if known else None
    standing = net(case, Network.NEW).stands() or maybe_standing(case)
    if known is None or against is None:
        return standing
    proved = known.test is not None and known.test.passed and known.test.at > against
    return not proved or standing


def _afterwards(case: Case) -> None:
    """A line that is over wants nothing; a fact that cuts its owner off all the same is an incident."""
    line = case.line
    case.because.append(Because(Reason.DONE if line.done_at else Reason.ENDED, line.id, line.done_at))
    if line.done_at and mismatched(line):
        case.need(TaskKind.SETTLE_MISMATCH, Role.LOGISTICS, Reason.WRONG_SIM_HANDED)
        case.wait(Reason.WRONG_SIM_HANDED, since=line.kit.handed_at)
    gone = line.port.deactivated_at
    if not (line.done_at and gone and gone >= line.done_at):
        return
    if case.settled(IncidentKind.NUMBER_DEACTIVATED, gone):
        case.close_incidents()
    else:
        case.incident(IncidentKind.NUMBER_DEACTIVATED, Owner.OTHERS)
        case.need(TaskKind.INCIDENT, Role.PROJECT_LEADER, Reason.INCIDENT_OPEN)


def _deactivated(case: Case) -> None:
    """The number is gone back to its range holder: tell everybody, then there is nothing left to move."""
    case.incident(IncidentKind.NUMBER_DEACTIVATED, Owner.OTHERS)
    case.need(TaskKind.INCIDENT, Role.PROJECT_LEADER, Reason.INCIDENT_OPEN)
    case.write(Template.DISTURBED, "deactivated")
    if case.settled(IncidentKind.NUMBER_DEACTIVATED, case.line.port.deactivated_at):
        case.needed.clear()
        case.close_incidents()
        case.end(EndReason.DEACTIVATED)
    else:
        case.wait(Reason.INCIDENT_OPEN, since=case.line.port.deactivated_at)


def _move(case: Case) -> None:
    if holds := case.holds():
        case.wait(Reason.ON_HOLD, since=min(hold.at for hold in holds))
    if case.holder.leaver_at and not case.line.settled:
        case.need(TaskKind.SETTLE_LEAVER, Role.PROJECT_LEADER, Reason.LEAVER_UNSETTLED)
        case.wait(Reason.LEAVER_UNSETTLED, since=case.holder.leaver_at)
        if case.enrolled.ports:
            cutover_desk(case)
        elif case.line.old_ended_at is not None:
            end_desk(case)  # nothing but the new SIM serves the line now, whoever has it next
        return
    if not _begun(case.line):
        case.wait(Reason.NOT_PLANNED if case.line.plan.wave is None else Reason.WAVE_NOT_RUNNING)
        return
    if case.line.port.state is PortState.REVERSED:
        _came_back(case)
    kit_desk(case)
    sim_desk(case)
    if case.enrolled.ports:
        port_desk(case)
        slot_desk(case)
        cutover_desk(case)
        _reported(case)
    else:
        end_desk(case)


def _begun(line: Line) -> bool:
    """Whether the line's wave ever ran. A paused wave stops what is irreversible, not the kits on their way."""
    return line.plan.wave_state == "running" or line.kit.asks > 0 or bool(line.asks)


def _reported(case: Case) -> None:
    """Somebody says the number cannot be reached before the port: the net goes up at once."""
    reported = case.line.reported_at
    if reported is None or case.line.port.state in {PortState.EXECUTING, PortState.BOOKED}:
        return
    set_net(case, Network.OLD, None)
