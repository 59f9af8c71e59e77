"""The programme itself: what concerns no line becomes a task here, a report that matches nobody or a silent party."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, assert_never

from events.base import Key, LineId, SubjectId, TaskId
from events.control import (
    ActBegun,
    ActEnded,
    Party,
    PartyAnswers,
    PartySilent,
    ProgrammeFact,
    ProgrammeOpened,
    ReportDismissed,
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
from orchestrator.turn import YesOrNo

NOBODY: Final = ""
MOST_WAITING: Final = 10_000
"""So many reports wait; of more the inbound adapter dismisses the oldest, of which older journals say nothing."""


@dataclass(frozen=True)
class Programme:
    """What is known of the programme as a whole."""

    id: SubjectId
    opened: ProgrammeOpened | None = None
    unrouted: tuple[ReportUnrouted, ...] = ()
    told: int = 0
    answers: Mapping[Party, YesOrNo] = field(default_factory=dict)
    chased: frozenset[Party] = frozenset()  # silent, and somebody has the task
    chases: int = 0


def heard(programme: Programme, fact: ProgrammeFact | TimeCome, at: datetime) -> Programme:
    """What is known once this fact was heard."""
    match fact:
        case ProgrammeOpened():
            return with_(programme, opened=fact)
        case ReportUnrouted():
            return with_(programme, unrouted=(*programme.unrouted, fact)[-MOST_WAITING:])
        case ReportRouted() | ReportDismissed():
            kept = tuple(u for u in programme.unrouted if (u.source, u.reference) != (fact.source, fact.reference))
            return with_(programme, unrouted=kept)
        case PartySilent():
            return _heard_of(programme, fact.party, YesOrNo(at, yes=False))
        case PartyAnswers():
            return _heard_of(programme, fact.party, YesOrNo(at, yes=True))
        case ActBegun() | ActEnded() | TimeCome():
            return programme  # kept for whoever asks who did what: nothing is decided by it
        case _:
            assert_never(fact)


def _heard_of(programme: Programme, party: Party, said: YesOrNo) -> Programme:
    before = programme.answers.get(party)
    if before is not None and not before.outdone_by(said):
        return programme
    chased = programme.chased - {party} if said.yes else programme.chased
    return with_(programme, answers={**programme.answers, party: said}, chased=chased)


def ordered(programme: Programme, command: SendMessage) -> Programme:
    """What is known once the task was sent."""
    about = command.details.get("about", NOBODY)
    if about == NOBODY:
        return with_(programme, told=programme.told + 1)
    return with_(programme, chased=programme.chased | {Party(about)}, chases=programme.chases + 1)


def decide(programme: Programme, *, terms: Terms, new: bool) -> Decision:
    """A report that matches nobody, and a party that answers nobody, is somebody's task at once."""
    silent = [(party, said.at) for party, said in sorted(programme.answers.items()) if not said.yes]
    unchased = [party for party, _ in silent if party not in programme.chased]
    because = [Because(Reason.UNROUTED)] if programme.unrouted else []
    because += [Because(Reason.PARTY_SILENT, since=at) for _, at in silent]
    commands = [
        _task(programme, terms, TaskKind.CHASE_PARTY, Reason.PARTY_SILENT, programme.chases + number, about=party)
        for number, party in enumerate(unchased, 1)
    ]
    if programme.unrouted and new:
        commands.append(_task(programme, terms, TaskKind.ROUTE_REPORT, Reason.UNROUTED, programme.told + 1))
    return Decision(because=tuple(because) or (Because(Reason.NOTHING_TO_DO),), commands=tuple(commands))


def _task(
    programme: Programme, terms: Terms, kind: TaskKind, because: Reason, number: int, *, about: str = NOBODY
) -> SendMessage:
    details: dict[str, str] = {"kind": kind, "because": because}
    return SendMessage(
        key=Key(f"{terms.programme}/{programme.id}/task.{kind}/{number}"),
        line=LineId(str(programme.id)),
        template=Template.TASK,
        to=Role.OPS if kind is TaskKind.CHASE_PARTY else Role.PROJECT_LEADER,
        task=TaskId(f"{programme.id}/{kind}/{number}"),
        details={**details, "about": about} if about else details,
    )
