"""The life of one line in the simulated world when nothing goes wrong."""

from datetime import timedelta
from itertools import pairwise

from events.cutover import Leg, Medium, Network
from events.dispatch import HandedOver, KitReturned
from events.enrolment import Execution, Handset
from events.messages import Template
from events.planning import SlotConfirmed
from events.porting import PortState
from tests.workers.small_world import DESK, DOSSIER, IMEI, MONDAY, SIM, Story, line_row
from workers.providers.ports import Booking, PortStatus
from workers.providers.reports import ParcelReport, SimReport
from workers.world.acts import Activate, Ask, Collect, EndOldLine, Rebind, Recall, SetForward
from workers.world.gaps import gap_report
from workers.world.leader import TEAM_LEAD
from workers.world.line import Step
from workers.world.model import HANDLERS
from workers.world.parcels import LOGISTICS
from workers.world.sims import temporary_number


def test_a_kit_comes_into_the_hands_of_the_person_and_attaches() -> None:
    story = Story().gets_the_kit()

    statuses = [report.status for report in story.said if isinstance(report, ParcelReport)]
    assert statuses == ["picked_up", "out_for_delivery", "delivered"]
    assert story.spoken(HandedOver) == [HandedOver(line=story.line.line, iccid=SIM, imei=IMEI, by=LOGISTICS)]
    assert [report.state for report in story.said if isinstance(report, SimReport)] == ["attached"]
    assert story.is_tested(temporary_number(SIM)) == {Leg.HANDSET}
    assert story.answers == "handset"


def test_a_port_is_accepted_with_a_first_possible_date_and_the_sim_as_ordered() -> None:
    story = Story().has_the_port_accepted(early_termination=False)

    (accepted,) = story.ports
    assert accepted.state is PortState.ACCEPTED
    assert accepted.iccid == SIM
    assert accepted.first_possible is not None
    assert timedelta(days=1) <= accepted.first_possible - accepted.at <= timedelta(days=20)


def test_an_executed_port_interrupts_and_then_rings_on_the_new_sim() -> None:
    story = Story().is_ready()
    story.executes()

    assert story.answers == "nothing"
    story.waits(minutes=6)
    assert story.ports[-1].state is PortState.PERFORMED
    assert story.answers == "handset"
    assert story.is_tested(story.line.number) == {Leg.HANDSET}
    assert story.is_tested(temporary_number(SIM)) == {Leg.NOBODY}
    report = gap_report(story.log)
    assert not report.gaps
    assert 20 <= report.port_interruption_seconds.max <= 240


def test_the_interruption_is_not_caught_by_a_forward() -> None:
    story = Story().is_ready()
    story.sets(Network.OLD)
    story.sets(Network.NEW)
    story.executes()

    assert story.is_tested(story.line.number) == {Leg.NOBODY}


def test_text_messages_follow_the_port_later() -> None:
    story = Story().is_ready()
    story.executes()
    story.waits(minutes=6)
    performed = story.now
    story.waits(days=6)

    assert story.line.sms_from is not None
    assert story.line.sms_from <= performed + timedelta(days=5)
    assert story.is_tested(story.line.number, medium=Medium.SMS) == {Leg.HANDSET}


def test_before_the_port_the_number_rings_on_the_old_phone_and_proves_nothing_of_the_new_sim() -> None:
    story = Story().gets_the_kit()

    assert story.is_tested(story.line.number) == {Leg.OTHER}
    assert story.is_tested(story.line.number, iccid=line_row().old_iccid or SIM) == {Leg.HANDSET}


def test_a_booked_port_runs_within_half_an_hour_and_can_be_recalled_before() -> None:
    story = Story(line_row(execution=Execution.BOOKED)).is_ready()
    start = (story.now + timedelta(days=1)).replace(hour=1)
    booked = story.books(start)
    assert booked.value == Booking(start, start - timedelta(minutes=60))
    assert not story.does(Recall(DOSSIER)).code
    assert not story.books(start + timedelta(days=1)).code
    story.waits(until=start + timedelta(hours=2))
    assert story.line.port(DOSSIER).state is PortState.BOOKED  # type: ignore[union-attr]
    story.waits(until=start + timedelta(days=1, minutes=31))

    assert story.ports[-1].state is PortState.PERFORMED
    assert story.answers == "handset"


