"""What people do with an invitation, and while they are away or gone."""

from datetime import date, timedelta

from events.dispatch import HandedOver, KitReturned
from events.enrolment import Handset, LineKind
from events.messages import Template
from events.planning import PersonMissedSlot, SlotConfirmed, SlotDeclined
from tests.workers.small_world import EMPLOYEE, MONDAY, SIM, Story, line_row
from workers.imports.roster import Absence, Leaver
from workers.world.acts import Activate, Collect
from workers.world.chances import Rates


def test_a_person_who_cannot_come_declines() -> None:
    story = Story(rates=Rates.calm(declined=1))
    story.gets(Template.INVITATION, slot_start=(MONDAY + timedelta(days=10)).isoformat())
    story.waits(days=3)

    assert story.spoken(SlotDeclined)
    assert not story.spoken(SlotConfirmed)


def test_an_invitation_may_stay_unanswered() -> None:
    story = Story(rates=Rates.calm(never_answers=1))
    story.gets(Template.INVITATION, slot_start=(MONDAY + timedelta(days=10)).isoformat())
    story.waits(days=20)

    assert not story.said


def test_a_person_who_agreed_may_not_come_and_leaves_the_sim_where_it_is() -> None:
    story = Story(line_row(handset=Handset.KEPT), Rates.calm(no_show=1)).gets_the_kit()
    slot = (story.now + timedelta(days=5)).replace(hour=10)
    story.gets(Template.INVITATION, slot_start=slot.isoformat())
    story.waits(until=slot)
    story.gets(Template.INSERT_SIM)
    story.waits(hours=1)

    (missed,) = story.spoken(PersonMissedSlot)
    assert missed == PersonMissedSlot(line=story.line.line, start=slot)
    assert story.answers == "handset"


def test_a_person_who_is_away_gets_the_kit_on_return_and_declines_a_slot_until_then() -> None:
    back = MONDAY + timedelta(days=14)
    absence = Absence(employee=EMPLOYEE, announced=MONDAY, since=MONDAY + timedelta(days=1), until=back)
    story = Story(absence=absence).gets_the_kit()
    assert not story.spoken(HandedOver)
    story.gets(Template.INVITATION, slot_start=(MONDAY + timedelta(days=12)).isoformat())
    story.waits(until=back + timedelta(days=2))

    assert story.spoken(HandedOver)
    assert not story.spoken(SlotConfirmed)


def test_a_person_who_left_gets_no_kit_and_answers_nothing() -> None:
    leaver = Leaver(employee=EMPLOYEE, announced=MONDAY, last_day=date(2027, 3, 2))
    story = Story(leaver=leaver).gets_the_kit()
    story.gets(Template.INVITATION, slot_start=(story.now + timedelta(days=5)).isoformat())
    story.waits(days=4)

    assert not story.spoken(HandedOver)
    assert not story.spoken(SlotConfirmed)


def test_whoever_reads_that_calls_may_not_arrive_keeps_the_old_phone_that_was_to_go_back() -> None:
    story = Story().gets_the_kit()
    story.does(Collect("p-1", ""))
    story.gets(Template.DISTURBED)
    story.waits(days=30)

    assert not story.spoken(KitReturned)
    assert story.answers == "handset"


def test_whoever_hands_the_new_sim_of_the_one_phone_back_puts_the_old_one_in() -> None:
    story = Story(line_row(handset=Handset.KEPT, kind=LineKind.DATA, ports=False)).gets_the_kit()
    story.does(Activate(SIM))
    story.waits(hours=1)
    swapped = story.line

    story.does(Collect("p-1", SIM))
    story.waits(days=30)

    assert (swapped.old_in_phone, story.line.old_in_phone) == (False, True)
    assert story.answers == "handset"
