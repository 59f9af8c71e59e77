"""A redrive does exactly what its what-if showed: dead letters are taken up, and nobody else is touched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from events.base import SubjectId
from events.codec import encode
from events.control import ActBegun, ActEnded, Held, LettersDismissed
from events.envelope import Said
from events.registry import AnyFact
from events.upcast import STEPS
from orchestrator import subjects
from orchestrator.decision import Because, Decision
from orchestrator.reasons import Reason
from orchestrator.record import Holder
from tests.workers.struck_town import (
    OPS,
    Raw,
    deciding_otherwise,
    flawed,
    handed,
    raising,
    redriven,
    seat,
    struck_town,
    unread,
    what_if,
)
from tests.workers.told import ANN, BOB, EVE, SIM, line_of
from workers.journal.letters import still_open
from workers.replay.approval import Order, Step, Verdict, Why
from workers.replay.redo import redo
from workers.replay.redrive import Redrive
from workers.runtime.letters import placed


@pytest.fixture
def town() -> Raw:
    return struck_town()


def test_a_what_if_shows_what_would_follow_and_changes_nothing(town: Raw) -> None:
    before, entries = dict(town.fold.states), len(town.entries)

    (ann, bob) = what_if(town, ANN, BOB).redos

    assert (len(ann.mended), len(bob.mended)) == (1, 1)
    assert "nl.naadloos.sim.activate.v1" in {effect.type for effect in ann.effects}
    assert ann.before != ann.after
    assert (town.fold.states, len(town.entries)) == (before, entries)
    assert unread(town, ANN) == set(ann.mended)


def test_a_redrive_does_what_was_shown_and_touches_nobody_else(town: Raw) -> None:
    order, eve = what_if(town, ANN, BOB), town.state(EVE)
    entries = len(town.entries)

    steps = redriven(town, order)

    assert [(step.subject, step.verdict) for step in steps] == [(ANN, Verdict.MENDED), (BOB, Verdict.MENDED)]
    assert (unread(town, ANN), unread(town, BOB)) == (frozenset(), frozenset())
    fired = [command.key for entry in town.entries[entries:] for command in entry.decision.commands]
    assert fired == [effect.key for one in order.redos for effect in one.effects]
    assert town.state(EVE) == eve
    assert list(still_open(town.fold.letters)) == []


def test_the_act_and_what_came_of_it_stand_in_the_journal(town: Raw) -> None:
    order = what_if(town, ANN, BOB)
    redriven(town, order)
    heard = [entry.heard.message for entry in town.entries if entry.heard is not None]

    (begun,) = [fact for fact in heard if isinstance(fact, ActBegun)]
    (ended,) = [fact for fact in heard if isinstance(fact, ActEnded)]
    assert (begun.act, begun.kind, begun.why, begun.by) == (order.digest, "redrive", "mended", OPS)
    assert (ended.act, ended.done, ended.failed, ended.skipped) == (order.digest, 2, 0, 0)


def test_a_redrive_that_was_stopped_goes_on_where_it_was(town: Raw) -> None:
    order = what_if(town, ANN, BOB)
    first = Redrive(seat(town), Order(order, "mended", OPS), town.records)
    assert next(first.steps()).verdict is Verdict.MENDED
    entries = len(town.entries)

    assert Redrive(seat(town), Order(order, "mended", OPS), town.records).moved() == []
    steps = redriven(town, order)

    assert [step.verdict for step in steps] == [Verdict.MENDED, Verdict.MENDED]
    assert {entry.subject for entry in town.entries[entries:]} == {BOB, SubjectId("P-gm")}


def test_a_subject_of_which_something_else_would_follow_by_now_is_named_and_skipped(town: Raw) -> None:
    order = what_if(town, ANN, BOB)
    town.say(BOB, Held(why="on leave", by=OPS))

    redrive = Redrive(seat(town), Order(order, "mended", OPS), town.records)

    assert redrive.moved() == [Step(BOB, Verdict.SKIPPED, Why.MOVED)]
    assert [step.verdict for step in redriven(town, order)] == [Verdict.MENDED, Verdict.SKIPPED]
    assert unread(town, BOB) != frozenset()


def test_a_letter_that_somebody_dismissed_meanwhile_is_left_alone(town: Raw) -> None:
    order = what_if(town, ANN, BOB)
    letters = tuple(unread(town, ANN))
    town.say(ANN, LettersDismissed(letters=letters, act="x", why="known", by=OPS))

    assert redriven(town, order)[0] == Step(ANN, Verdict.SKIPPED, Why.SETTLED)


def test_what_still_fails_is_shown_and_stays_a_letter(town: Raw) -> None:
    with flawed(lambda fact: not isinstance(fact, ActBegun | ActEnded)):
        (ann,) = what_if(town, ANN).redos

    assert (ann.mended, set(ann.failing.values())) == ((), {"decision_raised"})
    assert ann.effects == ()
    assert not ann.changes


def test_bytes_that_can_be_read_now_are_said_again_as_they_were(town: Raw, monkeypatch: pytest.MonkeyPatch) -> None:
    fact = Said(id="h-9", source="/desk", subject=EVE, time=town.at, recorded=town.at, message=handed(EVE))
    of_old = "nl.naadloos.dispatch.handed-over.v0"
    raw = encode(fact).replace(fact.message.type.encode(), of_old.encode())
    town.decide(raw, EVE)
    assert {letter.reason for letter in still_open(town.fold.letters)} >= {"unknown_type"}
    monkeypatch.setitem(STEPS, of_old, lambda data: (fact.message.type, dict(data)))  # the mend: code that knows it

    steps = redriven(town, what_if(town, EVE))

    assert steps == [Step(EVE, Verdict.MENDED)]
    assert [record.value for record in town.records.values()].count(raw) == 2
    state = town.state(EVE)
    assert isinstance(state, Holder)
    assert state.lines[line_of(EVE)].kit.handed == SIM


def test_bytes_that_nobody_can_read_stay_a_letter(town: Raw) -> None:
    town.decide(b"{broken", EVE)
    order = what_if(town, EVE)

    assert set(order.redos[0].failing.values()) == {"not_json"}
    assert order.approved() == ()
    assert placed(next(iter(order.redos[0].failing))) == ("inbox", 0, town.fold.offset)


def test_another_effect_is_another_digest(town: Raw) -> None:
    order = what_if(town, ANN, BOB)
    ann = order.redos[0]

    other = order.model_copy(update={"redos": (ann.model_copy(update={"effects": ()}), order.redos[1])})

    assert other.digest != order.digest
    assert what_if(town, ANN, BOB).digest == order.digest


def test_the_sandbox_leaves_the_fold_as_it_is(town: Raw) -> None:
    before = replace(town.fold, states=dict(town.fold.states), looks=dict(town.fold.looks), seen=set(town.fold.seen))

    redo(town.fold, ANN, list(still_open(town.fold.letters))[:1], town.records, before=(), now=town.at)

    assert town.fold == before


def test_a_decision_that_raises_once_more_leaves_the_subject_failing_and_held_back(town: Raw) -> None:
    order = what_if(town, ANN)
    with deciding_otherwise(raising):
        steps = redriven(town, order)

    assert steps == [Step(ANN, Verdict.FAILING, Why.RAISED)]
    assert unread(town, ANN) != frozenset()


def test_effects_other_than_those_approved_are_told_as_failing(town: Raw) -> None:
    order = what_if(town, ANN)
    assert order.redos[0].effects
    with deciding_otherwise(lambda decision, _fact: decision._replace(commands=())):
        steps = redriven(town, order)

    assert steps == [Step(ANN, Verdict.FAILING, Why.OTHERWISE)]


def test_what_no_decider_decides_in_time_is_failing_and_mended_when_one_does(
    town: Raw, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = what_if(town, ANN)
    monkeypatch.setattr("workers.replay.redrive.SECONDS", 0.0)
    waiting: list[tuple[bytes, SubjectId]] = []
    with pytest.MonkeyPatch.context() as away:
        away.setattr(Raw, "decide", lambda _, raw, subject: waiting.append((raw, subject)))
        steps = redriven(town, order)
    assert steps == [Step(ANN, Verdict.FAILING, Why.UNDECIDED)]

    for raw, subject in waiting:
        town.decide(raw, subject)

    assert redriven(town, order) == [Step(ANN, Verdict.MENDED, Why.ALREADY)]
    assert unread(town, ANN) == frozenset()


def of_which_too_little_was_ordered() -> Raw:
    """Ann's hand-over was decided by code that ordered nothing; no letter is open."""
    told = Raw()
    told.employee(ANN, superuser=None).line(line_of(ANN)).wave(line_of(ANN)).kit(line_of(ANN))
    with pytest.MonkeyPatch.context() as then:
        then.setattr(subjects, "decide", lambda *_, **__: Decision(because=(Because(Reason.DONE, line_of(ANN)),)))
        told.say(ANN, handed(ANN))
    return told


