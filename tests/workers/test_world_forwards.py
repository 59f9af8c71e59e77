"""Forwards that are lost, stale, the person's own, or lead nowhere."""

from events.cutover import Leg, Network
from events.enrolment import Handset
from events.messages import Template
from tests.workers.small_world import DESK, Story, line_row
from workers.providers.reports import ForwardReport
from workers.world.acts import SetForward
from workers.world.chances import Rates


def test_a_forward_may_be_lost_and_the_network_says_so() -> None:
    story = Story(rates=Rates.calm(forward_lost=1))
    story.sets(Network.OLD)
    story.waits(days=4)

    assert [r.network for r in story.said if isinstance(r, ForwardReport)] == [Network.OLD]
    assert story.line.old_forward.target is None


def test_a_clear_of_an_older_generation_is_stale() -> None:
    story = Story()
    story.sets(Network.OLD, generation=2)

    assert story.clears(Network.OLD, generation=1).code == "stale"
    assert story.sets(Network.OLD, generation=1).code == "stale"
    assert story.line.old_forward.target == DESK


def test_a_forward_that_the_person_had_is_told_and_can_be_restored() -> None:
    story = Story(rates=Rates.calm(own_forward=1))
    before = story.sets(Network.OLD).value

    assert before == story.line.old_forward.own
    assert before is not None


def test_voicemail_is_heard_and_reaches_nobody() -> None:
    story = Story(line_row(handset=Handset.KEPT), Rates.calm(own_forward=1)).gets_the_kit()
    story.gets(Template.INSERT_SIM)
    story.waits(minutes=30)

    assert story.is_tested(story.line.number) == {Leg.VOICEMAIL}
    assert story.answers == "nothing"


def test_a_forward_to_the_number_itself_catches_nothing() -> None:
    story = Story(line_row(handset=Handset.KEPT)).gets_the_kit()
    story.does(SetForward(Network.OLD, story.line.number, None, story.line.number, 1))
    story.gets(Template.INSERT_SIM)
    story.waits(minutes=30)

    assert story.answers == "nothing"
