"""Ordering what cannot be undone, and watching it: each try has its number, its proof, and a deadline."""

from datetime import datetime, timedelta

from events.base import Iccid
from events.cutover import ExecutePort
from events.messages import Role
from events.outcomes import TaskKind
from events.planning import Slot
from orchestrator.deciding.case import Case
from orchestrator.deciding.gate import effect_until, new_sim
from orchestrator.deciding.port import ask_port
from orchestrator.reasons import Reason
from orchestrator.record import AskState


def paused(case: Case, effect: str) -> bool:
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


def next_attempt(case: Case, effect: str) -> int:
    """The number of the next try."""
    ask = case.asked(effect)
    return ask.attempt + 1 if ask else 1


def proof_at(case: Case) -> datetime:
    """When the test was made on which the command rests."""
    known = new_sim(case)
    return known.test.at if known and known.test else case.now


def meant(case: Case) -> Iccid:
    """The SIM that the number is to go to."""
    known = new_sim(case)
    assert known is not None, "the gate holds only for a SIM that is meant for the person"
    return known.iccid


def execute(case: Case, slot: Slot) -> None:
    """Order the port. The gate holds at this moment, and the command holds no longer than what it rests on."""
    dossier = case.line.port.dossier
    if dossier is None or paused(case, "execute"):
        return
    until = effect_until(case)
    case.order(
        ExecutePort(
            key=case.key("execute", next_attempt(case, "execute")),
            line=case.line.id,
            dossier=dossier,
            iccid=meant(case),
            slot=slot,
            evidence_at=proof_at(case),
            not_after=until,
        )
    )
    case.wait(Reason.EXECUTION_ASKED, since=case.now, until=until + case.terms.patience)


def watch(case: Case, since: datetime, patience: timedelta) -> None:
    """A port that runs has a deadline, then a question to the provider and a task (gate rule 2)."""
    deadline = since + patience
    dossier = case.line.port.dossier
    if case.now < deadline or dossier is None:
        case.wait(Reason.EXECUTION_ASKED, since=since, until=deadline)
        return
    case.need(TaskKind.WATCH_EXECUTION, Role.PROJECT_LEADER, Reason.EXECUTION_OVERDUE)
    ask_port(case, dossier, at=deadline)
    case.wait(Reason.EXECUTION_OVERDUE, since=deadline)
