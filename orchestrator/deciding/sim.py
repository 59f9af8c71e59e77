"""The new SIM: made active, seen on the network, and tested so that the handset itself answers."""

from datetime import datetime, timedelta
from typing import Final

from events.base import Iccid, Msisdn
from events.cutover import Medium, TestReachability
from events.enrolment import Handset
from events.messages import Role
from events.outcomes import TaskKind
from events.sim import ActivateSim, ResetSim
from orchestrator.deciding.case import Case
from orchestrator.deciding.evidence import active, after, attached, contrary_at, faulty, taken_out
from orchestrator.deciding.port import ask_port
from orchestrator.deciding.slot import confirmed
from orchestrator.knowing.dispatch import sim
from orchestrator.reasons import Reason
from orchestrator.record import AskState, Sim

HOURLY: Final = timedelta(hours=1)
A_DAY_OF_TESTS: Final = 24


def sim_desk(case: Case) -> None:
    """See that the SIM in the person's hands is active, attached, and proved."""
    iccid = case.in_hand
    if iccid is None:
        return
    known = sim(case.line, iccid)
    if known.blocked_at is not None:
        return  # nothing but another kit helps
    if faulty(known):
        mend(case, iccid)
    elif not active(known):
        activate(case, known)
    elif attached(known) and not taken_out(case.line, known):
        _prove(case, known)
    elif case.enrolled.handset is Handset.NEW or not case.enrolled.ports:
        _await_attach(case, known)


def activate(case: Case, known: Sim) -> None:
    """Order the activation; once more after the SIM was set up again."""
    iccid = known.iccid
    ask = case.asked("activate", str(iccid))
    again = ask is not None and ask.state is AskState.DONE and known.reset_at is not None and ask.at < known.reset_at
    if key := case.key("activate", ask.attempt + 1) if ask and again else case.due("activate", str(iccid)):
        case.order(ActivateSim(key=key, line=case.line.id, iccid=iccid))
    if case.refused_often("activate", str(iccid)):
        case.need(TaskKind.MEND_SIM, Role.PROJECT_LEADER, Reason.SIM_NOT_ACTIVE)
    case.wait(Reason.SIM_TO_ACTIVATE, since=case.line.kit.handed_at)


def mend(case: Case, iccid: Iccid) -> None:
    """Have the provider set the SIM up again; when that was tried, the kit desk replaces it (`scenarios/S25.yaml`)."""
    known = sim(case.line, iccid)
    if known.blocked_at is not None or not _port_known(case, known):
        return
    if known.active_at is not None and known.active_at >= case.now:
        case.look(known.active_at + case.terms.patience)  # of two words of one time nobody knows which was first
        return
    case.need(TaskKind.MEND_SIM, Role.PROJECT_LEADER, Reason.SIM_FAULTY)
    if key := case.due("reset", str(iccid)):
        case.order(ResetSim(key=key, line=case.line.id, iccid=iccid))
    case.wait(Reason.SIM_FAULTY, since=known.failed_at)


def _port_known(case: Case, known: Sim) -> bool:
    """Whether the provider said how the port stands since the SIM's test failed; it is asked where it did not.

    A number that moved unasked, and without a word, is answered by this SIM and no more by its temporary number: to set
    it up again would silence it (gate rule 8).
    """
    dossier, test = case.line.port.dossier, known.test
    if dossier is None or test is None or test.passed or case.line.port.performed_at is not None:
        return True
    told = case.asked("ask-port", dossier)
    if told is not None and told.at >= test.at:
        return told.state is not AskState.ASKED
    ask_port(case, dossier, at=case.now)
    case.wait(Reason.OUTCOME_ASKED, since=test.at)
    return False


def _await_attach(case: Case, known: Sim) -> None:
    since = max(t for t in (known.active_at, case.line.kit.handed_at, known.reset_at, known.detached_at) if t)
    until = since + case.terms.attach_patience
    if case.now < until:
        case.wait(Reason.SIM_NOT_ATTACHED, since=since, until=until)
    elif stays_off(case, known, since):
        mend(case, known.iccid)


