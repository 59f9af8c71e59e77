"""The search: every history within k deviations, each situation looked at once."""

from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from workers.verify.canonical import Canon
from workers.verify.deviating import counts, deviations, kind_of
from workers.verify.judging import HORIZON, Broken, Judge, Rule
from workers.verify.model import STARTS, Model
from workers.verify.situation import Situation
from workers.verify.stepping import Deviation, Stepped, Stepper
from workers.verify.visited import Known


class Turned(NamedTuple):
    """Where a history left the usual way: in which step, and how."""

    step: int
    deviation: Deviation


Path = tuple[Turned, ...]
"""A history, told by where it left the usual way; what was usual follows by itself."""


class Found(NamedTuple):
    """A fault, and the history that shows it."""

    fault: Broken
    path: Path
    steps: int


class Seen(Protocol):
    """What situations were seen (`workers.verify.visited.Visited`)."""

    def add(self, fingerprint: int) -> bool:
        """Whether nobody added it before."""


@dataclass
class Tally:
    """What a search came upon."""

    states: int = 0
    transitions: int = 0
    depth: int = 0
    found: dict[tuple[Rule, str], Found] = field(default_factory=dict)
    """The shortest history of each fault."""

    def note(self, fault: Broken, path: Path, steps: int) -> None:
        """Remember this, unless a shorter history shows it already."""
        known = self.found.get((fault.rule, fault.what))
        if known is None or (len(path), steps) < (len(known.path), known.steps):
            self.found[fault.rule, fault.what] = Found(fault, path, steps)

    def add(self, other: "Tally") -> None:
        """Count in what another process came upon."""
        self.states += other.states
        self.transitions += other.transitions
        self.depth = max(self.depth, other.depth)
        for found in other.found.values():
            self.note(*found)


class Node(NamedTuple):
    """A situation to go on from."""

    situation: Situation
    left: int
    steps: int
    path: Path


class Explorer:
    """Goes through one model, and judges each step."""

    def __init__(
        self, model: Model, seen: Seen, *, canon: Canon | None = None, kinds: Container[str] | None = None
    ) -> None:
        """With `kinds` only deviations of these kinds are tried (`workers.verify.deviating.kind_of`)."""
        self.model = model
        self.stepper = Stepper(model)
        self.judge = Judge(model)
        self.tally = Tally()
        self._canon = canon or Canon()
        self._seen = seen
        self._kinds = kinds

    def usual(self, k: int) -> Iterator[tuple[Node, Stepped | None]]:
        """The history in which nothing goes otherwise, from where all is enrolled to its end, each situation seen."""
        situation = self.model.begins()
        while situation.queue:
            stepped = self.stepper.step(situation)
            assert stepped is not None
            situation, _ = self.judge.judge(situation, stepped)
        node: Node | None = Node(situation, k, 0, ())
        while node is not None:
            self._new(node)
            stepped = self._next(node)
            yield node, stepped
            node = self._after(node, stepped, None) if stepped is not None else None

    def search(self, k: int, *, first: int = 0, of: int = 1) -> Tally:
        """Go through every history within k deviations that leaves the usual way in every `of`-th step from `first`."""
        for place, (node, usual) in enumerate(self.usual(k)):
            if k and place % of == first:
                for after in self.turned(node, usual):
                    self.explore(after)
        return self.tally

    def explore(self, node: Node) -> None:
        """Every history that goes on from here."""
        waiting = [node]
        while waiting:
            node = waiting.pop()
            usual = self._next(node)
            after = self._after(node, usual, None) if usual is not None else None
            if after is not None and self._new(after):
                waiting.append(after)
            if node.left:
                waiting += self.turned(node, usual)

    def turned(self, node: Node, usual: Stepped | None) -> Iterator[Node]:
        """The situations, not seen before, to which this step leads if one thing goes otherwise in it.

        Where all is over (None) somebody may still do something of their own accord.
        """
        if _late(node):
            return
        mail = usual.mail if usual is not None else None
        for deviation in deviations(self.model, node.situation, usual):
            if counts(deviation) > node.left:
                continue
            if self._kinds is not None and kind_of(deviation, mail) not in self._kinds:
                continue
            stepped = self.stepper.step(node.situation, deviation)
            assert stepped is not None
            after = self._after(node, stepped, deviation)
            if after is not None and self._new(after):
                yield after

    def _next(self, node: Node) -> Stepped | None:
        """The usual step from here; None at the end, which is judged."""
        usual = None if _late(node) else self.stepper.step(node.situation)
        if usual is None:
            for fault in self.judge.ended(node.situation):
                self.tally.note(fault, node.path, node.steps)
        return usual

    def _after(self, node: Node, stepped: Stepped, deviation: Deviation | None) -> Node | None:
        """Where the step leads, unless it shows a fault: there is no going on from one."""
        situation, faults = self.judge.judge(node.situation, stepped)
        path = node.path if deviation is None else (*node.path, Turned(node.steps, deviation))
        self.tally.transitions += 1
        self.tally.depth = max(self.tally.depth, node.steps + 1)
        for fault in faults:
            self.tally.note(fault, path, node.steps + 1)
        left = node.left - (counts(deviation) if deviation is not None else 0)
        return None if faults else Node(situation, left, node.steps + 1, path)

    def _new(self, node: Node) -> bool:
        """Whether nobody was here before. Not asked while something is on its way, which takes few steps."""
        if node.situation.queue:
            return True
        fresh = self._seen.add(self._canon.fingerprint(node.situation, node.left))
        self.tally.states += fresh
        return fresh


def _late(node: Node) -> bool:
    return node.situation.now > STARTS + HORIZON


def searched(model: Model, k: int, *, kinds: Container[str] | None = None) -> Tally:
    """What a search in this process alone comes upon."""
    return Explorer(model, Known(), kinds=kinds).search(k)
