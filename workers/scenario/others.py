"""The others, as a story has them: helpful answers unless it says otherwise, and acts where it lets them act."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from events.base import Account, Iccid, LineFact, LineId, subject_of
from events.control import CommandWithdrawn, WithdrawalLate
from events.cutover import EndApproved, Leg, SecondMediumProved, TestReachability, Withdraw
from events.dispatch import HandedOver, ParcelAnnounced, ParcelReported, ParcelStatus
from events.enrolment import Handset
from events.messages import SendMessage, Template
from events.outcomes import TaskKind
from events.planning import SlotConfirmed
from events.porting import PortAccepted, PortBooked, PortExecuting, PortPerformed, PortState, PortSubmitted
from events.registry import AnyCommand, AnyFact
from events.sim import SimActivated, SimAttached, SimDetached, SimReset
from orchestrator.deciding.evidence import active
from orchestrator.knowing.dispatch import expected, sim
from orchestrator.record import AskState
from workers.runtime.type_names import name_of
from workers.scenario.answering import helpful, tested
from workers.scenario.stage import Coming, Stage
from workers.scenario.story import Act, GivenLine

SOON: Final = timedelta(minutes=10)
CONFIRMS_AFTER: Final = timedelta(hours=1)
MOVES_AFTER: Final = timedelta(minutes=3)
BATCH_TAKES: Final = timedelta(hours=1)
LOGISTICS: Final = Account("logistics")
LEADER: Final = Account("leader")

Say = Callable[[AnyCommand, Any], Iterable[AnyFact]]
"""Makes the facts that a story has as the answer to a command."""


class StoryOthers:
    """Everybody outside. `acts` is asked per line, so that each line is brought as far as the story wants it."""

    def __init__(self, lines: Iterable[GivenLine], say: Say) -> None:
        self.given = {line.id: line for line in lines}
        self.answers: dict[str, Any] = {}
        self.acts: dict[LineId, frozenset[Act]] = {}
        self._say = say

    def answer(self, command: AnyCommand, stage: Stage) -> Iterable[Coming]:
        """What is said to this command: what the story has for it, or the helpful answer."""
        wanted: Any = self.answers.get(name_of(command), "helpful")
        facts: Iterable[AnyFact] = ()
        if isinstance(command, Withdraw):
            facts = (_withdrawal(command, stage),) if wanted == "helpful" else ()
        elif isinstance(command, TestReachability) and isinstance(wanted, str) and wanted in set(Leg):
            facts = (tested(command, Leg(wanted)),)
        elif wanted == "helpful":
            facts = helpful(command, stage)
        elif wanted != "nothing":
            facts = self._say(command, wanted)
        for fact in facts:
            yield Coming(stage.now, subject_of(command.line), fact)
        if isinstance(command, SendMessage):
            yield from self._written(command, stage)

    def _by(self, act: Act, at: datetime, fact: LineFact, holds: Callable[[Stage], bool] = lambda _: True) -> Coming:
        """What somebody says then, if they act at that time."""

        def acts(stage: Stage) -> bool:
            return act in self.acts.get(fact.line, frozenset()) and holds(stage)

        return Coming(at, subject_of(fact.line), fact, acts)  # type: ignore[arg-type]

    def _written(self, message: SendMessage, stage: Stage) -> Iterable[Coming]:
        """What a person does who was written to."""
        line, later = message.line, stage.now + CONFIRMS_AFTER
        if message.template in {Template.INVITATION, Template.SECOND_INVITATION}:
            confirmed = SlotConfirmed.model_validate({"line": line, "start": message.details["slot_start"]})
            yield self._by(Act.CONFIRMS, later, confirmed)
        iccid = expected(stage.line(line))
        if message.template is Template.INSERT_SIM and iccid is not None:
            yield self._by(Act.ATTACHES, stage.now + SOON, SimAttached(line=line, iccid=iccid))
        if message.template is Template.PUT_BACK and iccid is not None:
            yield self._by(Act.ATTACHES, stage.now + SOON, SimDetached(line=line, iccid=iccid))
        if message.details.get("kind") == TaskKind.APPROVE_END:
            yield self._by(Act.APPROVES, later, EndApproved(line=line, by=LEADER))
        if message.details.get("kind") == TaskKind.SECOND_MEDIUM:
            yield self._by(Act.SECOND_MEDIUM, later, SecondMediumProved(line=line, medium="pager", by=LEADER))

    def react(self, fact: AnyFact, stage: Stage) -> Iterable[Coming]:
        """What somebody does once this was said."""
        match fact:
            case ParcelAnnounced():
                return self._parcel(fact, stage)
            case SimActivated() | SimReset() | HandedOver():
                return self._live(fact.line, fact.iccid, stage)
            case PortSubmitted():
                return self._accept(fact, stage)
            case PortExecuting():
                return self._move(PortPerformed(line=fact.line, dossier=fact.dossier), stage.now + MOVES_AFTER)
            case PortBooked():
                return self._move(PortPerformed(line=fact.line, dossier=fact.dossier), fact.runs_at + BATCH_TAKES)
            case _:
                return ()

    def _parcel(self, fact: ParcelAnnounced, stage: Stage) -> Iterable[Coming]:
        line, kit, days = fact.line, stage.line(fact.line).kit.kit, stage.terms.working_days_after
        delivered = ParcelReported(line=line, barcode=fact.barcode, status=ParcelStatus.DELIVERED)
        yield self._by(Act.DELIVERS, days(stage.now, 1), delivered)
        if kit is not None:
            handed = HandedOver(line=line, iccid=kit.iccid, imei=kit.imei, by=LOGISTICS)
            yield self._by(Act.HANDS_OVER, days(stage.now, 2), handed)

    def _live(self, line: LineId, iccid: Iccid, stage: Stage) -> Iterable[Coming]:
        def in_use(later: Stage) -> bool:
            known = later.line(line)
            return known.kit.handed == iccid and active(sim(known, iccid))

        if self.given[line].handset is Handset.NEW:
            yield self._by(Act.ATTACHES, stage.now + SOON, SimAttached(line=line, iccid=iccid), in_use)

    def _accept(self, fact: PortSubmitted, stage: Stage) -> Iterable[Coming]:
        ordered = stage.line(fact.line).port.ordered
        at = stage.terms.working_days_after(stage.now, 1)
        first = max(self.given[fact.line].first_possible, at)

        def awaited(later: Stage) -> bool:
            port = later.line(fact.line).port
            return port.dossier == fact.dossier and port.state in {PortState.SUBMITTED, PortState.DELAYED}

        if ordered is not None:
            accepted = PortAccepted(line=fact.line, dossier=fact.dossier, first_possible=first, iccid=ordered)
            yield self._by(Act.ACCEPTS, at, accepted, awaited)

    def _move(self, fact: PortPerformed, at: datetime) -> Iterable[Coming]:
        def under_way(stage: Stage) -> bool:
            port = stage.line(fact.line).port
            return port.dossier == fact.dossier and port.state in {PortState.EXECUTING, PortState.BOOKED}

        yield self._by(Act.MOVES, at, fact, under_way)


def _withdrawal(command: Withdraw, stage: Stage) -> CommandWithdrawn | WithdrawalLate:
    """Taken back in time, if the command had no answer yet."""
    asks: Mapping[str, Any] = stage.line(command.line).asks
    waiting = any(ask.key == command.target and ask.state is AskState.ASKED for ask in asks.values())
    return (
        CommandWithdrawn.model_validate({"line": command.line, "key": command.target})
        if waiting
        else (WithdrawalLate.model_validate({"line": command.line, "key": command.target}))
    )
