"""What a person types, what is printed, and what is said: on a programme in memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from events.base import Account
from events.control import Held
from events.dispatch import HandedOver
from events.enrolment import LineDropped
from events.planning import SlotsAdded, WaveStarted
from orchestrator.record import Holder
from orchestrator.shared.wave import Wave
from tests.workers.conftest import Typed
from tests.workers.import_folder import right_folder, write
from tests.workers.struck_town import flawed
from tests.workers.told import ANN, BOB, EVE, OLD_SIM, OTHER_SIM, SIM, WAVE, Told, line_of
from workers.cli.exits import Exit


def _last(told: Told) -> object:
    heard = told.entries[-1].heard
    assert heard is not None
    return heard.message


def test_an_order_without_go_says_nothing(town: Told, typed: Typed) -> None:
    before = len(town.entries)

    for words in (
        "hold E-0001 --why ill",
        "wave pause W-01 --why fire",
        f"confirm E-0001 {SIM}",
        "plan --per-day 4",
    ):
        code, out, _err = typed(words)
        assert (code, out.splitlines()[-1]) == (Exit.DONE, "Nothing was said. Add --go to do it.")

    assert len(town.entries) == before


def test_an_order_without_an_account_tells_how_to_give_one(town: Told, typed: Typed) -> None:
    before = len(town.entries)

    code, _out, err = typed("hold E-0001 --why ill --go")

    assert code == Exit.BAD_INPUT
    assert err.startswith("Not done: no account is given")
    assert "--as ACCOUNT" in err
    assert len(town.entries) == before


def test_a_hold_is_said_under_the_account_and_tells_what_was_decided(town: Told, typed: Typed) -> None:
    code, out, _err = typed("hold E-0001 --why ill --as els --go")

    holder = town.state(ANN)
    assert isinstance(holder, Holder)
    assert code == Exit.DONE
    assert [(held.by, held.why) for held in holder.holds] == [("els", "ill")]
    assert "→ a person holds the line" in out
    assert town.entries[-1].heard is not None
    assert town.entries[-1].heard.actor == "els"


def test_a_hold_and_its_release_leave_no_hold(town: Told, typed: Typed) -> None:
    typed("hold E-0001-1 --why ill --as els --go")
    code, out, _err = typed("release E-0001 --why better --as els --go")

    holder = town.state(ANN)
    assert isinstance(holder, Holder)
    assert (code, holder.holds) == (Exit.DONE, ())
    assert "E-0001-1 is held since" in out


def test_a_release_where_nobody_holds_is_refused(typed: Typed) -> None:
    code, _out, err = typed("release E-0001 --why better --as els --go")

    assert code == Exit.REFUSED
    assert err.splitlines() == [
        "Not released: nobody holds E-0001. Nothing was said.",
        "See what it waits for:  naadloos explain E-0001",
    ]


def test_a_release_of_a_line_of_whom_is_held_as_a_whole_says_what_lifts_that(typed: Typed) -> None:
    typed("hold E-0001 --why ill --as els --go")
    code, _out, err = typed("release E-0001-1 --why better --as els --go")

    assert code == Exit.REFUSED
    assert err.splitlines() == [
        "Not released: nobody holds E-0001-1. Nothing was said.",
        "E-0001 is held as a whole. To lift that:  naadloos release E-0001 --why REASON",
    ]


@pytest.mark.parametrize("who", ["E-0001", "E-0001-1"])
@pytest.mark.parametrize("more", ["", " --correct --why wrong-desk"])
def test_of_a_line_that_is_over_no_hand_over_is_stored(town: Told, typed: Typed, who: str, more: str) -> None:
    town.say(ANN, LineDropped(line=line_of(ANN), why="unused", by=Account("els")))
    before = len(town.entries)

    code, _out, err = typed(f"confirm {who} {SIM}{more} --as els --go")

    assert (code, len(town.entries)) == (Exit.REFUSED, before)
    assert err.splitlines()[-1] == "No hand-over was said. Look at what is known:  naadloos explain E-0001"


@pytest.mark.parametrize(
    ("order", "told"),
    [
        ("hold E-0001", "Not held: E-0001 is over, and nothing is left that a hold could stop."),
        ("hold E-0001-1", "Not held: E-0001-1 is over, and nothing is left that a hold could stop."),
        ("waive E-0001-1 roster_free", "Not waived: E-0001-1 is over, and no gate is left for it to pass."),
    ],
)
def test_of_a_line_that_is_over_nothing_is_held_or_waived(town: Told, typed: Typed, order: str, told: str) -> None:
    town.say(ANN, LineDropped(line=line_of(ANN), why="unused", by=Account("els")))
    before = len(town.entries)

    code, _out, err = typed(f"{order} --why late --as els --go")

    assert (code, len(town.entries)) == (Exit.REFUSED, before)
    assert err.splitlines() == [told, "Nothing was said. See how it went:  naadloos explain E-0001"]


def test_a_waiver_of_an_unknown_condition_is_a_mistake_in_typing(typed: Typed) -> None:
    code, _out, err = typed("waive E-0002-1 roster_fre --why hurry --as els --go")

    assert code == Exit.BAD_INPUT
    assert "did you mean roster_free?" in err


def test_what_keeps_a_person_reachable_cannot_be_waived(town: Told, typed: Typed) -> None:
    before = len(town.entries)

    code, _out, err = typed("waive E-0002-1 net_not_set --why hurry --as els --go")

    assert (code, len(town.entries)) == (Exit.REFUSED, before)
    assert "may be cut off" in err
    assert "naadloos explain E-0002-1" in err


@pytest.mark.parametrize("count", ["1", "3"])
def test_a_wrong_head_count_starts_nothing(town: Told, typed: Typed, count: str) -> None:
    before = len(town.entries)

    code, out, _err = typed(f"wave pause W-01 --why fire --as els --go --yes {count}")

    assert code == Exit.NOT_CONFIRMED
    assert "That is not 2. Nothing was said." in out
    assert len(town.entries) == before


def test_without_a_terminal_the_head_count_has_to_be_given(typed: Typed) -> None:
    code, out, _err = typed("wave pause W-01 --why fire --as els --go")

    assert code == Exit.NOT_CONFIRMED
    assert "--yes 2" in out


def test_the_right_head_count_pauses_the_wave(town: Told, typed: Typed) -> None:
    code, out, _err = typed("wave pause W-01 --why fire --as els --go --yes 2")

    state = town.state(WAVE)
    assert isinstance(state, Wave)
    assert (code, state.state) == (Exit.DONE, "paused")
    assert "Head-count: 2 lines that are not over, of 2 people." in out


def test_a_wave_is_given_more_slots_from_the_day_that_is_named(town: Told, typed: Typed) -> None:
    code, out, _err = typed("wave slots W-01 --from 2027-06-05 --days 2 --why late --as els --go")

    fact = _last(town)
    assert isinstance(fact, SlotsAdded)
    assert (code, len(fact.slots), len(fact.batches)) == (Exit.DONE, 8, 2)
    assert f"{fact.slots[0].start:%a %d %b}" == "Mon 07 Jun"  # the 5th is a Saturday
    assert "No line waits for a slot of this wave." in out


def test_a_wave_that_runs_is_not_started_again(town: Told, typed: Typed) -> None:
    code, out, _err = typed("wave start W-01 --why again --as els --go --yes 2")

    assert code == Exit.DONE
    assert "It is running already, so nothing would change. Nothing was said." in out
    assert sum(isinstance(e.heard.message, WaveStarted) for e in town.entries if e.heard) == 1


def test_a_start_shows_who_is_not_ready_and_why(typed: Typed) -> None:
    _code, out, _err = typed("wave start W-01 --why go")

    assert "1 is not ready and would wait:" in out
    assert "E-0002-1  the second medium of this critical line is not proved  try the second medium" in out


def test_where_nobody_has_anything_to_see_to_first_a_start_calls_no_line_ready(town: Told, typed: Typed) -> None:
    town.wave(line_of(ANN), started=False)

    _code, out, _err = typed("wave start W-01 --why go")

    assert "Nothing stands in the way of starting." in out
    assert "are ready" not in out


def test_an_unknown_wave_is_told_with_those_that_are(typed: Typed) -> None:
    code, _out, err = typed("wave start W-77 --why go")

    assert code == Exit.BAD_INPUT
    assert err.splitlines() == ["Not done: there is no wave W-77. Nothing was said.", "There are: W-01"]


def test_a_right_hand_over_is_stored(town: Told, typed: Typed) -> None:
    town.kit(line_of(ANN))

    code, out, _err = typed(f"confirm E-0001 {SIM} 490154203237518 --as els --go")

    assert code == Exit.DONE
    assert out.startswith("Right: SIM …000014 is the one meant for E-0001-1.")
    assert _last(town) == HandedOver(line=line_of(ANN), iccid=SIM, imei="490154203237518", by="els")  # type: ignore[arg-type]


def test_a_wrong_hand_over_is_stored_and_told_loudly(town: Told, typed: Typed) -> None:
    town.kit(line_of(ANN)).kit(line_of(BOB), OTHER_SIM, None)

    code, out, _err = typed(f"confirm E-0001 {OTHER_SIM} 490154203237518 --as els --go")

    assert code == Exit.DONE
    assert out.startswith("WRONG SIM: SIM …000022 is meant for E-0002-1, not for E-0001-1.")
    assert "task for logistics: settle which SIM is used" in out


def test_an_old_sim_is_refused_and_not_stored(town: Told, typed: Typed) -> None:
    before = len(town.entries)

    code, _out, err = typed(f"confirm E-0001 {OLD_SIM} 490154203237518 --as els --go")

    assert code == Exit.REFUSED
    assert "it is the old SIM of E-0001-1" in err
    assert len(town.entries) == before


def test_a_hand_over_is_taken_back_with_its_reason(town: Told, typed: Typed) -> None:
    town.kit(line_of(ANN))
    typed(f"confirm E-0001 {SIM} 490154203237518 --as els --go")
    code, _out, err = typed(f"confirm E-0001 {SIM} --correct --as els --go")
    assert (code, err.splitlines()[-1]) == (Exit.BAD_INPUT, "Give one:  --why REASON")

    typed(f"confirm E-0001 {SIM} --correct --why wrong-desk --as els --go")

    known = town.known().line(line_of(ANN))
    assert known is not None
    assert known.kit.handed is None


def test_the_plan_is_said_to_waves_and_lines(town: Told, typed: Typed) -> None:
    code, out, _err = typed("plan --as els --go")

    eve = town.known().line(line_of(EVE))
    assert eve is not None
    assert (code, eve.plan.wave) == (Exit.DONE, "W-02")
    assert "naadloos wave start W-02" in out
    assert "Nothing to plan" in typed("plan")[1]


def test_a_folder_is_shown_and_then_imported(town: Told, typed: Typed, tmp_path: Path) -> None:
    folder = write(tmp_path, right_folder())

    code, out, _err = typed(f"import {folder}")
    assert (code, out.splitlines()[-1]) == (Exit.DONE, "Nothing was said. Add --go to do it.")
    assert "2  employees" in out

    code, out, _err = typed(f"import {folder} --go --as els")
    assert code == Exit.DONE
    assert "2 people made known" in out
    assert town.known().line(line_of(EVE)) is not None


def test_a_folder_with_faults_is_bad_input(typed: Typed, tmp_path: Path) -> None:
    code, _out, err = typed(f"import {tmp_path / 'nowhere'}")

    assert code == Exit.BAD_INPUT
    assert err.startswith("Import not done: 1 fault")


def test_an_order_that_nobody_decides_is_not_said_to_be_done(
    town: Told, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.cli.acting.SECONDS", 0.0)
    monkeypatch.setattr(type(town), "decide", lambda *_: None)

    code, _out, err = typed("hold E-0001 --why ill --as els --go")

    assert code == Exit.UNAVAILABLE
    assert "1 message is said and kept, but not decided yet." in err


def test_an_order_on_which_our_own_decision_raises_is_told_as_failed(typed: Typed) -> None:
    with flawed(lambda fact: isinstance(fact, Held)):
        assert typed("hold E-0001 --why ill --as els --go")[0] == Exit.FAILED