def test_a_subject_without_letters_is_decided_anew_once_however_often_it_is_asked() -> None:
    town = of_which_too_little_was_ordered()
    order = what_if(town, ANN)
    assert (order.redos[0].mended, bool(order.redos[0].effects)) == ((), True)

    assert redriven(town, order) == [Step(ANN, Verdict.MENDED)]

    assert Redrive(seat(town), Order(order, "mended", OPS), town.records).moved() == []
    assert redriven(town, order) == [Step(ANN, Verdict.MENDED, Why.ALREADY)]


def test_a_subject_without_letters_whose_decision_came_late_is_known_as_done(monkeypatch: pytest.MonkeyPatch) -> None:
    town = of_which_too_little_was_ordered()
    order = what_if(town, ANN)
    monkeypatch.setattr("workers.replay.redrive.SECONDS", 0.0)
    waiting: list[tuple[bytes, SubjectId]] = []
    with pytest.MonkeyPatch.context() as away:
        away.setattr(Raw, "decide", lambda _, raw, subject: waiting.append((raw, subject)))
        assert redriven(town, order) == [Step(ANN, Verdict.FAILING, Why.UNDECIDED)]

    for raw, subject in waiting:
        town.decide(raw, subject)

    assert redriven(town, order) == [Step(ANN, Verdict.MENDED, Why.ALREADY)]


