"""A line without a port: its old line ends by notice, after its replacement's proof and a named approval (R2)."""

from datetime import datetime

from events.cutover import EndOldLine
from events.messages import Role, Template
from events.outcomes import IncidentKind, Owner, TaskKind
from orchestrator.deciding.aftercare import tell_of_incidents
from orchestrator.deciding.case import Case
from orchestrator.deciding.evidence import after, contrary_at, lost, newest, unproved
from orchestrator.deciding.gate import REST as GATE_REST
from orchestrator.deciding.gate import gate
from orchestrator.deciding.port import cancel
from orchestrator.deciding.sim import run_test
from orchestrator.knowing.dispatch import sim
from orchestrator.reasons import Reason
from orchestrator.record import Sim

GUARDS = frozenset(
    {
        Reason.NOT_HANDED_OVER,
        Reason.ON_HOLD,
        Reason.UNREAD_MESSAGE,
        Reason.WAVE_NOT_RUNNING,
        Reason.LEAVER_UNSETTLED,
        Reason.SECOND_MEDIUM_UNPROVED,
    }
)
"""The conditions of the gate that are about any line, ported or not."""
CONDITIONS = tuple(item for item in GATE_REST if item[0] in GUARDS)


def end_desk(case: Case) -> None:
    """See the replacement proved, the end approved, and the old line ended."""
    if case.line.incidents:
        case.need(TaskKind.INCIDENT, Role.PROJECT_LEADER, Reason.INCIDENT_OPEN)
    iccid = case.in_hand
    if case.line.old_ended_at is not None:
        _silenced(case)
        if iccid is not None:
            _after_end(case, sim(case.line, iccid))
        tell_of_incidents(case)
        return
    if iccid is None:
        return
    known = sim(case.line, iccid)
    why = unproved(case, known)
    if why not in {None, Reason.EVIDENCE_STALE}:
        return
    if not _approved(case, known):
        case.need(TaskKind.APPROVE_END, Role.PROJECT_LEADER, Reason.END_NOT_APPROVED)
        case.wait(Reason.END_NOT_APPROVED, since=known.test.at if known.test else None)
    elif why is Reason.EVIDENCE_STALE:
        run_test(case, iccid, medium=case.medium, number=None)
    else:
        _end(case, known)


def _silenced(case: Case) -> None:
    """Nothing but the new SIM serves the line now: one that is lost, or blocked by its provider, is an incident."""
    known = sim(case.line, case.line.kit.handed) if case.line.kit.handed else None
    if known is not None and lost(known):
        case.incident(IncidentKind.KIT_LOST, Owner.OTHERS)
    elif known is not None and known.blocked_at:
        case.incident(IncidentKind.SIM_BLOCKED, Owner.OTHERS)
    if case.line.incidents or case.outcomes:
        case.need(TaskKind.INCIDENT, Role.PROJECT_LEADER, Reason.INCIDENT_OPEN)
        case.wait(Reason.INCIDENT_OPEN, since=min(case.line.incidents.values(), default=case.now))


def _approved(case: Case, known: Sim) -> bool:
    """Whether a person approved the end with this very SIM in hand, and nothing spoke against it since."""
    line = case.line
    return line.approved_by is not None and after(
        line.approved_at, newest(line.kit.handed_at, contrary_at(line, known))
    )


def _end(case: Case, known: Sim) -> None:
    if case.enrolled.critical and case.line.second_medium_at is None:
        case.need(TaskKind.SECOND_MEDIUM, Role.SUPERUSER, Reason.SECOND_MEDIUM_UNPROVED)
    if case.line.port.dossier is not None and not cancel(case):
        return  # a number with an open request is never ended by notice (R2), however the line was first enrolled
    why = gate(case, CONDITIONS)
    if why:
        case.wait(why[0])
        return
    assert known.test is not None
    assert case.line.approved_by is not None
    ask = case.asked("end-old-line")
    newer = ask is not None and known.test.at > ask.at  # then it rests on other proof, and is another request (R4)
    if key := case.due("end-old-line", "", anew=newer):
        case.order(
            EndOldLine(
                key=key,
                line=case.line.id,
                number=case.enrolled.number,
                approved_by=case.line.approved_by,
                evidence_at=known.test.at,
                not_after=min(case.now + case.terms.not_after, known.test.at + case.evidence_limit),
            )
        )
    if case.refused_often("end-old-line", ""):
        case.need(TaskKind.WATCH_EXECUTION, Role.PROJECT_LEADER, Reason.OLD_LINE_ENDING)
    case.wait(Reason.OLD_LINE_ENDING)


def _after_end(case: Case, known: Sim) -> None:
    """The replacement is proved once more when the old line is gone, and watched through after-care; then done."""
    ended, test = case.line.old_ended_at, known.test
    assert ended is not None
    if test is None or test.at <= ended:
        at = ended + case.terms.settle
        case.wait(Reason.PORTED_UNPROVED, since=ended, until=at)
        if case.now >= at:
            run_test(case, known.iccid, medium=case.medium, number=None)
    elif unproved(case, known) in {None, Reason.EVIDENCE_STALE}:
        case.close_incidents()
        _after_care(case, known, since=case.line.proved_at or test.at)
    else:
        case.incident(IncidentKind.SIM_DIED, Owner.UNFORESEEABLE)
        case.need(TaskKind.INCIDENT, Role.PROJECT_LEADER, Reason.INCIDENT_OPEN)
        case.wait(Reason.INCIDENT_OPEN, since=test.at)


def _after_care(case: Case, known: Sim, *, since: datetime) -> None:
    assert known.test is not None
    ends = case.terms.at_the_daily_hour(case.terms.working_days_after(since, case.terms.after_care_days))
    fresh = case.now - known.test.at <= case.terms.settle
    if case.now >= ends and fresh:
        case.write(Template.OLD_KIT, "old-kit")
        case.done()
        return
    at = min(case.terms.at_the_daily_hour(known.test.at + case.terms.after_care_test), max(ends, case.now))
    case.wait(Reason.AFTER_CARE, since=since, until=at)
    if case.now >= at:
        run_test(case, known.iccid, medium=case.medium, number=None)
