"""An open dead letter holds back what cannot be undone, until a person redrives or dismisses it; nothing else waits."""

from __future__ import annotations

import pytest

from events.base import Account, LetterId
from events.control import LetterOpened, LettersDismissed, LettersRedriven
from events.registry import AnyFact
from orchestrator.reasons import Reason
from tests.core.spec import HOLDER, Spec, given

ONE, OTHER = LetterId("commands.cutover/3/7"), LetterId("inbox/3/8")
OPS = Account("ops-1")


def opened(letter: LetterId = ONE) -> LetterOpened:
    return LetterOpened(letter=letter, reason="effect_raised", detail="ZeroDivisionError")


def redriven(*letters: LetterId) -> LettersRedriven:
    return LettersRedriven(letters=letters, act="a-1", why="mended", by=OPS)


def dismissed(*letters: LetterId) -> LettersDismissed:
    return LettersDismissed(letters=letters, act="a-1", why="rubbish", by=OPS)


def in_slot(*facts: AnyFact) -> Spec:
    """A line that would move now, of which these facts are heard at last."""
    spec = given("ready").at("slot start - 1 minute")
    for fact in facts:
        spec.stage.say(HOLDER, fact)
    return spec.at("slot start + 1 minute")


def test_an_open_letter_keeps_the_number_where_it_is_and_is_a_task_of_ops() -> None:
    line = in_slot(opened())

    assert "cutover.execute-port" not in line.ordered
    assert Reason.UNREAD_MESSAGE in line.reasons
    assert "unread-message" in line.tasks


@pytest.mark.parametrize("settled", [redriven(ONE), dismissed(ONE)], ids=["redriven", "dismissed"])
def test_the_number_moves_once_the_letter_is_settled(settled: AnyFact) -> None:
    line = in_slot(opened())
    line.hear()
    line.stage.say(HOLDER, settled)

    assert "cutover.execute-port" in line.ordered
    assert "unread-message" not in line.tasks


def test_a_letter_that_was_settled_before_it_was_heard_of_holds_back_nothing() -> None:
    assert "cutover.execute-port" in in_slot(redriven(ONE), opened()).ordered


def test_another_letter_still_holds_it_back() -> None:
    line = in_slot(opened(), opened(OTHER), dismissed(ONE))

    assert "cutover.execute-port" not in line.ordered
    assert line.holder.unread == {OTHER}


def test_the_same_letter_said_twice_is_one() -> None:
    assert "cutover.execute-port" in in_slot(opened(), opened(), dismissed(ONE)).ordered
