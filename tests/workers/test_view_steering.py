import pytest

from events.base import Account
from events.control import Held, Waivable
from orchestrator.record import Holder
from tests.workers.told import ANN, BOB, ELS, Told, line_of, small_town
from workers.runtime.unable import UnableToAllowError, UnableToUnderstandError
from workers.views.named import holder_of
from workers.views.steering import hold, hold_told, holds_of, release, waive, waive_told

MIA = Account("mia")


def _holder(told: Told, who: str) -> Holder:
    return holder_of(told.known(), who)


def test_a_hold_of_a_person_names_no_line_and_of_a_line_names_it() -> None:
    holder = _holder(small_town(), ANN)

    assert hold(holder, ANN, why="ill", by=ELS).line is None
    assert hold(holder, line_of(ANN), why="ill", by=ELS).line == line_of(ANN)
    assert "no port is carried out" in hold_told(holder, ANN)[0]


def test_a_release_where_nobody_holds_is_refused() -> None:
    with pytest.raises(UnableToAllowError, match="nobody holds E-0001") as unable:
        release(_holder(small_town(), ANN), ANN, why="better", by=ELS)

    assert "naadloos explain E-0001" in str(unable.value)


def test_a_release_shows_the_holds_that_it_lifts() -> None:
    told = small_town()
    told.say(ANN, Held(why="ill", by=MIA))

    assert holds_of(_holder(told, ANN), ANN) == ["E-0001 is held since Mon 11 Jan 2027 08:00 by mia: ill"]


def test_a_waiver_counts_with_the_second_account() -> None:
    told, line = small_town(), line_of(BOB)
    first = waive(_holder(told, BOB), line, "second_medium", why="tried by hand", by=ELS)
    assert waive_told(_holder(told, BOB).lines[line], first)[-1].startswith("It counts once a colleague")

    told.say(BOB, first)

    second = waive(_holder(told, BOB), line, "second_medium", why="tried by hand", by=MIA)
    assert waive_told(_holder(told, BOB).lines[line], second)[-1].startswith("els waived it before")


def test_the_same_account_cannot_waive_twice() -> None:
    told, line = small_town(), line_of(BOB)
    told.say(BOB, waive(_holder(told, BOB), line, "second_medium", why="tried by hand", by=ELS))

    with pytest.raises(UnableToAllowError, match="els waived this for E-0002-1 already") as unable:
        waive(_holder(told, BOB), line, Waivable.SECOND_MEDIUM, why="again", by=ELS)

    assert "--as their own account" in str(unable.value)


def test_a_waiver_is_for_a_line_and_not_for_a_person() -> None:
    with pytest.raises(UnableToUnderstandError, match="E-0001 is no line"):
        waive(_holder(small_town(), ANN), ANN, "roster_free", why="agreed", by=ELS)