@pytest.mark.parametrize(
    ("minds", "why"),
    [(raising, Why.RAISED), (lambda decision, _fact: decision._replace(commands=()), Why.OTHERWISE)],
    ids=["raised again", "decided otherwise"],
)
def test_what_failed_is_still_failing_when_the_same_redrive_is_given_again(
    town: Raw, minds: Callable[[Any, AnyFact], Any], why: Why
) -> None:
    order = what_if(town, ANN)
    with deciding_otherwise(minds):
        assert redriven(town, order) == [Step(ANN, Verdict.FAILING, why)]

    assert redriven(town, order) == [Step(ANN, Verdict.FAILING, why)]


def test_a_redrive_that_was_ended_between_its_two_messages_goes_on_and_orders_nothing_twice(
    town: Raw, monkeypatch: pytest.MonkeyPatch
) -> None:
    fact = Said(id="h-9", source="/desk", subject=ANN, time=town.at, recorded=town.at, message=handed(ANN))
    of_old = "nl.naadloos.dispatch.handed-over.v0"
    town.say(ANN, LettersDismissed(letters=tuple(unread(town, ANN)), act="x", why="known", by=OPS))
    town.decide(encode(fact).replace(fact.message.type.encode(), of_old.encode()), ANN)
    monkeypatch.setitem(STEPS, of_old, lambda data: (fact.message.type, dict(data)))
    order = what_if(town, ANN)
    with pytest.MonkeyPatch.context() as killed:
        killed.setattr(Redrive, "_redriven", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            redriven(town, order)

    assert Redrive(seat(town), Order(order, "mended", OPS), town.records).moved() == []
    assert redriven(town, order) == [Step(ANN, Verdict.MENDED)]
    fired = [command.key for entry in town.entries for command in entry.decision.commands]
    assert sorted(fired) == sorted(set(fired))
    assert {effect.key for effect in order.redos[0].effects} <= set(fired)


def test_what_is_read_while_a_decision_is_waited_for_is_known_as_well(town: Raw) -> None:
    order, here = what_if(town, ANN, BOB), seat(town)
    here.waits.recall(town.waits)

    list(Redrive(here, Order(order, "mended", OPS), town.records).steps())

    here.catch_up()
    assert here.waits.by_subject == town.waits.by_subject
