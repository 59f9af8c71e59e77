"""The programme itself: reports that match nobody become a task here, until they find their line."""

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from events.base import Key, LineId, SubjectId, TaskId
from events.control import (
    ActBegun,
    ActEnded,
    ProgrammeFact,
    ProgrammeOpened,
    ReportRouted,
    ReportUnrouted,
    TimeCome,
)
from events.messages import Role, SendMessage, Template
from events.outcomes import TaskKind
from orchestrator.decision import Because, Decision
from orchestrator.reasons import Reason
from orchestrator.record import with_
from orchestrator.terms import Terms


@dataclass(frozen=True)
class Programme:
    """What is known of the programme as a whole."""

    id: SubjectId
    opened: ProgrammeOpened | None = None
    unrouted: tuple[ReportUnrouted, ...] = ()
    told: int = 0


def heard(programme: Programme, fact: ProgrammeFact | TimeCome, _at: datetime) -> Programme:
    """What is known once this fact was heard."""
    match fact:
        case ProgrammeOpened():
            return with_(programme, opened=fact)
        case ReportUnrouted():
            return with_(programme, unrouted=(*programme.unrouted, fact))
        case ReportRouted():
            kept = tuple(u for u in programme.unrouted if (u.source, u.reference) != (fact.source, fact.reference))
            return with_(programme, unrouted=kept)
        case ActBegun() | ActEnded() | TimeCome():
            return programme  # kept for whoever asks who did what: nothing is decided by it
        case _:
            assert_never(fact)


def ordered(programme: Programme, _command: SendMessage) -> Programme:
    """What is known once the task was sent."""
    return with_(programme, told=programme.told + 1)


def decide(programme: Programme, *, terms: Terms, new: bool) -> Decision:
    """A report that matches nobody is somebody's task at once."""
    if not programme.unrouted:
        return Decision(because=(Because(Reason.NOTHING_TO_DO),))
    because = (Because(Reason.UNROUTED),)
    if not new:
        return Decision(because=because)
    number = programme.told + 1
    name = LineId(str(programme.id))
    message = SendMessage(
        key=Key(f"{terms.programme}/{programme.id}/task.{TaskKind.ROUTE_REPORT}/{number}"),
        line=name,
        template=Template.TASK,
        to=Role.PROJECT_LEADER,
        task=TaskId(f"{programme.id}/{TaskKind.ROUTE_REPORT}/{number}"),
        details={"kind": TaskKind.ROUTE_REPORT, "because": Reason.UNROUTED},
    )
    return Decision(because=because, commands=(message,))
