"""The beginning of a story: what is given is said, and the happy path brings every line to where the story starts."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from events.base import PersonId, SubjectId, subject_of
from events.control import ProgrammeOpened
from events.enrolment import EmployeeEnrolled, LineEnrolled, MandateFiled
from events.places import KitsDelivered, RosterFormed
from events.planning import LinePlanned, WavePlanned, WaveStarted
from events.porting import PortState
from orchestrator.knowing.dispatch import in_hand, sim
from orchestrator.record import Line
from workers.runtime.language import _
from workers.scenario.filling import LEADER
from workers.scenario.others import StoryOthers
from workers.scenario.page import UnableToReadStoryError
from workers.scenario.stage import Stage
from workers.scenario.story import Act, GivenLine, Level, Story

PATIENCE: Final = timedelta(days=120)
"""How long the happy path may take to bring a line to where the story begins."""
_KIT: Final = frozenset({Act.ACCEPTS, Act.DELIVERS, Act.HANDS_OVER, Act.ATTACHES, Act.SECOND_MEDIUM})
_AGREED: Final = _KIT | {Act.CONFIRMS}
ACTS: Final[Mapping[Level, frozenset[Act]]] = {
    Level.ENROLLED: frozenset(),
    Level.PLANNED: frozenset(),
    Level.REQUESTED: frozenset(),
    Level.ACCEPTED: frozenset({Act.ACCEPTS}),
    Level.HANDED_OVER: _KIT,
    Level.READY: _AGREED,
    Level.CUTOVER: _AGREED,
    Level.PORTED: _AGREED | {Act.MOVES},
    Level.REACHED: _AGREED | {Act.MOVES, Act.APPROVES},
    Level.DONE: frozenset(Act),
}
"""Who acts while a line is brought to this level."""


def begin(story: Story, stage: Stage, others: StoryOthers) -> None:
    """Say what is given, and bring every line to its level by the happy path."""
    given = story.given
    others.acts = {line.id: ACTS[line.until] for line in given.lines}
    stage.say(SubjectId("K-main"), KitsDelivered(kits=given.kits))
    opened = ProgrammeOpened(title=story.title, contract_ends=given.begins + timedelta(days=365))
    stage.say(SubjectId("P-story"), opened)
    for name, roster in given.rosters.items():
        stage.say(name, RosterFormed(title=str(name), members=roster.members, share=roster.share))
    for subject in dict.fromkeys(subject_of(line.id) for line in given.lines):
        if subject.startswith("E-"):
            enrolled = EmployeeEnrolled(person=PersonId(f"p-{subject}"), department="works", site="hall")
            stage.say(subject, enrolled)
    for line in given.lines:
        _enrol(line, stage)
    _plan(story, stage)
    bring(story, stage)


def enrolled(line: GivenLine) -> LineEnrolled:
    """The line's enrolment, as the story gives it."""
    return LineEnrolled(
        line=line.id,
        number=line.number,
        kind=line.kind,
        critical=line.critical,
        ports=line.ports,
        execution=line.execution,
        handset=line.handset,
        old_iccid=line.old_iccid,
        net=line.net,
        rosters=line.rosters,
        members=line.members,
        born_new=line.born_new,
    )


def _enrol(line: GivenLine, stage: Stage) -> None:
    subject = subject_of(line.id)
    stage.say(subject, enrolled(line))
    if line.mandate:
        stage.say(subject, MandateFiled(line=line.id, mandate="m-1"))


def _plan(story: Story, stage: Stage) -> None:
    given = story.given
    planned = [line for line in given.lines if line.until is not Level.ENROLLED]
    for line in planned:
        stage.say(subject_of(line.id), LinePlanned(line=line.id, wave=line.wave, slot=line.slot))
    for wave in dict.fromkeys(line.wave for line in planned):
        plan = WavePlanned(
            title=str(wave),
            lines=tuple(line.id for line in planned if line.wave == wave),
            opens=given.begins,
            slots=given.slots,
            batches=given.slots,
            per_slot=given.per_slot,
        )
        stage.say(wave, plan)
        stage.say(wave, WaveStarted(by=LEADER, why="the story begins"))


def bring(story: Story, stage: Stage) -> None:
    """Let time pass until every line is where the story begins."""
    limit = stage.now + PATIENCE
    while far := [line for line in story.given.lines if not arrived(stage.line(line.id), line.until)]:
        at = stage.next_at()
        if at is None or at > limit:
            line = far[0]
            because = ", ".join(one.reason for one in stage.because.get(subject_of(line.id), ()))
            wrong = _("the happy path does not bring {line} to '{until}' ({because}); another 'until' is expected")
            told = wrong.format(line=line.id, until=line.until, because=because)
            raise UnableToReadStoryError(story.path, [(line.place, told)])
        stage.step(at)


def arrived(line: Line, level: Level) -> bool:
    """Whether the line is as far as this."""
    over = line.done_at is not None or line.ended is not None
    match level:
        case Level.ENROLLED | Level.PLANNED:
            return True
        case Level.REQUESTED:
            return line.port.state is PortState.SUBMITTED
        case Level.ACCEPTED:
            return line.port.state is PortState.ACCEPTED
        case Level.HANDED_OVER | Level.READY:
            return _in_use(line) and _agreed(line, level)
        case Level.CUTOVER:
            return line.port.state in {PortState.EXECUTING, PortState.BOOKED}
        case Level.PORTED:
            return line.port.performed_at is not None
        case Level.REACHED:
            return line.proved_at is not None
        case Level.DONE:
            return over


def _in_use(line: Line) -> bool:
    """Whether the SIM is in the person's hands and, where it can be before the port, proved."""
    assert line.terms is not None
    iccid = in_hand(line)
    if iccid is None or (line.terms.ports and line.port.state is not PortState.ACCEPTED):
        return False
    known = sim(line, iccid)
    return known.active_at is not None and (known.test is not None or line.terms.handset != "new")


def _agreed(line: Line, level: Level) -> bool:
    assert line.terms is not None
    if level is Level.HANDED_OVER or not line.terms.ports:
        return True
    places = all(place.granted for place in line.places.values())
    slot = line.plan.slot
    return slot is not None and line.plan.confirms(slot.start) and places
