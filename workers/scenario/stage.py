"""The stage: all subjects of a story, with a clock of their own, deciding by the real code and telling each other."""

import heapq
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

from events.base import LineId, Msisdn, SubjectId, subject_of
from events.control import TimeCome
from events.registry import AnyCommand, AnyFact
from orchestrator import subjects
from orchestrator.decision import Because, Decision
from orchestrator.record import Holder, Line
from orchestrator.terms import Terms
from workers.runtime.language import _
from workers.runtime.unable import UnableToError

AT_ONCE: Final = 2_000
"""Decisions without time passing, beyond which the story runs hot."""


class UnableToSettleError(UnableToError):
    """The decisions of one moment follow each other without end."""

    def __init__(self, subject: SubjectId) -> None:
        hot = _("The story was not played on: {subject} is decided on again and again without time passing.")
        mend = _("That is a fault in our decisions. Hand it in with the story. Play another:  naadloos scenario FILE…")
        super().__init__(hot.format(subject=subject) + "\n" + mend)


@dataclass(frozen=True)
class Heard:
    """One message, and what was decided on it."""

    at: datetime
    subject: SubjectId
    fact: AnyFact
    decision: Decision


@dataclass(frozen=True)
class Coming:
    """A fact that somebody will say later, if it still holds then."""

    at: datetime
    subject: SubjectId
    fact: AnyFact
    holds: Callable[["Stage"], bool] = lambda _: True


class Others(Protocol):
    """Everybody outside: they answer commands, and act on what they hear."""

    def answer(self, command: AnyCommand, stage: "Stage") -> Iterable[Coming]:
        """What they say to this command."""

    def react(self, fact: AnyFact, stage: "Stage") -> Iterable[Coming]:
        """What they do once this was said."""


Watch = Callable[["Stage", Heard], None]


@dataclass
class Stage:
    """Where a story is played. Time moves only by `advance`; times in UTC."""

    terms: Terms
    now: datetime
    others: Others
    watch: Watch = lambda _stage, _heard: None
    states: dict[SubjectId, subjects.State] = field(default_factory=dict)
    looks: dict[SubjectId, datetime] = field(default_factory=dict)
    because: dict[SubjectId, tuple[Because, ...]] = field(default_factory=dict)
    history: list[Heard] = field(default_factory=list)
    ordered: dict[str, AnyCommand] = field(default_factory=dict)
    _coming: list[tuple[datetime, int, Coming]] = field(default_factory=list)
    _count: int = 0

    def say(self, subject: SubjectId, fact: AnyFact, *, true_at: datetime | None = None) -> None:
        """This fact is heard now, and all that follows from it at this moment happens. Raises `UnableToSettleError`."""
        queue = deque([Coming(true_at or self.now, subject, fact)])
        began = len(self.history)
        while queue:
            queue.extend(self._decide(queue.popleft()))
            if len(self.history) - began > AT_ONCE:
                raise UnableToSettleError(subject)

    def _decide(self, coming: Coming) -> list[Coming]:
        subject, fact = coming.subject, coming.fact
        state = subjects.hear(self.states.get(subject) or subjects.fresh(subject), fact, coming.at, now=self.now)
        decision = subjects.decide(state, fact, now=self.now, terms=self.terms)
        self.states[subject] = subjects.apply(state, decision, self.now)
        self.because[subject] = decision.because
        self.looks.pop(subject, None)
        if decision.look_again_at is not None:
            self.looks[subject] = decision.look_again_at
        heard = Heard(self.now, subject, fact, decision)
        self.history.append(heard)
        self.watch(self, heard)
        return self._said(heard)

    def _said(self, heard: Heard) -> list[Coming]:
        """What is said at this very moment because of a decision; what is said later is noted."""
        said = [Coming(self.now, tell.to, tell.fact) for tell in heard.decision.tells]
        for command in heard.decision.commands:
            self.ordered[command.key] = command
            said += self.others.answer(command, self)
        said += self.others.react(heard.fact, self)
        for one in said:
            if one.at > self.now:
                self.expect(one)
        return [one for one in said if one.at <= self.now]

    def expect(self, coming: Coming) -> None:
        """Somebody will say this at its time."""
        self._count += 1
        heapq.heappush(self._coming, (coming.at, self._count, coming))

    def next_at(self) -> datetime | None:
        """When something happens next of itself: a fact that is coming, or a time to look again."""
        times = [self._coming[0][0]] if self._coming else []
        return min([*times, *self.looks.values()], default=None)

    def advance(self, to: datetime) -> None:
        """Time passes until `to`, and everything that is due by then happens in order."""
        while (at := self.next_at()) is not None and at <= to:
            self.step(at)
        self.now = max(self.now, to)

    def step(self, at: datetime) -> None:
        """The one thing that is due next happens, at its time."""
        self.now = max(self.now, at)
        if self._coming and self._coming[0][0] <= self.now:
            coming = heapq.heappop(self._coming)[2]
            if coming.holds(self):
                self.say(coming.subject, coming.fact)
            return
        subject = min(self.looks, key=lambda name: (self.looks[name], name))
        due = self.looks.pop(subject)
        self.say(subject, TimeCome(due=due))

    def line(self, line: LineId) -> Line:
        """What is known of this line; nothing, when it is new."""
        state = self.states.get(subject_of(line))
        return state.lines.get(line, Line(line)) if isinstance(state, Holder) else Line(line)

    def lines(self) -> list[Line]:
        """Every line that is known."""
        return [line for state in self.states.values() if isinstance(state, Holder) for line in state.lines.values()]

    def directory(self) -> dict[Msisdn, Line]:
        """The programme's lines by their number."""
        return {line.terms.number: line for line in self.lines() if line.terms is not None}
