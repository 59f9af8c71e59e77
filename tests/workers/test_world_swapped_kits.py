"""Two kits that were mixed up: each phone is in the other's hands, and the network is none the wiser."""

from datetime import timedelta

from events.cutover import Leg, Medium
from events.outcomes import Owner
from tests.workers.small_world import IMEI, OTHER, SIM, Story
from workers.world.acts import Activate, Ship
from workers.world.gaps import gap_report
from workers.world.line import Happening, Step
from workers.world.sims import temporary_number


def _given_back(story: Story) -> Story:
    story.line = story.line.later(Happening(story.now + timedelta(minutes=5), Step.KIT_BACK, SIM))
    return story.waits(minutes=10)


def test_a_call_to_the_sim_is_answered_by_another_person_until_the_kits_are_changed_back() -> None:
    story = Story().gets_the_kit().befalls("kits-swapped")
    assert story.is_tested(temporary_number(SIM)) == {Leg.OTHER}

    assert _given_back(story).is_tested(temporary_number(SIM)) == {Leg.HANDSET}


def test_the_network_alone_cannot_tell() -> None:
    story = Story().gets_the_kit().befalls("kits-swapped")

    assert story.is_tested(None, medium=Medium.ATTACH) == {Leg.HANDSET}


def test_before_the_port_the_old_phone_rings_all_the_same() -> None:
    assert Story().is_ready().befalls("kits-swapped").answers == "handset"


def test_a_number_that_moves_onto_it_rings_in_other_hands_where_no_net_catches_it() -> None:
    story = Story().is_ready().befalls("kits-swapped")
    story.executes()
    story.waits(minutes=6)

    assert story.answers == "nothing"
    assert story.is_tested(story.line.number) == {Leg.OTHER}
    assert _given_back(story).answers == "handset"


def test_kits_that_are_mixed_up_after_the_port_are_others_doing() -> None:
    story = Story().is_ready()
    story.executes()
    story.waits(minutes=6)
    story.befalls("kits-swapped").waits(minutes=30)

    (gap,) = gap_report(story.log, ends=story.now).gaps
    assert (gap.owner, gap.cause) == (Owner.OTHERS, "kits-swapped")


def test_whoever_has_another_kit_by_the_time_the_first_comes_back_keeps_that_one_in_use() -> None:
    story = Story().gets_the_kit().befalls("kits-swapped")
    story.does(Ship(OTHER, IMEI, "p-1", "town hall"))
    story.does(Activate(OTHER))
    story.waits(days=9)

    _given_back(story)

    assert story.is_tested(temporary_number(OTHER), OTHER) == {Leg.HANDSET}
    assert story.is_tested(temporary_number(SIM)) == {Leg.NOBODY}
