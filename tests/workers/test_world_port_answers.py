"""What the old provider answers to a request for a port, and what becomes of its yes."""

from datetime import timedelta

from events.outcomes import TaskKind
from events.porting import PortState
from tests.workers.small_world import AGAIN, DOSSIER, SIM, Story
from workers.world.acts import Cancel, Request
from workers.world.chances import Rates


def test_a_request_may_be_refused_on_sight_and_opens_nothing() -> None:
    story = Story(rates=Rates.calm(invalid=1))

    assert story.does(Request(DOSSIER, story.line.number, SIM, "m-1")).code == "1000"
    assert not story.line.dossiers


def test_a_request_may_be_found_wrong_later() -> None:
    assert Story(rates=Rates.calm(failed=1)).has_the_port_accepted().port_states == [PortState.FAILED]


def test_a_blocked_request_is_closed_and_a_new_dossier_may_be_accepted() -> None:
    story = Story(rates=Rates.calm(blocked=1)).has_the_port_accepted()
    assert story.port_states == [PortState.BLOCKED]
    assert story.ports[0].code
    assert story.does(Request(DOSSIER, story.line.number, SIM, "m-1")).code == "dossier_closed"
    story.does(Request(AGAIN, story.line.number, SIM, "m-1"))
    story.waits(days=9)

    assert story.port_states == [PortState.BLOCKED, PortState.ACCEPTED]


def test_only_one_dossier_is_open_per_number_and_the_same_one_is_not_opened_twice() -> None:
    story = Story()
    story.does(Request(DOSSIER, story.line.number, SIM, "m-1"))

    assert story.does(Request(AGAIN, story.line.number, SIM, "m-1")).code == "dossier_open"
    assert not story.does(Request(DOSSIER, story.line.number, SIM, "m-1")).code
    assert len(story.line.dossiers) == 1


def test_a_delayed_answer_says_until_when_and_comes_before_that() -> None:
    story = Story(rates=Rates.calm(delayed=1)).has_the_port_accepted()
    delayed, accepted = story.ports

    assert delayed.state is PortState.DELAYED
    assert delayed.due is not None
    assert delayed.at < accepted.at <= delayed.due


def test_an_answer_that_never_comes_comes_once_somebody_chases_it() -> None:
    story = Story(rates=Rates.calm(unanswered=1)).has_the_port_accepted()
    assert not story.ports

    assert story.asks(TaskKind.CHASE_ANSWER).port_states == [PortState.ACCEPTED]


def test_an_acceptance_lapses_after_ninety_days() -> None:
    story = Story().has_the_port_accepted()
    first = story.ports[0].first_possible
    assert first is not None
    story.waits(days=100)

    assert story.port_states[-1] is PortState.LAPSED
    assert story.ports[-1].at - first == timedelta(days=90)


def test_a_port_may_be_performed_though_nobody_asked() -> None:
    story = Story(rates=Rates.calm(early=1)).has_the_port_accepted()

    assert story.port_states == [PortState.ACCEPTED, PortState.PERFORMED]
    assert story.answers == "nothing"


def test_a_cancellation_is_confirmed_an_hour_later_and_nothing_executes_meanwhile() -> None:
    story = Story().is_ready()
    story.does(Cancel(DOSSIER))
    assert story.executes().code == "not_accepted"
    story.waits(hours=2)

    assert story.port_states[-1] is PortState.CANCELLED
    assert story.answers == "handset"


def test_a_port_under_way_cannot_be_cancelled() -> None:
    story = Story().is_ready()
    story.executes()

    assert story.does(Cancel(DOSSIER)).code == "too_late"


def test_an_answer_may_cross_a_cancellation() -> None:
    story = Story(rates=Rates.calm(answer_hours=(1, 1)))
    story.does(Request(DOSSIER, story.line.number, SIM, "m-1"))
    story.does(Cancel(DOSSIER))
    story.waits(days=1)

    assert story.port_states == [PortState.ACCEPTED, PortState.CANCELLED]
