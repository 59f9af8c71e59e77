"""Looking back: what was known at a moment, and with hindsight, what was true at it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from events.control import Held
from events.dispatch import HandedOver
from orchestrator.record import Holder
from tests.workers.conftest import Typed
from tests.workers.told import ANN, ELS, HANDSET, SIM, START, TERMS, Told, line_of
from workers.journal.fold import Fold
from workers.journal.past import Past, pasts_of

NOON = START + timedelta(hours=5)
EVENING = START + timedelta(hours=10)


@pytest.fixture
def late(town: Told) -> Told:
    """Ann got her kit at noon, which was heard in the evening; then she was held."""
    town.kit(line_of(ANN))
    town.at = EVENING
    scan = HandedOver(line=line_of(ANN), iccid=SIM, imei=HANDSET, by=ELS)
    town.say(ANN, scan, at=NOON)
    town.say(ANN, Held(why="ill", by=ELS), at=EVENING + timedelta(hours=1))
    return town


def back(told: Told, *, hours: int, hindsight: bool = False) -> Past:
    (fold,) = pasts_of(1, TERMS, until=START + timedelta(hours=hours), hindsight=hindsight)
    for value in told.values:
        fold.follow(value)
    assert isinstance(fold, Past)
    return fold


def handed(fold: Fold) -> str | None:
    state = fold.state(ANN)
    assert isinstance(state, Holder)
    return state.lines[line_of(ANN)].kit.handed


def test_what_was_heard_later_is_not_known_yet(late: Told) -> None:
    assert handed(back(late, hours=6)) is None
    assert handed(back(late, hours=12)) == SIM


def test_what_was_true_and_heard_later_is_known_with_hindsight_and_told_apart(late: Told) -> None:
    fold = back(late, hours=6, hindsight=True)

    assert handed(fold) == SIM
    assert [type(entry.heard.message) for entry in fold.later if entry.heard] == [HandedOver]


def test_what_became_true_later_is_not_known_with_hindsight_either(late: Told) -> None:
    state = back(late, hours=10, hindsight=True).state(ANN)

    assert isinstance(state, Holder)
    assert state.holds == ()


def test_what_was_ordered_later_was_not_ordered_then(late: Told) -> None:
    state = back(late, hours=6, hindsight=True).state(ANN)

    assert isinstance(state, Holder)
    assert "activate" not in state.lines[line_of(ANN)].asks


def test_at_the_end_it_is_what_is_known_now(late: Told) -> None:
    fold = back(late, hours=100)

    assert fold.states == late.fold.states
    assert fold.later == []


@pytest.mark.usefixtures("late")
def test_explain_tells_of_then_and_of_what_was_learned_later(typed: Typed) -> None:
    _, out, _ = typed("explain E-0001 --at 2027-01-11T14:00")

    assert "As it was on Mon 11 Jan 2027 14:00" in out
    assert "Learned later, and true by then" in out
    assert "handed over" in out.split("Learned later")[1]
    assert "handed over" not in out.split("Learned later")[0]
    assert "ill" not in out


@pytest.mark.usefixtures("late")
def test_status_tells_of_then(typed: Typed) -> None:
    assert "As it was on Mon 11 Jan 2027 14:00" in typed("status --at 2027-01-11T14:00")[1]
    assert "Nothing was decided by then" in typed("status --at 2026-01-01")[1]


def test_a_moment_that_is_none_is_told_at_once(capsys: pytest.CaptureFixture[str], typed: Typed) -> None:
    with pytest.raises(SystemExit):
        typed("status --at yesterday")

    assert "give a time such as" in capsys.readouterr().err
