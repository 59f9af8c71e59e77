"""The fold: what is known after one more fact. It bears facts in any order, twice and late, and it cannot fail."""

from datetime import datetime
from typing import assert_never

from events.base import LineFact, LineId, SubjectId
from events.control import (
    AnswerFact,
    ControlFact,
    Held,
    LetterOpened,
    LettersDismissed,
    LettersRedriven,
    Released,
    TaskDone,
    TimeCome,
    Waived,
)
from events.cutover import CutoverFact, TestReachability
from events.dispatch import DispatchFact
from events.enrolment import (
    AbsenceAnnounced,
    AbsenceEnded,
    EmployeeEnrolled,
    EnrolmentFact,
    LeaverAnnounced,
    LeaverSettled,
    LineDropped,
    LineEnrolled,
    MandateFiled,
    MandateWithdrawn,
)
from events.messages import MessageFact
from events.outcomes import (
    IncidentClosed,
    IncidentOpened,
    LineDone,
    LineEnded,
    Outcome,
    TaskClosed,
    TaskOpened,
)
from events.places import KitAsked, PlaceAsked, PlaceFact, PlaceReturned
from events.planning import PlanningFact, SlotAsked
from events.porting import PortFact, RequestPort
from events.registry import AnyCommand, AnyFact, HolderFact
from events.sim import SimFact
from orchestrator.knowing.asks import asked, heard_answer, settle
from orchestrator.knowing.cutover import heard_cutover
from orchestrator.knowing.dispatch import heard_dispatch, heard_sim, later
from orchestrator.knowing.planning import heard_place, heard_planning
from orchestrator.knowing.porting import heard_port, requested
from orchestrator.record import AskState, Hold, Holder, Line, Mandate, Place, Task, with_


def line_of(holder: Holder, line: LineId) -> Line:
    """What is known of this line; nothing, when it is new."""
    return holder.lines.get(line) or Line(line)


def with_line(holder: Holder, line: Line) -> Holder:
    """The holder with this line as it is now known."""
    return with_(holder, lines={**holder.lines, line.id: line})


def heard(holder: Holder, fact: HolderFact, at: datetime) -> Holder:
    """What is known once this fact, true at `at`, was heard."""
    if isinstance(fact, LineFact):
        return with_line(holder, _line_heard(line_of(holder, fact.line), fact, at))
    match fact:
        case TimeCome():  # first, since it is the one that is heard most
            return holder
        case EmployeeEnrolled():
            return with_(holder, enrolled=fact)
        case LeaverAnnounced():
            return with_(holder, leaver_at=holder.leaver_at or at)
        case AbsenceAnnounced() | AbsenceEnded():
            return _away(holder, fact, at)
        case Held():
            return with_(holder, holds=(*holder.holds, Hold(fact.line, at, fact.by, fact.why)))
        case Released():
            kept = tuple(h for h in holder.holds if h.at > at or (fact.line is not None and h.line != fact.line))
            return with_(holder, holds=kept)
        case LetterOpened():
            return with_(holder, letters=holder.letters | {fact.letter})
        case LettersRedriven() | LettersDismissed():
            return with_(holder, settled=holder.settled.union(fact.letters))
        case _:
            assert_never(fact)


def _away(holder: Holder, fact: AbsenceAnnounced | AbsenceEnded, at: datetime) -> Holder:
    if holder.absence_at and at < holder.absence_at:
        return holder
    if isinstance(fact, AbsenceEnded):
        return with_(holder, away_since=None, away_until=None, absence_at=at)
    return with_(holder, away_since=fact.since, away_until=fact.until, absence_at=at)


def _line_heard(line: Line, fact: HolderFact, at: datetime) -> Line:
    # In the order of how often they come: each class that is asked about in vain costs.
    if isinstance(fact, MessageFact):
        return settle(line, fact, AskState.DONE, at)
    if isinstance(fact, CutoverFact):
        return heard_cutover(line, fact, at)
    if isinstance(fact, DispatchFact):
        return heard_dispatch(line, fact, at)
    if isinstance(fact, PlaceFact):
        return heard_place(line, fact, at)
    if isinstance(fact, SimFact):
        return heard_sim(line, fact, at)
    if isinstance(fact, PlanningFact):
        return heard_planning(line, fact, at)
    if isinstance(fact, PortFact):
        return heard_port(line, fact, at)
    if isinstance(fact, EnrolmentFact):
        return _enrolled(line, fact, at)
    if isinstance(fact, AnswerFact):
        return heard_answer(line, fact, at)
    if isinstance(fact, ControlFact):
        return _steered(line, fact, at)
    assert_never(fact)


