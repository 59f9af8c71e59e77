"""A small town of which two employees' hand-overs came while our own decisions on hand-overs failed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from events.base import Account, LetterId, SubjectId
from events.control import LettersRedriven
from events.dispatch import HandedOver
from events.registry import AnyFact
from orchestrator import subjects
from orchestrator.record import Holder
from tests.workers.told import ANN, BOB, EVE, HANDSET, SETTINGS, SIM, TERMS, InMemory, Journal, Told, line_of
from workers.journal.letters import still_open
from workers.replay.approval import Order, Step
from workers.replay.redrive import Redrive
from workers.replay.whatif import Basis, WhatIf
from workers.runtime.letters import Found

OPS = Account("ops-1")


class Raw(Told):
    """A town that remembers the records of its inbox."""

    def __init__(self) -> None:
        super().__init__()
        self.records: dict[LetterId, Found] = {}

    def decide(self, raw: bytes, subject: SubjectId) -> Any:  # noqa: ANN401 - as in `Told`
        offset = self.fold.offset + 1
        found = Found("inbox", 0, offset, subject.encode(), raw)
        self.records[found.letter] = found
        return super().decide(raw, subject)


@contextmanager
def flawed(fails: Callable[[AnyFact], bool]) -> Iterator[None]:
    """Meanwhile our own decisions fail on some facts."""
    right = subjects.decide

    def decide(state: Any, fact: AnyFact, **more: Any) -> Any:  # noqa: ANN401 - hands on what it gets
        if fails(fact):
            raise ZeroDivisionError
        return right(state, fact, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subjects, "decide", decide)
        yield


@contextmanager
def deciding_otherwise(patch: Callable[[Any, AnyFact], Any]) -> Iterator[None]:
    """Meanwhile deciders are of another mind than a what-if: their decisions on what was redriven go by here."""
    decide_raw, decide = Raw.decide, subjects.decide

    def otherwise(state: Any, fact: AnyFact, **more: Any) -> Any:  # noqa: ANN401 - hands on what it gets
        decision = decide(state, fact, **more)
        return patch(decision, fact) if isinstance(fact, LettersRedriven) else decision

    def decided(told: Raw, raw: bytes, subject: SubjectId) -> Any:  # noqa: ANN401 - as in `Told`
        with pytest.MonkeyPatch.context() as meanwhile:
            meanwhile.setattr(subjects, "decide", otherwise)
            return decide_raw(told, raw, subject)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Raw, "decide", decided)
        yield


def raising(_decision: Any, _fact: AnyFact) -> Any:  # noqa: ANN401 - for `deciding_otherwise`
    """Our own code fails."""
    raise ZeroDivisionError


def handed(subject: SubjectId) -> HandedOver:
    return HandedOver(line=line_of(subject), iccid=SIM, imei=HANDSET, by=Account("desk"))


def struck_town() -> Raw:
    """Ann's and Bob's hand-overs came while decisions on hand-overs failed; Eve's life went on."""
    told = Raw()
    for who in (ANN, BOB, EVE):
        told.employee(who, superuser=None).line(line_of(who))
    told.wave(line_of(ANN), line_of(BOB), line_of(EVE))
    told.kit(line_of(ANN))
    with flawed(lambda fact: isinstance(fact, HandedOver)):
        for who in (ANN, BOB):
            told.say(who, handed(who))
    return told


def seat(told: Raw) -> InMemory:
    here = InMemory(SETTINGS, TERMS, {0: told.fold}, Journal(told, position=len(told.entries)))
    here.told = told
    return here


def what_if(told: Raw, *subjects_: SubjectId) -> WhatIf:
    letters = told.fold.letters
    basis = Basis({0: told.fold}, told.waits, letters, told.records)
    mine = {who: [letter.id for letter in still_open(letters) if letter.subject == who] for who in subjects_}
    redos = tuple(basis.redo(who, of, now=told.at) for who, of in mine.items())
    return WhatIf(programme="gm", code="c0de", at=told.at, asked="", redos=redos)


def redriven(told: Raw, order: WhatIf) -> list[Step]:
    redrive = Redrive(seat(told), Order(order, "mended", OPS), told.records)
    redrive.begin()
    steps = list(redrive.steps())
    redrive.end(steps, stopped=False)
    return steps


def unread(told: Raw, who: SubjectId) -> frozenset[LetterId]:
    state = told.state(who)
    assert isinstance(state, Holder)
    return state.unread
