"""Redrive: exactly what a saved what-if shows is done, subject by subject, each looked at again right before and after.

Effects go by business key, so whatever is done twice, by two operators or after a kill -9, is one request.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple, Protocol

from events.base import Account, LetterId, SubjectId
from events.codec import UnreadReason
from events.control import ActBegun, ActEnded, LettersRedriven
from events.envelope import Said
from events.registry import AnyFact
from orchestrator.record import Holder
from workers.journal.awaiting import Following, wait_decided
from workers.journal.fold import Fold, mark, mark_of
from workers.journal.letters import Letters, still_open, together
from workers.journal.record import Entry
from workers.replay.redo import HEARD_ALREADY, SOURCE, Effect, Redo, effect, fact_in
from workers.replay.whatif import Desk, WhatIf
from workers.runtime.language import marked
from workers.runtime.letters import Found
from workers.runtime.saying import Inbox
from workers.runtime.topics import partition_of
from workers.views.waits import Waits

SECONDS: Final = 30.0
"""How long one subject's decision is waited for. What was said stands, whether or not it was decided by then."""


class Verdict(StrEnum):
    """What became of one subject. Every subject that was approved gets one of these."""

    MENDED = "mended"
    FAILING = "failing"
    SKIPPED = "skipped"


ALREADY: Final = marked("was redriven already")
SETTLED: Final = marked("somebody settled a letter of it meanwhile")
UNKNOWN: Final = marked("a letter in the file is none of this programme's")
MOVED: Final = marked("something else would follow now")
UNDECIDED: Final = marked("said, and not decided yet")
OTHERWISE: Final = marked("decided otherwise than was shown")
RAISED: Final = marked("its decision raised again")


class Step(NamedTuple):
    """One subject of a redrive, done."""

    subject: SubjectId
    verdict: Verdict
    why: str = ""


class Seat(Following, Protocol):
    """What a redrive needs of whoever looks on (`workers.cli.session.Session`)."""

    folds: dict[int, Fold]
    waits: Waits

    def catch_up(self) -> object:
        """The folds know what the journal says at this moment."""

    def now(self) -> datetime:
        """The programme's time."""

    def inbox(self) -> Inbox:
        """Where facts are said."""


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


