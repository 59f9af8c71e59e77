"""When a provider carries a port out, refuses to, or leaves it out of its batch."""

from datetime import datetime, timedelta

import pytest

from events.base import Dossier, Iccid
from events.enrolment import Execution
from events.porting import PortState
from tests.workers.small_world import AGAIN, DOSSIER, MONDAY, OTHER, SIM, Story, line_row
from workers.world.acts import Activate, Cancel, Rebind, Recall, Request
from workers.world.chances import Rates


@pytest.mark.parametrize(
    ("code", "dossier", "iccid", "not_after"),
    [
        ("too_late", DOSSIER, SIM, MONDAY),
        ("other_sim", DOSSIER, OTHER, None),
        ("unknown_dossier", AGAIN, SIM, None),
    ],
)
def test_an_execution_is_refused_when_the_provider_sees_that_it_must_not_be(
    code: str, dossier: Dossier, iccid: Iccid, not_after: datetime | None
) -> None:
    story = Story().is_ready()

    assert story.executes(dossier=dossier, iccid=iccid, not_after=not_after).code == code
    assert story.answers == "handset"


def test_an_execution_is_refused_before_the_first_possible_date() -> None:
    story = Story(rates=Rates.calm(answer_hours=(1, 1), first_possible_days=(20, 20)))
    story.does(Activate(SIM))
    story.does(Request(DOSSIER, story.line.number, SIM, "m-1"))
    story.waits(days=9)

    assert story.executes().code == "too_early"


def test_an_execution_is_refused_while_the_sim_is_not_active() -> None:
    assert Story().has_the_port_accepted().executes().code == "sim_not_active"


def test_an_execution_is_refused_while_a_rebind_is_pending() -> None:
    story = Story().is_ready()
    story.does(Rebind(DOSSIER, OTHER))

    assert story.executes().code == "other_sim"


def test_a_provider_on_call_runs_no_batch_and_the_other_way_round() -> None:
    assert Story().is_ready().books(MONDAY + timedelta(days=30)).code == "on_call_only"
    assert Story(line_row(execution=Execution.BOOKED)).is_ready().executes().code == "batch_only"


def test_a_batch_may_leave_a_port_out_and_the_order_stays_accepted() -> None:
    story = Story(line_row(execution=Execution.BOOKED), Rates.calm(missed_batch=1)).is_ready()
    story.books(story.now + timedelta(days=1))
    story.waits(days=2)

    assert story.ports[-1].missed_batch
    assert story.ports[-1].state is PortState.ACCEPTED
    assert story.answers == "handset"


def test_a_booking_cannot_be_made_or_recalled_in_its_last_hour() -> None:
    story = Story(line_row(execution=Execution.BOOKED)).is_ready()
    story.books(story.now + timedelta(hours=3))
    story.waits(hours=2, minutes=1)

    assert story.does(Recall(DOSSIER)).code == "too_late"
    assert story.does(Cancel(DOSSIER)).code == "too_late"
    late = Story(line_row(execution=Execution.BOOKED)).is_ready()
    assert late.books(late.now + timedelta(minutes=59)).code == "too_late"