def stays_off(case: Case, known: Sim, since: datetime) -> bool:
    """Whether a test since then shows that the SIM is off the network; it is ordered where there is none.

    The word that it attached may be lost, and to set it up again would cut off whoever uses it.
    """
    if known.test is not None and known.test.at > since:
        return not known.test.passed
    run_test(case, known.iccid, medium=case.medium, number=known.temporary)
    return False


def _prove(case: Case, known: Sim) -> None:
    """Test at once when there is no proof, on a timer when a test failed, and anew before the slot."""
    at = test_due(case, known)
    if at is None:
        return
    if known.failures > len(case.terms.retests):
        mend(case, known.iccid)
    elif known.failures == 1:
        _port_known(case, known)
    if case.now < at:
        case.look(at)
        return
    run_test(case, known.iccid, medium=case.medium, number=known.temporary)


def test_due(case: Case, known: Sim) -> datetime | None:
    """When the SIM is to be tested next, before the move; None when its proof will do."""
    test = known.test
    if test is None:
        return case.now
    if not test.passed:
        return retest_at(case, known)
    if not after(test.at, contrary_at(case.line, known)):
        return renewed_at(case, known)
    renewal = renewal_at(case)
    return renewal if renewal and test.at < renewal else None


def renewed_at(case: Case, known: Sim) -> datetime:
    """When a passed test that something spoke against is made anew: at once, after a tie a little later (rule 10)."""
    assert known.test is not None
    tie = known.test.at == contrary_at(case.line, known)
    return known.test.at + case.terms.retests[0] if tie else case.now


def retest_at(case: Case, known: Sim) -> datetime:
    """When a failed test is tried again: 5, 15, 60 minutes, then daily, never in a hot loop (gate rule 10)."""
    assert known.test is not None
    pauses = case.terms.retests
    pause = pauses[known.failures - 1] if 0 < known.failures <= len(pauses) else case.terms.retest_daily
    return known.test.at + pause


def hourly(case: Case, failed: int) -> timedelta:
    """How long a test that ought to pass waits after so many that failed: an hour and, after a day of that, a day."""
    return HOURLY if failed <= A_DAY_OF_TESTS else case.terms.retest_daily


def renewal_at(case: Case) -> datetime | None:
    """When the proof is made anew for the slot: shortly before each moment at which the gate decides."""
    slot = case.line.plan.slot
    if not case.enrolled.ports or slot is None or not confirmed(case, slot):
        return None
    if not case.booked:
        return slot.start - case.terms.test_before
    recall = case.line.port.recall_until
    return recall - 2 * case.terms.recall_margin if recall else slot.start - case.terms.book_before


def run_test(case: Case, iccid: Iccid, *, medium: Medium, number: Msisdn | None, effect: str = "test") -> None:
    """Order a test, unless one is under way. Each is a new attempt with its own sequence number."""
    ask = case.asked(effect)
    if any(isinstance(command, TestReachability) for command in case.commands):
        return  # one at a time: the answer to it brings the next decision
    if ask is not None and ask.state is AskState.ASKED:
        case.wait(Reason.TEST_RUNNING, since=ask.at)
        return
    if ask is not None and ask.state is not AskState.DONE:
        again = case.ask_again_at(ask)
        if case.now < again:
            case.wait(Reason.TEST_FAILED, since=ask.at, until=again)
            return
    attempt = ask.attempt + 1 if ask else 1
    case.order(
        TestReachability(
            key=case.key(effect, attempt),
            line=case.line.id,
            iccid=iccid,
            number=number,
            medium=medium,
            sequence=case.line.sequence + 1,
            origins=case.terms.origins,
        )
    )
    case.wait(Reason.TEST_RUNNING, since=case.now)
