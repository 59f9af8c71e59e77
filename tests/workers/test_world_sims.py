"""SIMs that stay mute, die, are blocked or swapped, and which one is in the phone."""

import pytest

from events.cutover import Leg, Medium, Network, ReportedUnreachable
from events.enrolment import Handset, LineKind
from events.messages import Template
from tests.workers.small_world import DOSSIER, IMEI, OTHER, SIM, Story, line_row
from workers.world.acts import Activate, Block, Rebind, Reset, Ship
from workers.world.chances import Rates
from workers.world.line import Health
from workers.world.sims import temporary_number


def test_a_mute_sim_is_active_and_never_attaches_until_it_is_set_up_again() -> None:
    story = Story(rates=Rates.calm(sim_mute=1)).gets_the_kit()
    assert story.sim_states == []
    assert story.is_tested(None, medium=Medium.ATTACH) == {Leg.NOBODY}
    story.does(Reset(SIM))
    story.does(Activate(SIM))
    story.waits(minutes=10)

    assert story.sim_states == ["attached"]


def test_a_sim_that_cannot_be_mended_is_given_up() -> None:
    story = Story(rates=Rates.calm(sim_mute=1, reset_mends=0)).gets_the_kit()
    story.does(Reset(SIM))
    story.does(Activate(SIM))
    story.waits(minutes=15)

    assert story.sim_states == ["failed"]


@pytest.mark.parametrize(("told", "said"), [(1.0, ["attached", "detached"]), (0.0, ["attached"])])
def test_a_sim_may_die_after_its_test_with_or_without_a_word(told: float, said: list[str]) -> None:
    story = Story(rates=Rates.calm(sim_dies=1, death_told=told)).gets_the_kit()
    assert story.is_tested(temporary_number(SIM)) == {Leg.HANDSET}
    story.waits(days=3)

    assert story.sim_states == said
    assert story.is_tested(temporary_number(SIM)) == {Leg.NOBODY}


def test_a_person_whose_phone_died_says_so() -> None:
    story = Story(rates=Rates.calm(sim_dies=1, noticed=1)).is_ready()
    story.executes()
    story.waits(minutes=6)
    story.is_tested(story.line.number)
    story.waits(days=5)

    assert story.spoken(ReportedUnreachable) == [ReportedUnreachable(line=story.line.line)]


def test_a_sim_that_dies_beside_a_phone_that_rings_troubles_nobody() -> None:
    story = Story(rates=Rates.calm(sim_dies=1, noticed=1)).gets_the_kit()
    story.is_tested(temporary_number(SIM))
    story.waits(days=5)

    assert not story.spoken(ReportedUnreachable)


def test_the_old_sim_goes_back_into_the_phone_when_a_letter_says_so() -> None:
    story = Story(line_row(handset=Handset.KEPT)).is_ready()
    story.sets(Network.OLD)
    story.gets(Template.INSERT_SIM)
    story.waits(minutes=30)
    assert story.answers == "net"
    story.gets(Template.PUT_BACK)
    story.waits(minutes=30)
    assert story.answers == "handset"
    story.gets(Template.INSERT_SIM)
    story.waits(minutes=40)

    assert story.answers == "net"
    assert story.is_tested(temporary_number(SIM)) == {Leg.HANDSET}


def test_a_letter_to_insert_that_is_taken_back_in_time_changes_nothing() -> None:
    story = Story(line_row(handset=Handset.KEPT)).is_ready()
    story.gets(Template.INSERT_SIM)
    story.gets(Template.PUT_BACK)
    story.waits(hours=1)

    assert story.answers == "handset"


def test_a_blocked_sim_can_be_used_by_nobody() -> None:
    story = Story().gets_the_kit()
    story.does(Block(SIM))
    story.waits(hours=2)

    assert story.sim_states == ["attached", "blocked"]
    assert story.does(Activate(SIM)).code == "sim_blocked"
    assert story.line.sim(SIM).health is Health.BLOCKED  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", [LineKind.MACHINE, LineKind.DATA])
def test_the_sim_of_a_lift_is_swapped_at_its_place_and_a_mute_one_is_taken_out_again(kind: LineKind) -> None:
    row = line_row(kind=kind, ports=False, handset=Handset.KEPT)
    good = Story(row).gets_the_kit()
    mute = Story(row, Rates.calm(sim_mute=1)).gets_the_kit()

    assert good.is_tested(None, medium=Medium.ALARM) == {Leg.HANDSET}
    assert mute.is_tested(None, medium=Medium.ALARM) == {Leg.NOBODY}
    assert (good.answers, mute.answers) == ("handset", "handset")


def test_after_the_port_an_earlier_kit_stays_in_use_until_the_number_is_on_the_new_one() -> None:
    story = Story().is_ready()
    story.executes()
    story.waits(minutes=6)
    story.does(Activate(OTHER))
    story.does(Ship(OTHER, IMEI, "p-1", "town hall"))
    story.waits(days=9)
    assert story.answers == "handset"
    story.does(Rebind(DOSSIER, OTHER))
    story.waits(hours=1)

    assert story.is_tested(story.line.number, iccid=OTHER) == {Leg.HANDSET}
