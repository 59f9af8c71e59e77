"""After the port: the number is proved on the new SIM, watched through after-care, and only then is the net cleared."""

from datetime import datetime

from events.cutover import Medium, Network, SetForward
from events.dispatch import CollectKit
from events.enrolment import Handset
from events.messages import Role, Template
from events.outcomes import IncidentClosed, IncidentKind, IncidentOpened, Owner, TaskKind
from orchestrator.deciding.case import Case
from orchestrator.deciding.evidence import active, after, attached, contrary_at, faulty, lost, sound
from orchestrator.deciding.kit import kit_desk, unusable, watch_asset
from orchestrator.deciding.net import clear_net, maybe_standing, net, set_net
from orchestrator.deciding.port import bind_desk
from orchestrator.deciding.sim import activate, hourly, mend, renewed_at, run_test, sim_desk
from orchestrator.deciding.slot import return_places
from orchestrator.knowing.dispatch import sim
from orchestrator.reasons import Reason
from orchestrator.record import Sim


def after_desk(case: Case) -> None:
    """See the number from the port to `done`."""
    return_places(case)
    known = _carrier(case)
    _incidents(case, known)
    if case.line.incidents or case.outcomes:
        _wake(case)
        set_net(case, Network.NEW, case.line.port.bound)
    _care(case, known)
    tell_of_incidents(case)


def _care(case: Case, known: Sim | None) -> None:
    if known is None or unusable(case, known.iccid):
        kit_desk(case)
        case.wait(Reason.PORTED_UNPROVED, since=case.line.port.performed_at)
        return
    if case.in_hand is None:
        kit_desk(case)
        if not attached(known):
            case.wait(Reason.PORTED_UNPROVED, since=case.line.port.performed_at)
            return
    watch_asset(case)
    bind_desk(case)
    if not active(known):
        sim_desk(case)
        case.wait(Reason.PORTED_UNPROVED, since=case.line.port.performed_at)
        return
    _insert(case, known)
    _follow(case, known)


def _wake(case: Case) -> None:
    """A number that came before its SIM is in any hands: the SIM is made active, so that a forward can be set on it."""
    bound = case.line.port.bound
    if bound is None or case.in_hand is not None:
        return
    known = sim(case.line, bound)
    if not active(known) and sound(known):
        activate(case, known)


def _carrier(case: Case) -> Sim | None:
    """The SIM that carries the number: the one in the person's hands or, where that is in doubt, the live one."""
    iccid, bound = case.in_hand, case.line.port.bound
    if iccid is None and bound is not None and sim(case.line, bound).active_at is not None:
        iccid = bound
    return sim(case.line, iccid) if iccid else None


def _incidents(case: Case, known: Sim | None) -> None:
    port = case.line.port
    if port.early and case.line.incident_count == 0:
        case.incident(IncidentKind.PERFORMED_EARLY, Owner.OTHERS)
    if known and lost(known):
        case.incident(IncidentKind.KIT_LOST, Owner.OTHERS)
    elif known and known.blocked_at and known.iccid == port.bound:
        case.incident(IncidentKind.SIM_BLOCKED, Owner.OTHERS)
    elif known and faulty(known) and not proved(case, known):
        case.incident(IncidentKind.SIM_DIED, Owner.UNFORESEEABLE)
    elif known and unusable(case, known.iccid):
        case.incident(IncidentKind.UNPROVED_AFTER_PORT, Owner.UNFORESEEABLE)
    elif known and after(case.line.reported_at, port.performed_at) and not proved(case, known):
        case.incident(IncidentKind.REPORTED, Owner.UNFORESEEABLE)
    if case.line.incidents or case.outcomes:
        case.need(TaskKind.INCIDENT, Role.PROJECT_LEADER, Reason.INCIDENT_OPEN)
        case.wait(Reason.INCIDENT_OPEN, since=min(case.line.incidents.values(), default=case.now))


def tell_of_incidents(case: Case) -> None:
    """Whoever may be cut off is told in the very decision that opens the incident."""
    opened = sum(isinstance(outcome, IncidentOpened) for outcome in case.outcomes)
    closed = any(isinstance(outcome, IncidentClosed) for outcome in case.outcomes)
    if opened or (case.line.incidents and not closed):
        case.write(Template.DISTURBED, f"incident {case.line.incident_count + opened}")


def _insert(case: Case, known: Sim) -> None:
    """A single phone still holds the old, now dead, SIM: the new one goes in at once."""
    if case.enrolled.handset is not Handset.NEW and not attached(known) and active(known):
        case.write(Template.INSERT_SIM, f"ported, SIM {known.iccid}")


def proved(case: Case, known: Sim) -> bool:
    """Whether the latest test was on the real number, answered by the handset, and nothing speaks against it since."""
    test = known.test
    if test is None or not test.passed or test.number != case.enrolled.number:
        return False
    return after(test.at, contrary_at(case.line, known))


def _follow(case: Case, known: Sim) -> None:
    if not proved(case, known):
        set_net(case, Network.NEW, case.line.port.bound)  # at once: whether the SIM answers takes an hour to find out
        _prove(case, known)
        return
    case.close_incidents()
    case.write(Template.REACHED, "reached")
    sms = _sms(case, known)
    _after_care(case, known, sms=sms)


