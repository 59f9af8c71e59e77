"""What is looked at after every decision of a story: the invariants, and what the story says must never be."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import assert_never

from events.base import IrreversibleCommand, LineId
from events.cutover import EndOldLine
from events.outcomes import IncidentOpened, TaskOpened
from events.registry import AnyCommand
from orchestrator.reachability import known_ways, reachable
from orchestrator.record import Holder, Line
from workers.promises.judging import opened
from workers.runtime.language import _
from workers.runtime.type_names import name_of
from workers.scenario.stage import Heard, Stage
from workers.scenario.story import Never, Story


@dataclass(frozen=True)
class Breach:
    """Something that must never be was; `place` is a line of the story, 0 for an invariant."""

    what: str
    place: int = 0


@dataclass
class Watcher:
    """Looks on. Every breach is told once."""

    story: Story
    breaches: list[Breach] = field(default_factory=list)
    _begun: bool = False
    _known: set[Breach] = field(default_factory=set)
    _orders: dict[str, AnyCommand] = field(default_factory=dict)

    def __call__(self, stage: Stage, heard: Heard) -> None:
        """Look at what was decided, and at how its lines stand now."""
        for breach in (*self._standing(stage, heard), *self._said(heard)):
            if breach not in self._known:
                self._known.add(breach)
                self.breaches.append(breach)

    def new(self) -> list[Breach]:
        """The breaches since this was asked last."""
        told, self.breaches = self.breaches, []
        return told

    def _standing(self, stage: Stage, heard: Heard) -> Iterable[Breach]:
        state = stage.states[heard.subject]
        if not isinstance(state, Holder):
            return
        for line in state.lines.values():
            if "unreachable" not in self.story.allowed and not _within_reach(line, stage):
                yield Breach(_("R1: {line} is reachable by no way that we know of").format(line=line.id))
            if len(opened(line)) > 1:
                two = _("R3: {line} has two open dossiers, {dossiers}")
                yield Breach(two.format(line=line.id, dossiers=_(" and ").join(opened(line))))
        for command in heard.decision.commands:
            yield from self._order(command, stage.line(LineId(command.line)))

    def _order(self, command: AnyCommand, line: Line) -> Iterable[Breach]:
        if isinstance(command, EndOldLine) and line.terms and line.terms.ports:
            yield Breach(_("R2: the old line of {line} is ended, though its number ports").format(line=line.id))
        before = self._orders.get(command.key)
        if before is not None and not same_request(before, command):
            yield Breach(_("R4: {key} was ordered twice, for two things").format(key=command.key))
        self._orders[command.key] = command

    def story_begins(self) -> None:
        """From here on the story's own "never" counts: what is given is given."""
        self._begun = True

    def _said(self, heard: Heard) -> Iterable[Breach]:
        if not self._begun:
            return
        for never in self.story.never:
            if never_holds(never, heard):
                never_to_be = _("{subject}: {name} was never to be").format(subject=heard.subject, name=never.name)
                yield Breach(never_to_be, never.place)


def _within_reach(line: Line, stage: Stage) -> bool:
    return line.terms is None or line.terms.born_new or reachable(known_ways(line, stage.directory()))


def same_request(one: AnyCommand, other: AnyCommand) -> bool:
    """Whether the counterpart may take the two for one request, whatever the time until which each holds."""
    if isinstance(one, IrreversibleCommand) and isinstance(other, IrreversibleCommand):
        return False
    return one == other


def never_holds(never: Never, heard: Heard) -> bool:
    """Whether this decision holds what must never be."""
    decision = heard.decision
    match never.kind:
        case "command":
            return any(matches(command, never) for command in decision.commands)
        case "reason":
            return any(because.reason == never.name for because in decision.because)
        case "task":
            return any(isinstance(o, TaskOpened) and o.kind == never.name for o in decision.outcomes)
        case "incident":
            return any(isinstance(o, IncidentOpened) and o.kind == never.name for o in decision.outcomes)
        case _:
            assert_never(never.kind)


def matches(command: AnyCommand, never: Never) -> bool:
    """Whether this is the command that is meant, by its name and the fields that are told."""
    if name_of(command) != never.name:
        return False
    return all(str(getattr(command, key)) == str(value) for key, value in never.fields.items())
