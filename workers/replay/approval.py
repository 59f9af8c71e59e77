"""What is so now of a what-if that somebody approved: what may still be taken up, and what became of the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from events.base import Account, LetterId, SubjectId
from events.codec import UnreadReason
from events.envelope import Said
from events.registry import AnyFact
from orchestrator.record import Holder
from workers.journal.fold import Fold, mark, mark_of
from workers.journal.letters import Letters, still_open, together
from workers.replay.redo import HEARD_ALREADY, Redo
from workers.replay.sandbox import SOURCE
from workers.replay.shown import Effect
from workers.replay.whatif import Basis, WhatIf
from workers.runtime.language import marked
from workers.runtime.letters import Found, fact_in
from workers.runtime.topics import partition_of
from workers.views.waits import Waits


class Verdict(StrEnum):
    """What became of one subject. Every subject that was approved gets one of these."""

    MENDED = "mended"
    FAILING = "failing"
    SKIPPED = "skipped"


class Why(StrEnum):
    """Why a subject was skipped, or is failing still."""

    ALREADY = marked("was redriven already")
    SETTLED = marked("somebody settled a letter of it meanwhile")
    UNKNOWN = marked("a letter in the file is none of this programme's")
    MOVED = marked("something else would follow now")
    UNDECIDED = marked("said, and not decided yet")
    OTHERWISE = marked("decided otherwise than was shown")
    RAISED = marked("its decision raised again")


class Step(NamedTuple):
    """One subject of a redrive, done."""

    subject: SubjectId
    verdict: Verdict
    why: Why | None = None


@dataclass(frozen=True)
class Order:
    """A what-if that somebody approved, and why."""

    what_if: WhatIf
    why: str
    by: Account

    @property
    def act(self) -> str:
        """The name under which all that is done by it stands in the journal."""
        return self.what_if.digest

    def named(self, subject: SubjectId) -> str:
        """The id under which this subject hears of the act, whoever says so."""
        return f"redriven/{self.act}/{subject}"


class View(Protocol):
    """What is known of the programme (`workers.cli.session.Session`)."""

    folds: dict[int, Fold]
    waits: Waits

    def now(self) -> datetime:
        """The programme's time."""


class Approval:
    """Looks at an approved subject as the programme stands. `found` holds the record of every letter in the order."""

    def __init__(self, view: View, order: Order, found: Mapping[LetterId, Found]) -> None:
        self._view = view
        self._order = order
        self._found = found

    def unfit(self, approved: Redo) -> Step | None:
        """Why this subject is not to be taken up: done already, or no longer as approved. None when it is."""
        letters = self._letters()
        if any(letter not in letters.opened for letter in (*approved.mended, *approved.failing)):
            return Step(approved.subject, Verdict.SKIPPED, Why.UNKNOWN)
        if self.was_redriven(approved.subject):
            return self.as_it_came(approved)
        if any(letter in letters.settled for letter in approved.mended):
            return Step(approved.subject, Verdict.SKIPPED, Why.SETTLED)
        now = self._redo(approved.subject, (*approved.mended, *approved.failing))
        if same(approved, now) or (self._said_before(approved) and self._is_the_rest(approved, now)):
            return None
        return Step(approved.subject, Verdict.SKIPPED, Why.MOVED)

    def _redo(self, subject: SubjectId, letters: Iterable[LetterId]) -> Redo:
        basis = Basis(self._view.folds, self._view.waits, self._letters(), self._found)
        return basis.redo(subject, letters, now=self._view.now())

    def _said_before(self, approved: Redo) -> bool:
        """Whether an approved record was heard since: a redrive was ended between its two messages."""
        return any(self._heard(mark(one)) for one in self._to_hear(approved))

    def _is_the_rest(self, approved: Redo, now: Redo) -> bool:
        """Whether what would follow now and what was ordered since are what was approved."""
        whole = set(now.effects) | self.ordered(approved) == set(approved.effects)
        return whole and now.failing == approved.failing

    def ordered(self, approved: Redo) -> set[Effect]:
        """Which of the approved effects were ordered already."""
        state = self._fold_of(approved.subject).state(approved.subject)
        lines = state.lines.values() if isinstance(state, Holder) else ()
        keys = {ask.key for line in lines for ask in line.asks.values()}
        return {one for one in approved.effects if one.key in keys}

    def _fold_of(self, subject: SubjectId) -> Fold:
        return self._view.folds[partition_of(subject, len(self._view.folds))]

    def as_it_came(self, approved: Redo) -> Step:
        """What became of a subject that was redriven before, by what is so now."""
        since = self._order.what_if.at
        mine = [one for one in still_open(self._letters()) if one.subject == approved.subject and one.at >= since]
        if any(one.reason == UnreadReason.DECISION_RAISED and one.id not in approved.mended for one in mine):
            return Step(approved.subject, Verdict.FAILING, Why.RAISED)
        if set(approved.effects) & set(self._redo(approved.subject, ()).effects):
            return Step(approved.subject, Verdict.FAILING, Why.OTHERWISE)
        return Step(approved.subject, Verdict.MENDED, Why.ALREADY)

    def to_say(self, approved: Redo) -> list[Found]:
        """The records of letters that nobody could read when they came, of those that are still there."""
        letters = self._letters()
        unread = (one for one in approved.mended if letters.opened[one].reason not in HEARD_ALREADY)
        return [self._found[one] for one in unread if one in self._found]

    def news(self, approved: Redo) -> list[Said[AnyFact]]:
        """What those records say that nobody heard yet."""
        return [one for one in self._to_hear(approved) if not self._heard(mark(one))]

    def _to_hear(self, approved: Redo) -> list[Said[AnyFact]]:
        said = (fact_in(found) for found in self.to_say(approved) if found.topic == "inbox")
        return [one for one in said if one is not None]

    def was_redriven(self, subject: SubjectId) -> bool:
        """Whether the subject has heard of this act, whoever said so."""
        return self._heard(mark_of(SOURCE, self._order.named(subject)))

    def _heard(self, known_by: bytes) -> bool:
        return any(known_by in fold.seen for fold in self._view.folds.values())

    def _letters(self) -> Letters:
        return together(fold.letters for fold in self._view.folds.values())


def same(approved: Redo, now: Redo) -> bool:
    """Whether the same would follow as was approved; why the lines wait until then may have changed."""
    return approved.model_copy(update={"before": ()}) == now.model_copy(update={"before": ()})
