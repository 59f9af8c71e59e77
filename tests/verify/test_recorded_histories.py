"""What the world did in recorded runs, the check goes through too: the proof does not forbid what happens.

A line's history is looked at decision by decision: what was heard, where that leaves the line, and what is ordered.
Each such step of a whole programme in which things go wrong at their usual rates has to be one of those that the check
takes in the systems of that kind of line.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from events.base import LineFact, LineId, SubjectId
from events.enrolment import EmployeeEnrolled, Execution, Handset, LineEnrolled, LineKind, MandateFiled
from events.planning import LinePlanned
from events.registry import AnyFact
from orchestrator.deciding.slot import UNDER_WAY
from orchestrator.decision import Decision
from orchestrator.record import Holder, Line
from tests.simulation.in_process import Programme
from tests.simulation.wishes import Wishes
from workers.runtime.type_names import name_of
from workers.verify.models import MODELS
from workers.verify.searching import Explorer, Node
from workers.verify.stepping import Deviation, Stepped
from workers.verify.visited import Known

ALWAYS = frozenset({"messages.send"})
"""Letters go to anybody at any time."""


BEGINNING = (EmployeeEnrolled, LineEnrolled, MandateFiled, LinePlanned)
"""With these a history begins; the check has them behind it when it sets out."""


class Step(NamedTuple):
    """One decision on one line, as far as it can be compared between histories."""

    heard: str
    phase: str
    ordered: frozenset[str]


def step_of(line: Line, fact: AnyFact, decision: Decision) -> Step:
    """The step that this decision was, of this line as it is after it."""
    ordered = {name_of(command) for command in decision.commands if command.line == line.id}
    return Step(name_of(fact), phase_of(line), frozenset(ordered - ALWAYS))


def phase_of(line: Line) -> str:
    """How far the line is, in a word."""
    if line.done_at is not None or line.ended is not None:
        return "over"
    if line.port.performed_at is not None or line.old_ended_at is not None:
        return "moved"
    return "under way" if line.port.state in UNDER_WAY else "before"


def systems_of(line: LineEnrolled) -> frozenset[str]:
    """The explored systems of which this line has something: what it is, how it ports, who else is about it."""
    if not line.ports:
        return frozenset({str(line.kind)})
    on_call = {Handset.NEW: "voice", Handset.KEPT: "single-phone", Handset.ESIM: "esim"}[line.handset]
    booked = "booked" if line.handset is Handset.NEW else "booked-single-phone"
    systems = {booked if line.execution is Execution.BOOKED else on_call}
    systems |= {"shared"} if line.kind is LineKind.SHARED else set()
    systems |= {"critical"} if line.critical else set()
    systems |= {"roster-of-one"} if line.rosters else set()
    return frozenset(systems)


class Draws:
    """The kinds of deviation that are draws of the world, and three that stand for some.

    What becomes of a leaver's line is drawn, and so is how long people are away, and take to answer.
    """

    def __contains__(self, kind: object) -> bool:
        return kind in {"leaver", "away for long", "late planning.slot-confirmed"} or str(kind).startswith("drawn ")


class Noting(Explorer):
    """Notes each step that it takes."""

    steps: set[Step]

    def _after(self, node: Node, stepped: Stepped, deviation: Deviation | None) -> Node | None:
        mail, decision = stepped.mail, stepped.decision
        if mail is not None and decision is not None:
            for state in stepped.situation.states:
                if isinstance(state, Holder) and state.id == mail.to:
                    self.steps |= {step_of(line, mail.said, decision) for line in state.lines.values()}  # type: ignore[arg-type]
        return super()._after(node, stepped, deviation)


@cache
def explored(system: str) -> frozenset[Step]:
    """Every step that the check takes in this system with one deviation, or with two draws of the world.

    The draws on two days of the week as well: what somebody answers after a weekend comes too late elsewhere.
    """
    model, steps = MODELS[system], set[Step]()
    for on, k, kinds in ((model.slot, 1, None), (model.slot, 2, Draws()), (model.spare[0], 2, Draws())):
        explorer = Noting(replace(model, slot=on), Known(), kinds=kinds)
        explorer.steps = steps
        explorer.search(k)
    return frozenset(steps)


def recorded(folder: Path, wishes: Wishes) -> Iterator[tuple[frozenset[str], Step]]:
    """Every step of a whole programme once the line is enrolled, with the systems of its line."""
    steps: set[tuple[frozenset[str], Step]] = set()

    def note(programme: Programme, subject: SubjectId, fact: AnyFact, decision: Decision) -> None:
        state = programme.states[subject]
        if not isinstance(state, Holder):
            return
        for line in state.lines.values():
            about = not isinstance(fact, LineFact) or LineId(fact.line) == line.id
            if about and line.terms is not None and not line.terms.born_new and not isinstance(fact, BEGINNING):
                steps.add((systems_of(line.terms), step_of(line, fact, decision)))

    asyncio.run(Programme(folder, wishes, meddle=[note]).run())
    yield from sorted(steps, key=str)


@pytest.mark.long
@pytest.mark.parametrize("seed", [3, 5])
def test_what_happens_in_a_whole_programme_the_check_goes_through_too(seed: int, tmp_path: Path) -> None:
    strange = [
        (sorted(systems), step)
        for systems, step in recorded(tmp_path, Wishes(employees=150, seed=seed))
        if not any(step in explored(system) for system in systems)
    ]

    assert strange == []
