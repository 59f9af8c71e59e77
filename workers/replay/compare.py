"""Every decision of the journal, held against what today's code decides of the same state and the same fact.

The state is always that of the recorded history, folded by today's code: each decision is compared on its own, and one
that differs does not make all that came after it differ too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from events.base import Instant, SubjectId
from events.codec import UnreadReason
from events.envelope import Said
from events.registry import AnyCommand, AnyFact
from orchestrator import subjects
from orchestrator.decision import Decision
from workers.journal.fold import Fold, mark
from workers.journal.record import Entry
from workers.replay.shown import Effect, Part, effect, outcome_said, said_of, told_said


class Kind(StrEnum):
    """How a decision differs; the first that fits counts."""

    RAISES = "raises"
    """Today's code fails at it."""
    MENDED = "mended"
    """It failed then, and does not today."""
    EFFECTS = "effects"
    """Other commands, or the same about something else."""
    OUTCOMES = "outcomes"
    """Other tasks, incidents, ends, or facts said to others."""
    REASONS = "reasons"
    """The same is done, for another reason."""
    LOOK = "look"
    """The same is done and said; it is looked at again at another time."""


class Difference(Part):
    """One decision that today's code takes otherwise."""

    kind: Kind
    subject: SubjectId
    offset: int
    """Of the inbox record that was decided."""
    partition: int
    at: Instant
    heard: str
    """The type of what was heard."""
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    fires: tuple[Effect, ...] = ()
    """Commands that today's code would order and that were not ordered."""
    spares: tuple[Effect, ...] = ()
    """Commands that were ordered and that today's code would not order."""
    outcomes: tuple[str, ...] = ()
    """What would become true by deciding and did not, after `+`; what did and would not, after `-`."""


@dataclass
class Comparing(Fold):
    """A fold that compares each record's decision with today's before it folds it in."""

    differences: list[Difference] = field(default_factory=list)
    compared: int = 0
    passed_over: int = 0
    """Copies and what nobody could read: nothing was decided on them, so nothing is decided anew."""
    only: frozenset[SubjectId] | None = None
    since: datetime | None = None
    """Decisions before this moment are folded and not compared."""

    def follow(self, value: bytes) -> Entry | None:
        """Fold a record in if it follows the head, comparing it on the way."""
        entry = self._accepted(value)
        if entry is None:
            return None
        heard = entry.heard
        if heard is None or entry.duplicate:
            self.passed_over += self._asked(entry)
            self._advance(entry, b"")
            return entry
        state = subjects.hear(self.state(entry.subject), heard.message, heard.time, now=entry.at)
        known_by = mark(heard)
        if self._asked(entry):
            self.compared += 1
            self._compare(entry, heard, state, known_by)
        self._advance(entry, known_by, state)
        return entry

    def _asked(self, entry: Entry) -> bool:
        return (self.only is None or entry.subject in self.only) and (self.since is None or entry.at >= self.since)

    def _compare(self, entry: Entry, heard: Said[AnyFact], state: subjects.State, known_by: bytes) -> None:
        raised = entry.unread is not None and entry.unread.reason == UnreadReason.DECISION_RAISED
        try:
            today = subjects.decide(state, heard.message, now=entry.at, terms=self.terms)
            # The look that stands was at a time not said before, so the same one need not be asked for anew.
            if today.look_again_at != entry.decision.look_again_at:
                today = self.asking_anew(today, entry.subject, known_by, now=entry.at)
        except Exception as error:  # noqa: BLE001 - what today's code raises is what is to be found out
            if not raised:
                self._note(Kind.RAISES, entry, heard, after=(type(error).__name__,))
            return
        kind = Kind.MENDED if raised else differs(entry.decision, today)
        if kind is not None:
            self._note(kind, entry, heard, today=today)

    def _note(
        self,
        kind: Kind,
        entry: Entry,
        heard: Said[AnyFact],
        *,
        today: Decision | None = None,
        after: tuple[str, ...] = (),
    ) -> None:
        then = entry.decision
        now = today if today is not None else Decision()
        self.differences.append(
            Difference(
                kind=kind,
                subject=entry.subject,
                offset=entry.link.offset,
                partition=self.partition,
                at=entry.at,
                heard=heard.message.type,
                before=said_of(then.because),
                after=after or said_of(now.because),
                fires=_less(now.commands, then.commands),
                spares=_less(then.commands, now.commands),
                outcomes=_outcomes(then, now),
            )
        )


def differs(then: Decision, today: Decision) -> Kind | None:
    """How today's decision differs from the recorded one; None when it does not."""
    if then == today:
        return None
    if _less(then.commands, today.commands) or _less(today.commands, then.commands):
        return Kind.EFFECTS
    if (then.outcomes, then.tells) != (today.outcomes, today.tells):
        return Kind.OUTCOMES
    if _reasons(then) != _reasons(today):
        return Kind.REASONS
    return Kind.LOOK if then.look_again_at != today.look_again_at else None  # in another order, then


def _reasons(decision: Decision) -> list[tuple[str | None, str]]:
    return [(because.line, because.reason) for because in decision.because]


def _less(these: Iterable[AnyCommand], those: Iterable[AnyCommand]) -> tuple[Effect, ...]:
    there = list(those)
    return tuple(effect(command) for command in these if command not in there)


def _outcomes(then: Decision, now: Decision) -> tuple[str, ...]:
    before, after = _true_and_told(then), _true_and_told(now)
    return (*(f"+{one}" for one in after if one not in before), *(f"-{one}" for one in before if one not in after))


def _true_and_told(decision: Decision) -> list[str]:
    return [*map(outcome_said, decision.outcomes), *map(told_said, decision.tells)]


ORDER: Final = {kind: place for place, kind in enumerate(Kind)}
"""The gravest first."""