class Redrive:
    """Carries an order out. `found` holds the record of every letter in it."""

    def __init__(self, seat: Seat, order: Order, found: Mapping[LetterId, Found]) -> None:
        self._seat = seat
        self._order = order
        self._found = found
        self._inbox = seat.inbox()

    def approved(self) -> tuple[Redo, ...]:
        """The subjects that are taken up."""
        return self._order.what_if.approved()

    def moved(self) -> list[Step]:
        """The subjects, not yet done, of which something else would follow now than was approved."""
        self._seat.catch_up()
        looked = (self._unfit(one) for one in self._order.what_if.approved())
        return [step for step in looked if step is not None and step.verdict is Verdict.SKIPPED]

    def begin(self) -> None:
        """The act stands in the journal, before anything of it is done."""
        approved = self._order.what_if.approved()
        letters = sum(len(one.mended) for one in approved)
        what = f"{letters} dead letters of {len(approved)} subjects, what-if {self._order.act}"
        self._of_programme(
            ActBegun(act=self._order.act, kind="redrive", what=what, why=self._order.why, by=self._order.by)
        )

    def steps(self) -> Iterator[Step]:
        """Take the subjects up one by one; what is not asked for any more is not begun."""
        for one in self._order.what_if.approved():
            self._seat.catch_up()
            yield self._unfit(one) or self._taken_up(one)

    def end(self, steps: list[Step], *, stopped: bool) -> None:
        """What came of it stands in the journal."""
        count = {verdict: sum(step.verdict is verdict for step in steps) for verdict in Verdict}
        self._of_programme(
            ActEnded(
                act=self._order.act,
                done=count[Verdict.MENDED],
                failed=count[Verdict.FAILING],
                skipped=count[Verdict.SKIPPED],
                stopped=stopped,
                by=self._order.by,
            ),
        )

    def _unfit(self, approved: Redo) -> Step | None:
        """Why this subject is not to be taken up: done already, or no longer as approved. None when it is."""
        letters = self._letters()
        if any(letter not in letters.opened for letter in (*approved.mended, *approved.failing)):
            return Step(approved.subject, Verdict.SKIPPED, UNKNOWN)
        if self._was_redriven(approved.subject):
            return self._as_it_came(approved)
        if any(letter in letters.settled for letter in approved.mended):
            return Step(approved.subject, Verdict.SKIPPED, SETTLED)
        now = self._redo(approved.subject, (*approved.mended, *approved.failing))
        if same(approved, now) or (self._said_before(approved) and self._is_the_rest(approved, now)):
            return None
        return Step(approved.subject, Verdict.SKIPPED, MOVED)

    def _redo(self, subject: SubjectId, letters: Iterable[LetterId]) -> Redo:
        desk = Desk(self._seat.folds, self._seat.waits, self._letters(), self._found)
        return desk.redo(subject, letters, now=self._seat.now())

    def _said_before(self, approved: Redo) -> bool:
        """Whether an approved record was heard since: a redrive was ended between its two messages."""
        return any(self._heard(mark(one)) for one in self._to_hear(approved))

    def _is_the_rest(self, approved: Redo, now: Redo) -> bool:
        """Whether what would follow now and what was ordered since are what was approved."""
        whole = set(now.effects) | self._ordered(approved) == set(approved.effects)
        return whole and now.failing == approved.failing

    def _ordered(self, approved: Redo) -> set[Effect]:
        """Which of the approved effects were ordered already."""
        state = self._fold_of(approved.subject).state(approved.subject)
        lines = state.lines.values() if isinstance(state, Holder) else ()
        keys = {ask.key for line in lines for ask in line.asks.values()}
        return {effect for effect in approved.effects if effect.key in keys}

    def _fold_of(self, subject: SubjectId) -> Fold:
        return self._seat.folds[partition_of(subject, len(self._seat.folds))]

    def _as_it_came(self, approved: Redo) -> Step:
        """What became of a subject that was redriven before, by what is so now."""
        since = self._order.what_if.at
        mine = [one for one in still_open(self._letters()) if one.subject == approved.subject and one.at >= since]
        if any(one.reason == UnreadReason.DECISION_RAISED and one.id not in approved.mended for one in mine):
            return Step(approved.subject, Verdict.FAILING, RAISED)
        if set(approved.effects) & set(self._redo(approved.subject, ()).effects):
            return Step(approved.subject, Verdict.FAILING, OTHERWISE)
        return Step(approved.subject, Verdict.MENDED, ALREADY)

    def _taken_up(self, approved: Redo) -> Step:
        before = self._ordered(approved)
        again, last = self._said_again(approved), self._redriven(approved)
        if not last:
            return self._unheard(approved)
        if any(entry.unread is not None for entry in (*again, *last)):
            return Step(approved.subject, Verdict.FAILING, RAISED)
        effects = {effect(command) for entry in (*again, *last) for command in entry.decision.commands}
        if effects | before != set(approved.effects):
            return Step(approved.subject, Verdict.FAILING, OTHERWISE)
        return Step(approved.subject, Verdict.MENDED)

    def _unheard(self, approved: Redo) -> Step:
        """No decision was seen on what was just said: somebody else said the same first, or no decider runs."""
        self._seat.catch_up()
        if self._was_redriven(approved.subject):
            return self._as_it_came(approved)
        return Step(approved.subject, Verdict.FAILING, UNDECIDED)

    def _said_again(self, approved: Redo) -> list[Entry]:
        """The records that can be read now are said again, as they were; the decisions on those that are news."""
        news = [one for one in self._to_hear(approved) if not self._heard(mark(one))]
        for found in self._unheard_of(approved):
            self._inbox.again(found, act=self._order.act)
        self._inbox.flush()
        return self._decided(news)

    def _unheard_of(self, approved: Redo) -> list[Found]:
        """The records of letters that nobody could read when they came."""
        letters = self._letters()
        return [self._found[one] for one in approved.mended if letters.opened[one].reason not in HEARD_ALREADY]

    def _to_hear(self, approved: Redo) -> list[Said[AnyFact]]:
        said = (fact_in(found) for found in self._unheard_of(approved) if found.topic == "inbox")
        return [one for one in said if one is not None]

    def _was_redriven(self, subject: SubjectId) -> bool:
        """Whether the subject has heard of this act, whoever said so."""
        return self._heard(mark_of(SOURCE, self._name(subject)))

    def _name(self, subject: SubjectId) -> str:
        return f"redriven/{self._order.act}/{subject}"

    def _heard(self, known_by: bytes) -> bool:
        return any(known_by in fold.seen for fold in self._seat.folds.values())

    def _redriven(self, approved: Redo) -> list[Entry]:
        """The subject hears that its letters were redriven, and is decided on anew."""
        fact = LettersRedriven(letters=approved.mended, act=self._order.act, why=self._order.why, by=self._order.by)
        return self._decided([self._say(approved.subject, self._name(approved.subject), fact)])

    def _say(self, subject: SubjectId, id_: str | None, fact: AnyFact) -> Said[AnyFact]:
        said = self._inbox.say(subject, fact, at=self._seat.now(), actor=self._order.by, source=SOURCE, id=id_)
        self._inbox.flush()
        return said

    def _of_programme(self, fact: ActBegun | ActEnded) -> None:
        self._say(SubjectId(f"P-{self._order.what_if.programme}"), None, fact)

    def _decided(self, said: list[Said[AnyFact]]) -> list[Entry]:
        return list(wait_decided(self._seat, said, seconds=SECONDS).values()) if said else []

    def _letters(self) -> Letters:
        return together(fold.letters for fold in self._seat.folds.values())


def same(approved: Redo, now: Redo) -> bool:
    """Whether the same would follow as was approved; why the lines wait until then may have changed."""
    return approved.model_copy(update={"before": ()}) == now.model_copy(update={"before": ()})
