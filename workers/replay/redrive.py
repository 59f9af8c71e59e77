"""Redrive: exactly what a saved what-if shows is done, subject by subject, each looked at again right before and after.

Effects go by business key, so whatever is done twice, by two operators or after a kill -9, is one request.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Protocol

from events.base import LetterId, SubjectId
from events.control import ActBegun, ActEnded, LettersRedriven
from events.envelope import Said
from events.registry import AnyFact
from workers.journal.awaiting import Following, wait_decided
from workers.journal.record import Entry
from workers.replay.approval import Approval, Order, Step, Verdict, View, Why
from workers.replay.redo import Redo
from workers.replay.sandbox import SOURCE
from workers.replay.shown import effect
from workers.runtime.letters import Found
from workers.runtime.saying import Inbox

SECONDS: Final = 30.0
"""How long one subject's decision is waited for. What was said stands, whether or not it was decided by then."""


class Seat(View, Following, Protocol):
    """What a redrive needs of whoever looks on (`workers.cli.session.Session`)."""

    def catch_up(self) -> object:
        """The folds know what the journal says at this moment."""

    def inbox(self) -> Inbox:
        """Where facts are said."""


class Redrive:
    """Carries an order out. `found` holds the record of every letter in it."""

    def __init__(self, seat: Seat, order: Order, found: Mapping[LetterId, Found]) -> None:
        self._seat = seat
        self._order = order
        self._approval = Approval(seat, order, found)
        self._inbox = seat.inbox()
        self.taken_up = 0
        """Subjects about which something was said, as it was not about those that were done already or are unfit."""

    def approved(self) -> tuple[Redo, ...]:
        """The subjects that are taken up."""
        return self._order.what_if.approved()

    def moved(self) -> list[Step]:
        """The subjects, not yet done, of which something else would follow now than was approved."""
        self._seat.catch_up()
        looked = (self._approval.unfit(one) for one in self._order.what_if.approved())
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
            yield self._approval.unfit(one) or self._taken_up(one)

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

    def _taken_up(self, approved: Redo) -> Step:
        self.taken_up += 1
        before = self._approval.ordered(approved)
        again, last = self._said_again(approved), self._redriven(approved)
        if not last:
            return self._unheard(approved)
        if any(entry.unread is not None for entry in (*again, *last)):
            return Step(approved.subject, Verdict.FAILING, Why.RAISED)
        effects = {effect(command) for entry in (*again, *last) for command in entry.decision.commands}
        if effects | before != set(approved.effects):
            return Step(approved.subject, Verdict.FAILING, Why.OTHERWISE)
        return Step(approved.subject, Verdict.MENDED)

    def _unheard(self, approved: Redo) -> Step:
        """No decision was seen on what was just said: somebody else said the same first, or no decider runs."""
        self._seat.catch_up()
        if self._approval.was_redriven(approved.subject):
            return self._approval.as_it_came(approved)
        return Step(approved.subject, Verdict.FAILING, Why.UNDECIDED)

    def _said_again(self, approved: Redo) -> list[Entry]:
        """The records that can be read now are said again, as they were; the decisions on those that are news."""
        news = self._approval.news(approved)
        for found in self._approval.to_say(approved):
            self._inbox.again(found, act=self._order.act)
        self._inbox.flush()
        return self._decided(news)

    def _redriven(self, approved: Redo) -> list[Entry]:
        """The subject hears that its letters were redriven, and is decided on anew."""
        fact = LettersRedriven(letters=approved.mended, act=self._order.act, why=self._order.why, by=self._order.by)
        return self._decided([self._say(approved.subject, self._order.named(approved.subject), fact)])

    def _say(self, subject: SubjectId, id_: str | None, fact: AnyFact) -> Said[AnyFact]:
        said = self._inbox.say(subject, fact, at=self._seat.now(), actor=self._order.by, source=SOURCE, id=id_)
        self._inbox.flush()
        return said

    def _of_programme(self, fact: ActBegun | ActEnded) -> None:
        self._say(SubjectId(f"P-{self._order.what_if.programme}"), None, fact)

    def _decided(self, said: list[Said[AnyFact]]) -> list[Entry]:
        return list(wait_decided(self._seat, said, seconds=SECONDS).values()) if said else []
