"""An order after which all would be as it is says so, and is not offered."""

from __future__ import annotations

import pytest

from events.base import Account, SubjectId
from events.dispatch import HandedOver
from events.enrolment import LineDropped
from events.planning import WavePaused, WavePlanned
from tests.workers.conftest import Typed
from tests.workers.told import ANN, BOB, ELS, HANDSET, SIM, START, WAVE, Journal, Told, line_of
from workers.cli.exits import Exit

NEW = SubjectId("W-02")
SECOND = WavePlanned(title="second", lines=(line_of(ANN, 2),), opens=START, slots=(), per_slot=1)
GO = ["", " --go --as els --yes 2"]


def told(out: str) -> str:
    """Its last line, where nothing is offered."""
    assert "--go" not in out
    return out.splitlines()[-1]


@pytest.mark.parametrize("verb", ["pause", "stop"])
@pytest.mark.parametrize("go", GO)
def test_a_wave_of_which_no_line_is_under_way(town: Told, typed: Typed, verb: str, go: str) -> None:
    for who in (ANN, BOB):
        town.say(who, LineDropped(line=line_of(who), why="unused", by=Account("els")))
    before = len(town.entries)

    code, out, _err = typed(f"wave {verb} W-01 --why fire{go}")

    assert (code, len(town.entries)) == (Exit.DONE, before)
    assert told(out) == "No line of W-01 is under way, so nothing would change. Nothing was said."


@pytest.mark.parametrize("go", GO)
def test_a_wave_that_is_paused_is_not_paused_again(town: Told, typed: Typed, go: str) -> None:
    town.say(WAVE, WavePaused(by=ELS, why="fire"))
    before = len(town.entries)

    code, out, _err = typed(f"wave pause W-01 --why fire{go}")

    assert (code, len(town.entries)) == (Exit.DONE, before)
    assert told(out) == "It is paused already, so nothing would change. Nothing was said."


@pytest.mark.parametrize("go", GO)
def test_a_wave_that_was_never_started_is_not_paused(town: Told, typed: Typed, go: str) -> None:
    town.line(line_of(ANN, 2)).say(NEW, SECOND)
    before = len(town.entries)

    code, out, _err = typed(f"wave pause W-02 --why fire{go}")

    assert (code, len(town.entries)) == (Exit.DONE, before)
    assert told(out).startswith("W-02 was never started, so nothing irreversible is done in it")


def test_a_wave_that_was_never_started_can_be_stopped(town: Told, typed: Typed) -> None:
    town.line(line_of(ANN, 2)).say(NEW, SECOND)

    assert "Add --go to do it" in typed("wave stop W-02 --why fire")[1]


@pytest.mark.parametrize("go", ["", " --go --as els"])
def test_a_hand_over_that_was_confirmed_before(town: Told, typed: Typed, go: str) -> None:
    town.kit(line_of(ANN)).say(ANN, HandedOver(line=line_of(ANN), iccid=SIM, imei=HANDSET, by=ELS))
    before = len(town.entries)

    code, out, _err = typed(f"confirm E-0001 {SIM} {HANDSET}{go}")

    assert (code, len(town.entries)) == (Exit.DONE, before)
    assert "This was confirmed before" in out
    assert told(out) == "Nothing was said."


@pytest.fixture
def under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else's order is said, and not decided yet."""
    ends = Journal.inbox_ends

    def one_more(journal: Journal) -> dict[int, int]:
        return {partition: end + 1 for partition, end in ends(journal).items()}

    monkeypatch.setattr(Journal, "inbox_ends", one_more)


@pytest.mark.usefixtures("under_way")
def test_while_another_order_is_under_way_a_wave_is_paused_again(town: Told, typed: Typed) -> None:
    town.say(WAVE, WavePaused(by=ELS, why="fire"))

    code, out, _err = typed("wave pause W-01 --why fire --as els --go --yes 2")

    heard = town.entries[-1].heard
    assert code == Exit.DONE
    assert heard is not None
    assert isinstance(heard.message, WavePaused)
    assert heard.actor == "els"
    assert "It is paused already" in out
    assert "But what was said since is not decided yet, and may change that." in out


@pytest.mark.usefixtures("under_way")
def test_while_another_order_is_under_way_a_hand_over_is_confirmed_again(town: Told, typed: Typed) -> None:
    town.kit(line_of(ANN)).say(ANN, HandedOver(line=line_of(ANN), iccid=SIM, imei=HANDSET, by=ELS))
    before = len(town.entries)

    typed(f"confirm E-0001 {SIM} {HANDSET} --go --as els")

    assert len(town.entries) > before