def _enrolled(line: Line, fact: EnrolmentFact, at: datetime) -> Line:
    match fact:
        case LineEnrolled():
            return with_(line, terms=fact)
        case LineDropped():
            return with_(line, dropped=True)
        case MandateFiled():
            known = line.mandates.get(fact.mandate) or Mandate()
            if known.filed_at is not None and at < known.filed_at:
                return line
            return _mandate(line, fact.mandate, with_(known, filed_at=at, early_termination=fact.early_termination))
        case MandateWithdrawn():
            known = line.mandates.get(fact.mandate) or Mandate()
            return _mandate(line, fact.mandate, with_(known, withdrawn_at=later(known.withdrawn_at, at)))
        case LeaverSettled():
            if line.settled_at is not None and (at, fact.choice) < (line.settled_at, line.settled):
                return line
            return with_(line, settled=fact.choice, settled_at=at)
        case EmployeeEnrolled() | LeaverAnnounced() | AbsenceAnnounced() | AbsenceEnded():
            return line
        case _:
            assert_never(fact)


def _mandate(line: Line, name: str, known: Mandate) -> Line:
    return with_(line, mandates={**line.mandates, name: known})


def _steered(line: Line, fact: ControlFact, at: datetime) -> Line:
    match fact:
        case Waived():
            accounts = line.waivers.get(fact.condition, ())
            if fact.by in accounts:
                return line
            return with_(line, waivers={**line.waivers, fact.condition: (*accounts, fact.by)})
        case TaskDone():
            return _task_done(line, fact, at)
        case Held() | Released() | TimeCome() | LetterOpened() | LettersRedriven() | LettersDismissed():
            return line
        case _:
            assert_never(fact)


def _task_done(line: Line, fact: TaskDone, at: datetime) -> Line:
    for kind, task in line.tasks.items():
        if task.id == fact.task:
            return with_(line, tasks={**line.tasks, kind: with_(task, done_at=at)})
    return line


def ordered(holder: Holder, command: AnyCommand, at: datetime) -> Holder:
    """What is known once this command left in a journal record."""
    if command.line not in holder.lines:
        return holder
    line = holder.lines[command.line]
    if isinstance(command, RequestPort):
        line = requested(line, command, at)
    elif isinstance(command, TestReachability):
        line = with_(line, sequence=command.sequence)
    return with_line(holder, asked(line, command, at))


def told(holder: Holder, fact: AnyFact, at: datetime) -> Holder:
    """What is known once we said this fact to another subject."""
    if not isinstance(fact, LineFact) or fact.line not in holder.lines:
        return holder
    line = holder.lines[fact.line]
    if isinstance(fact, KitAsked):
        return with_line(holder, with_(line, kit=with_(line.kit, asks=fact.attempt, asked_at=at)))
    if isinstance(fact, SlotAsked):
        start = line.plan.slot.start if line.plan.slot else None
        asked = {"asks": fact.attempt, "asked_for": start, "asked_at": at, "asked_until": fact.not_after}
        return with_line(holder, with_(line, plan=with_(line.plan, **asked)))
    return holder


def place_told(holder: Holder, roster: SubjectId, fact: PlaceAsked | PlaceReturned) -> Holder:
    """What is known once we asked a duty roster for a place, or gave one back."""
    line = line_of(holder, fact.line)
    places = {name: place for name, place in line.places.items() if name != roster}
    if isinstance(fact, PlaceAsked):
        places = {**line.places, roster: Place(fact.start)}
    return with_line(holder, with_(line, places=places))


def decided(holder: Holder, outcome: Outcome, at: datetime) -> Holder:
    """What is known once the orchestrator itself made this true."""
    return with_line(holder, _decided(line_of(holder, outcome.line), outcome, at))


def _decided(line: Line, outcome: Outcome, at: datetime) -> Line:
    match outcome:
        case TaskOpened():
            number = int(outcome.task.rsplit("/", 1)[1])
            task = Task(outcome.task, outcome.role, number, at, outcome.because)
            return with_(line, tasks={**line.tasks, outcome.kind: task})
        case TaskClosed():
            tasks = {k: with_(t, closed_at=at) if t.id == outcome.task else t for k, t in line.tasks.items()}
            return with_(line, tasks=tasks)
        case IncidentOpened():
            known, ever = {**line.incidents, outcome.kind: at}, {**line.opened, outcome.kind: at}
            return with_(line, incidents=known, opened=ever, incident_count=line.incident_count + 1)
        case IncidentClosed():
            return with_(line, incidents={k: v for k, v in line.incidents.items() if k is not outcome.kind})
        case LineDone():
            return with_(line, done_at=line.done_at or at)
        case LineEnded():
            return with_(line, ended=line.ended or outcome.reason)
        case _:
            assert_never(outcome)
