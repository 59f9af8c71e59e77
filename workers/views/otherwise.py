"""What is known otherwise by now than an import's file has it."""

from __future__ import annotations

from events.base import SubjectId
from events.control import ProgrammeOpened
from events.enrolment import EmployeeEnrolled, LineEnrolled
from events.places import RosterFormed
from events.registry import AnyFact
from orchestrator.shared.programme import Programme
from orchestrator.shared.roster import Roster
from workers.views.known import Known


def known_otherwise(known: Known, subject: SubjectId, fact: AnyFact) -> bool:
    """Whether another value stands where this fact put one: of a person, a line, a duty roster or the programme.

    A mandate that was taken back is none of these: consent is given anew, and not by a file that has it still.
    """
    value = _standing(known, subject, fact)
    return value is not None and value != fact


def _standing(known: Known, subject: SubjectId, fact: AnyFact) -> AnyFact | None:
    state = known.states.get(subject)
    if isinstance(fact, EmployeeEnrolled):
        holder = known.holder(subject)
        return holder.enrolled if holder else None
    if isinstance(fact, LineEnrolled):
        line = known.line(fact.line)
        return line.terms if line else None
    if isinstance(fact, RosterFormed) and isinstance(state, Roster):
        return state.formed
    if isinstance(fact, ProgrammeOpened) and isinstance(state, Programme):
        return state.opened
    return None
