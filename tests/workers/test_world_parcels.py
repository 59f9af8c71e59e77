"""What goes wrong on a kit's way into a person's hands, and what is in the box."""

from datetime import timedelta

from events.cutover import Leg
from events.dispatch import HandedOver, KitLost, KitReturned, MismatchSettled, ParcelStatus
from events.outcomes import TaskKind
from tests.workers.small_world import IMEI, OTHER, SIM, Story, chances
from workers.imports.iccid import iccid_of
from workers.world.acts import Activate, Collect, Ship
from workers.world.chances import Rates
from workers.world.sims import temporary_number


def test_a_parcel_may_be_late_by_a_day() -> None:
    late, calm = (Story(rates=Rates.calm(parcel_late=share)).gets_the_kit() for share in (1, 0))
    arrived = [next(r.at for r in s.said if getattr(r, "status", "") == "delivered") for s in (late, calm)]

    assert arrived[0] - arrived[1] == timedelta(days=1)


def test_a_parcel_may_go_to_a_pick_up_point_and_is_fetched() -> None:
    story = Story(rates=Rates.calm(parcel_pickup=1)).gets_the_kit()

    assert ParcelStatus.READY_FOR_PICKUP in story.parcel_states
    assert story.spoken(HandedOver)


def test_a_parcel_may_be_with_a_neighbour_until_somebody_chases_it() -> None:
    story = Story(rates=Rates.calm(parcel_neighbour=1)).gets_the_kit()
    assert story.parcel_states[-1] is ParcelStatus.DELIVERED
    assert not story.spoken(HandedOver)

    assert story.asks(TaskKind.CHASE_PARCEL).spoken(HandedOver)


def test_a_lost_parcel_is_told_by_the_carrier_and_given_up_by_whoever_chases_it() -> None:
    story = Story(rates=Rates.calm(parcel_lost=1)).gets_the_kit()
    assert story.parcel_states[-1] is ParcelStatus.LOST

    assert story.asks(TaskKind.CHASE_PARCEL).spoken(KitLost) == [KitLost(line=story.line.line, iccid=SIM)]
    assert not story.spoken(HandedOver)


def test_a_kit_that_was_lost_is_not_given_up_again_once_another_arrived() -> None:
    story = Story(rates=Rates.calm(parcel_lost=1)).gets_the_kit()
    story.chances = chances()
    story.does(Ship(OTHER, IMEI, "p-1", "town hall"))
    story.waits(days=9)

    assert not story.asks(TaskKind.CHASE_PARCEL).spoken(KitLost)


def test_another_sim_in_the_box_is_scanned_as_it_is_and_settled_by_a_rebind() -> None:
    story = Story(rates=Rates.calm(wrong_sim=1)).gets_the_kit()
    (scanned,) = story.spoken(HandedOver)
    assert isinstance(scanned, HandedOver)
    assert scanned.iccid != SIM
    assert iccid_of(scanned.iccid) == scanned.iccid
    assert story.is_tested(temporary_number(SIM)) == {Leg.NOBODY}
    story.asks(TaskKind.SETTLE_MISMATCH)

    (settled,) = story.spoken(MismatchSettled)
    assert isinstance(settled, MismatchSettled)
    assert (settled.iccid, settled.choice) == (scanned.iccid, "rebind")
    story.does(Activate(scanned.iccid))
    story.waits(minutes=10)
    assert story.is_tested(temporary_number(scanned.iccid), iccid=scanned.iccid) == {Leg.HANDSET}


def test_another_handset_in_the_box_changes_nothing_about_the_line() -> None:
    story = Story(rates=Rates.calm(wrong_handset=1)).gets_the_kit()
    (scanned,) = story.spoken(HandedOver)

    assert isinstance(scanned, HandedOver)
    assert scanned.imei not in (IMEI, None)
    assert story.is_tested(temporary_number(SIM)) == {Leg.HANDSET}


def test_an_old_kit_that_is_handed_back_too_soon_takes_the_phone_away() -> None:
    story = Story()
    story.does(Collect("p-1"))
    story.waits(days=20)

    assert story.spoken(KitReturned)
    assert story.answers == "nothing"