def test_with_one_phone_the_new_sim_goes_in_when_the_letter_says_so_and_the_forward_catches_calls() -> None:
    story = Story(line_row(handset=Handset.KEPT)).is_ready()
    assert story.answers == "handset"
    assert story.is_tested(None, medium=Medium.ATTACH) == {Leg.NOBODY}
    story.sets(Network.OLD)
    story.gets(Template.INSERT_SIM)
    story.waits(minutes=30)

    assert story.answers == "net"
    assert story.is_tested(story.line.number) == {Leg.FORWARD}
    assert story.is_tested(temporary_number(SIM)) == {Leg.HANDSET}
    story.executes()
    story.waits(minutes=6)
    assert story.answers == "handset"
    report = gap_report(story.log)
    assert not report.gaps
    assert report.covered_minutes > 0


def test_an_invitation_is_answered_within_two_days() -> None:
    story = Story()
    slot = MONDAY + timedelta(days=10)
    story.gets(Template.INVITATION, slot_start=slot.isoformat(), slot_end=(slot + timedelta(hours=1)).isoformat())
    story.waits(days=3)

    assert story.spoken(SlotConfirmed) == [SlotConfirmed(line=story.line.line, start=slot)]


def test_the_old_kit_comes_back_after_it_was_asked_for() -> None:
    story = Story().is_ready()
    story.executes()
    story.waits(minutes=6)
    story.does(Collect("p-1"))
    story.waits(days=16)

    assert story.spoken(KitReturned)
    assert story.answers == "handset"


def test_a_line_without_a_port_ends_by_notice_and_its_replacement_answers() -> None:
    story = Story(line_row(ports=False)).gets_the_kit()
    story.does(EndOldLine(story.line.number, TEAM_LEAD, story.now))

    assert story.answers == "handset"
    assert not gap_report(story.log).gaps


def test_the_same_reference_is_answered_as_before_and_does_nothing() -> None:
    story = Story()
    first = story.does(SetForward(Network.OLD, story.line.number, None, DESK, 1), "gm/E-0001-1/net/1")
    before = story.line
    again = story.does(SetForward(Network.OLD, story.line.number, None, DESK, 1), "gm/E-0001-1/net/1")
    other = story.does(SetForward(Network.OLD, story.line.number, None, DESK, 2), "gm/E-0001-1/net/1")

    assert again == first
    assert story.line == before
    assert other.code == "reference_used_for_another_request"


def test_a_dossier_can_be_asked_for() -> None:
    story = Story()
    assert story.does(Ask(DOSSIER)).value == PortStatus(PortState.UNKNOWN, since=MONDAY)
    story.has_the_port_accepted()

    status = story.does(Ask(DOSSIER)).value
    assert isinstance(status, PortStatus)
    assert status.state is PortState.ACCEPTED
    assert status.iccid == SIM


def test_a_rebind_is_confirmed_and_after_the_port_moves_the_number() -> None:
    other = SIM[:-2] + "25"
    story = Story().is_ready()
    story.executes()
    story.waits(minutes=6)
    story.does(Activate(other))  # type: ignore[arg-type]
    story.does(Rebind(DOSSIER, other))  # type: ignore[arg-type]
    story.waits(minutes=11)

    assert story.ports[-1].rebound
    assert story.ports[-1].iccid == other
    assert story.answers == "nothing"


def test_times_outside_the_cut_over_are_whole_hours() -> None:
    story = Story().is_ready()

    outside = [r.at for r in story.said if not isinstance(r, SimReport)]
    assert all(at.minute == at.second == 0 for at in outside)


def test_reports_come_in_the_order_in_which_they_are_true() -> None:
    story = Story().is_ready()

    assert all(one.at <= next_.at for one, next_ in pairwise(story.said))
    assert len({report.id for report in story.said}) == len(story.said)


def test_everything_on_the_agenda_has_somebody_who_does_it() -> None:
    assert set(HANDLERS) == set(Step)