def _prove(case: Case, known: Sim) -> None:
    performed = case.line.port.performed_at or case.now
    test = known.test
    on_number = test is not None and test.number == case.enrolled.number and test.at > performed
    at = _again(case, known) if on_number and test is not None and not test.passed else performed + case.terms.settle
    if on_number and test is not None and test.passed:
        at = renewed_at(case, known)
    case.wait(Reason.PORTED_UNPROVED, since=performed, until=at)
    if case.now >= at:
        run_test(case, known.iccid, medium=case.medium, number=case.enrolled.number)


def _again(case: Case, known: Sim) -> datetime:
    """5, 15, 60 minutes; then an incident, hourly tests, and a SIM set up again or swapped (`scenarios/S36.yaml`).

    At once when whoever was to see to it says that it is done.
    """
    assert known.test is not None
    pauses, failed = case.terms.retests, known.failures
    if failed > len(pauses):
        case.incident(IncidentKind.UNPROVED_AFTER_PORT, Owner.UNFORESEEABLE)
        case.need(TaskKind.INCIDENT, Role.PROJECT_LEADER, Reason.INCIDENT_OPEN)
        set_net(case, Network.NEW, case.line.port.bound)
        mend(case, known.iccid)
    if case.task_done_since(TaskKind.INCIDENT, known.test.at):
        return case.now
    return known.test.at + (pauses[failed - 1] if 0 < failed <= len(pauses) else hourly(case, failed))


def _sms(case: Case, known: Sim) -> bool:
    """Whether text messages arrive; they lag days behind calls (`scenarios/S37.yaml`)."""
    proved_at = case.line.proved_at
    if case.line.sms_at or proved_at is None or case.medium is not Medium.VOICE:
        return True
    if case.task_done_since(TaskKind.SMS_MISSING, proved_at):
        return True
    ask = case.asked("sms-test")
    first = case.terms.on_the_hour(proved_at + case.terms.sms_first)
    at = case.terms.at_the_daily_hour(ask.at + case.terms.after_care_test) if ask else first
    limit = case.terms.at_the_daily_hour(case.terms.working_days_after(proved_at, case.terms.sms_days))
    if ask and ask.at < limit:
        at = min(at, limit)  # the last try is at the limit itself
    if ask and not case.pending("sms-test"):
        case.write(Template.SMS_LATER, "sms")
    if ask and ask.at >= limit and not case.pending("sms-test"):
        case.need(TaskKind.SMS_MISSING, Role.PROJECT_LEADER, Reason.SMS_PENDING)
    case.wait(Reason.SMS_PENDING, since=proved_at, until=at)
    if case.now >= at:
        number = case.enrolled.number
        run_test(case, known.iccid, medium=Medium.SMS, number=number, effect="sms-test")
        case.look(case.terms.at_the_daily_hour(case.now + case.terms.after_care_test))
    return False


def _after_care(case: Case, known: Sim, *, sms: bool) -> None:
    proved_at = case.line.proved_at
    if proved_at is None or known.test is None:
        return
    ends = case.terms.at_the_daily_hour(case.terms.working_days_after(proved_at, case.terms.after_care_days))
    if case.now < ends or not sms or case.in_hand is None:  # whose hands it is in must be known at the end
        case.wait(Reason.AFTER_CARE, since=proved_at, until=max(ends, case.now) if sms else ends)
        _watch_daily(case, known)
    elif (case.held() or case.holder.unread) and net(case, Network.NEW).stands():
        case.wait(Reason.ON_HOLD if case.held() else Reason.UNREAD_MESSAGE)
        _watch_daily(case, known)
    else:
        _finish(case, known)


def _watch_daily(case: Case, known: Sim) -> None:
    """The net stands, and the line is tested once a day."""
    assert known.test is not None
    _renew_net(case)
    at = case.terms.at_the_daily_hour(known.test.at + case.terms.after_care_test)
    if case.now >= at:
        run_test(case, known.iccid, medium=case.medium, number=case.enrolled.number)
    else:
        case.look(at)


def _renew_net(case: Case) -> None:
    """A net that the network lost is set again for as long as after-care lasts."""
    known = net(case, Network.NEW)
    if known.lost_at is not None and known.cleared_at is None:
        set_net(case, Network.NEW, case.line.port.bound)


def _net_under_way(case: Case) -> bool:
    """Whether a forward was ordered that may stand in a moment: a line is not done before it is cleared too."""
    return maybe_standing(case) or any(isinstance(command, SetForward) for command in case.commands)


def _finish(case: Case, known: Sim) -> None:
    """The net goes on a fresh test that the handset itself answered, or not at all (gate rule 12)."""
    assert known.test is not None
    if _net_under_way(case):
        if not case.pending("forward-new"):
            set_net(case, Network.NEW, case.line.port.bound)
        case.wait(Reason.NET_TO_CLEAR)
    elif not net(case, Network.NEW).stands():
        _close(case)
    elif case.now - known.test.at > case.terms.settle:
        run_test(case, known.iccid, medium=case.medium, number=case.enrolled.number)
    else:
        clear_net(case, Network.NEW, known.iccid)
        case.look(case.now + case.terms.patience)


def _close(case: Case) -> None:
    to = case.holder.enrolled.person if case.holder.enrolled else None
    if key := case.due("collect", "", pause=case.terms.patience):
        case.order(CollectKit(key=key, line=case.line.id, to=to))
    case.write(Template.OLD_KIT, "old-kit")
    case.done()
