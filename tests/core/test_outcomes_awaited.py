"""An irreversible command that may still take effect: what is waited for, asked, and not ordered beside it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from events.cutover import Withdraw
from events.porting import AskPort
from orchestrator.deciding.case import Case
from orchestrator.deciding.cutover import pending
from orchestrator.decision import Because
from orchestrator.reasons import Reason
from orchestrator.record import Ask, AskState, Line, with_
from tests.core.spec import LINE, Spec, given

MINUTE = timedelta(minutes=1)
HOLDS = timedelta(minutes=2)


def ordered(spec: Spec, *, effect: str = "execute", state: AskState = AskState.ASKED, unlimited: bool = False) -> Line:
    """The line once this was ordered as its slot began."""
    at = spec.slot.start
    key = spec.line.asks["port"].key.replace("/port/", f"/{effect}/")
    ask = Ask(key=key, attempt=1, at=at, state=state, not_after=None if unlimited else at + HOLDS)  # type: ignore[arg-type]
    return with_(spec.line, asks={**spec.line.asks, effect: ask})


def told(line: Line, at: datetime, state: AskState = AskState.DONE) -> Line:
    """The line once the provider was asked how its port stands, and answered at once."""
    assert line.port.dossier is not None
    key = line.asks["port"].key.replace("/port/", "/ask-port/")
    ask = Ask(key=key, attempt=1, at=at, state=state, answered_at=at, about=line.port.dossier)  # type: ignore[arg-type]
    return with_(line, asks={**line.asks, "ask-port": ask})


def case(spec: Spec, line: Line, after: timedelta) -> Case:
    assert line.terms is not None
    holder = with_(spec.holder, lines={LINE: line})
    return Case(holder, line, line.terms, now=spec.slot.start + after, terms=spec.stage.terms)


def asks(case: Case) -> list[AskPort]:
    return [command for command in case.commands if isinstance(command, AskPort)]


@pytest.fixture
def spec() -> Spec:
    return given("ready").at("slot start - 1 minute")


def test_nothing_ordered_is_nothing_pending(spec: Spec) -> None:
    assert not pending(case(spec, spec.line, MINUTE))


@pytest.mark.parametrize("state", [AskState.DONE, AskState.REFUSED, AskState.LAPSED, AskState.WITHDRAWN])
def test_nor_is_what_was_answered(spec: Spec, state: AskState) -> None:
    assert not pending(case(spec, ordered(spec, state=state), MINUTE))


def test_an_order_without_an_answer_is_waited_for_a_patience_longer_than_it_holds(spec: Spec) -> None:
    asked = case(spec, ordered(spec), MINUTE)
    known_by = spec.slot.start + HOLDS + spec.stage.terms.patience

    assert pending(asked)
    assert asked.because == [Because(Reason.UNDER_WAY, LINE, spec.slot.start, known_by)]
    assert asked.look_again_at == known_by
    assert asked.commands == []


def test_then_the_provider_is_asked_at_that_very_moment_and_not_before(spec: Spec) -> None:
    patience = HOLDS + spec.stage.terms.patience
    early, due = case(spec, ordered(spec), patience - MINUTE), case(spec, ordered(spec), patience)

    assert pending(early)
    assert asks(early) == []
    assert pending(due)
    (asked,) = asks(due)
    assert asked.dossier == spec.line.port.dossier


def test_an_order_that_says_no_end_is_waited_for_from_when_it_was_given(spec: Spec) -> None:
    asked = case(spec, ordered(spec, unlimited=True), MINUTE)

    assert pending(asked)
    assert asked.look_again_at == spec.slot.start + spec.stage.terms.patience


def test_a_request_without_a_dossier_is_nothing_to_ask_about(spec: Spec) -> None:
    line = ordered(spec)
    asked = case(spec, with_(line, port=with_(line.port, dossier=None)), timedelta(hours=1))

    assert pending(asked)
    assert asks(asked) == []


def test_a_booked_line_waits_for_its_booking_and_not_for_an_execution() -> None:
    booked = given("ready", execution="booked").at("slot start - 25 hours")

    assert pending(case(booked, ordered(booked, effect="book"), -timedelta(hours=2)))
    assert not pending(case(booked, ordered(booked), -timedelta(hours=2)))


def test_an_order_whose_gate_closed_is_taken_back_once(spec: Spec) -> None:
    line = ordered(spec)
    closed = case(spec, with_(line, plan=with_(line.plan, wave_state="paused")), MINUTE)

    assert pending(closed)
    assert [type(command) for command in closed.commands] == [Withdraw]
    taken_back = with_(line, asks={**line.asks, "execute": with_(line.asks["execute"], withdrawal=True)})
    again = case(spec, with_(taken_back, plan=with_(line.plan, wave_state="paused")), MINUTE)
    assert pending(again)
    assert again.commands == []


# Of unknown outcome: only the provider's own word, asked for after the order ended, says that nothing happened.


def unknown(spec: Spec) -> Line:
    return ordered(spec, state=AskState.UNKNOWN)


def test_what_became_of_it_is_asked_once_it_cannot_happen_any_more(spec: Spec) -> None:
    at = spec.stage.terms.not_after + HOLDS
    early, due = case(spec, unknown(spec), at - MINUTE), case(spec, unknown(spec), at)

    assert pending(early)
    assert asks(early) == []
    assert early.because == [Because(Reason.OUTCOME_ASKED, LINE, spec.slot.start, None)]
    assert pending(due)
    assert len(asks(due)) == 1


@pytest.mark.parametrize(
    ("after", "state", "still"),
    [
        (HOLDS + MINUTE, AskState.DONE, False),
        (HOLDS, AskState.DONE, True),  # asked at the moment at which it ended: it may have happened after the answer
        (MINUTE, AskState.DONE, True),
        (HOLDS + MINUTE, AskState.ASKED, True),
        (HOLDS + MINUTE, AskState.UNKNOWN, True),
        (HOLDS + MINUTE, AskState.REFUSED, True),
    ],
)
def test_it_is_settled_by_an_answer_to_what_was_asked_after_its_end(
    spec: Spec,
    after: timedelta,
    state: AskState,
    still: bool,  # noqa: FBT001 - a column of the table
) -> None:
    line = told(unknown(spec), spec.slot.start + after, state)

    assert pending(case(spec, line, timedelta(hours=1))) is still


def test_an_order_that_says_no_end_is_settled_by_what_was_asked_after_it(spec: Spec) -> None:
    line = ordered(spec, state=AskState.UNKNOWN, unlimited=True)

    assert pending(case(spec, told(line, spec.slot.start), timedelta(hours=1)))
    assert not pending(case(spec, told(line, spec.slot.start + MINUTE), timedelta(hours=1)))


def test_an_answer_about_another_request_settles_nothing(spec: Spec) -> None:
    line = told(unknown(spec), spec.slot.start + HOLDS + MINUTE)
    another = with_(line, asks={**line.asks, "ask-port": with_(line.asks["ask-port"], about="NL-OTHER-1")})

    assert pending(case(spec, another, timedelta(hours=1)))


def test_without_a_request_nothing_can_have_become_of_it(spec: Spec) -> None:
    line = unknown(spec)

    assert not pending(case(spec, with_(line, port=with_(line.port, dossier=None)), timedelta(hours=1)))


def test_what_was_asked_at_the_moment_of_the_order_settles_nothing_whenever_the_order_ended(spec: Spec) -> None:
    line = unknown(spec)
    ended = with_(line.asks["execute"], not_after=spec.slot.start - MINUTE)
    line = told(with_(line, asks={**line.asks, "execute": ended}), spec.slot.start)

    assert pending(case(spec, line, timedelta(hours=1)))
