"""What goes wrong in the simulated world, one deviation at a time, and what the world then says and answers."""

from datetime import date, datetime, timedelta

import pytest

from events.base import Dossier, Iccid
from events.control import TaskDone
from events.cutover import EndApproved, Leg, Medium, Network, ReportedUnreachable, SecondMediumProved
from events.dispatch import HandedOver, KitLost, KitReturned, MismatchSettled, ParcelStatus
from events.enrolment import Execution, Handset, LeaverSettled, LineKind, MandateFiled
from events.messages import Template
from events.outcomes import TaskKind
from events.planning import PersonMissedSlot, SlotConfirmed, SlotDeclined
from events.porting import DataCorrected, PortState
from tests.workers.small_world import DESK, DOSSIER, EMPLOYEE, IMEI, MONDAY, SIM, Story, chances, line_row
from workers.imports.iccid import iccid_of
from workers.imports.roster import Absence, Leaver
from workers.providers.reports import ForwardReport, ParcelReport, SimReport
from workers.world.acts import Activate, Block, Cancel, Collect, Rebind, Recall, Request, Reset, SetForward, Ship
from workers.world.chances import Rates
from workers.world.leader import DUTIES
from workers.world.line import Health
from workers.world.sims import temporary_number

OTHER = Iccid("8931440000000000025")
AGAIN = Dossier("NEW-OLD-2")


def states(story: Story) -> list[PortState]:
    return [report.state for report in story.ports]


def sims(story: Story) -> list[str]:
    return [report.state for report in story.said if isinstance(report, SimReport)]


def parcels(story: Story) -> list[ParcelStatus]:
    return [report.status for report in story.said if isinstance(report, ParcelReport)]


def asks(story: Story, kind: TaskKind) -> Story:
    story.gets(Template.TASK, task=f"{story.line.line}/{kind}/1")
    return story.waits(days=5)


def test_a_request_may_be_refused_on_sight_and_opens_nothing() -> None:
    story = Story(rates=Rates.calm(invalid=1))

    assert story.does(Request(DOSSIER, story.line.number, SIM, "m-1")).code == "1000"
    assert not story.line.dossiers


def test_a_request_may_be_found_wrong_later() -> None:
    assert states(Story(rates=Rates.calm(failed=1)).has_the_port_accepted()) == [PortState.FAILED]


def test_a_blocked_request_is_closed_and_a_new_dossier_may_be_accepted() -> None:
    story = Story(rates=Rates.calm(blocked=1)).has_the_port_accepted()
    assert states(story) == [PortState.BLOCKED]
    assert story.ports[0].code
    assert story.does(Request(DOSSIER, story.line.number, SIM, "m-1")).code == "dossier_closed"
    story.does(Request(AGAIN, story.line.number, SIM, "m-1"))
    story.waits(days=9)

    assert states(story) == [PortState.BLOCKED, PortState.ACCEPTED]


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

    assert states(asks(story, TaskKind.CHASE_ANSWER)) == [PortState.ACCEPTED]


def test_an_acceptance_lapses_after_ninety_days() -> None:
    story = Story().has_the_port_accepted()
    first = story.ports[0].first_possible
    assert first is not None
    story.waits(days=100)

    assert states(story)[-1] is PortState.LAPSED
    assert story.ports[-1].at - first == timedelta(days=90)


def test_a_port_may_be_performed_though_nobody_asked() -> None:
    story = Story(rates=Rates.calm(early=1)).has_the_port_accepted()

    assert states(story) == [PortState.ACCEPTED, PortState.PERFORMED]
    assert story.answers == "nothing"


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


def test_a_cancellation_is_confirmed_an_hour_later_and_nothing_executes_meanwhile() -> None:
    story = Story().is_ready()
    story.does(Cancel(DOSSIER))
    assert story.executes().code == "not_accepted"
    story.waits(hours=2)

    assert states(story)[-1] is PortState.CANCELLED
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

    assert states(story) == [PortState.ACCEPTED, PortState.CANCELLED]


def test_a_parcel_may_be_late_by_a_day() -> None:
    late, calm = (Story(rates=Rates.calm(parcel_late=share)).gets_the_kit() for share in (1, 0))
    arrived = [next(r.at for r in s.said if getattr(r, "status", "") == "delivered") for s in (late, calm)]

    assert arrived[0] - arrived[1] == timedelta(days=1)


def test_a_parcel_may_go_to_a_pick_up_point_and_is_fetched() -> None:
    story = Story(rates=Rates.calm(parcel_pickup=1)).gets_the_kit()

    assert ParcelStatus.READY_FOR_PICKUP in parcels(story)
    assert story.spoken(HandedOver)


def test_a_parcel_may_be_with_a_neighbour_until_somebody_chases_it() -> None:
    story = Story(rates=Rates.calm(parcel_neighbour=1)).gets_the_kit()
    assert parcels(story)[-1] is ParcelStatus.DELIVERED
    assert not story.spoken(HandedOver)

    assert asks(story, TaskKind.CHASE_PARCEL).spoken(HandedOver)


def test_a_lost_parcel_is_told_by_the_carrier_and_given_up_by_whoever_chases_it() -> None:
    story = Story(rates=Rates.calm(parcel_lost=1)).gets_the_kit()
    assert parcels(story)[-1] is ParcelStatus.LOST

    assert asks(story, TaskKind.CHASE_PARCEL).spoken(KitLost) == [KitLost(line=story.line.line, iccid=SIM)]
    assert not story.spoken(HandedOver)


def test_another_sim_in_the_box_is_scanned_as_it_is_and_settled_by_a_rebind() -> None:
    story = Story(rates=Rates.calm(wrong_sim=1)).gets_the_kit()
    (scanned,) = story.spoken(HandedOver)
    assert isinstance(scanned, HandedOver)
    assert scanned.iccid != SIM
    assert iccid_of(scanned.iccid) == scanned.iccid
    assert story.is_tested(temporary_number(SIM)) == {Leg.NOBODY}
    asks(story, TaskKind.SETTLE_MISMATCH)

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


def test_a_mute_sim_is_active_and_never_attaches_until_it_is_set_up_again() -> None:
    story = Story(rates=Rates.calm(sim_mute=1)).gets_the_kit()
    assert sims(story) == []
    assert story.is_tested(None, medium=Medium.ATTACH) == {Leg.NOBODY}
    story.does(Reset(SIM))
    story.does(Activate(SIM))
    story.waits(minutes=10)

    assert sims(story) == ["attached"]


def test_a_sim_that_cannot_be_mended_is_given_up() -> None:
    story = Story(rates=Rates.calm(sim_mute=1, reset_mends=0)).gets_the_kit()
    story.does(Reset(SIM))
    story.does(Activate(SIM))
    story.waits(minutes=15)

    assert sims(story) == ["failed"]


@pytest.mark.parametrize(("told", "said"), [(1.0, ["attached", "detached"]), (0.0, ["attached"])])
def test_a_sim_may_die_after_its_test_with_or_without_a_word(told: float, said: list[str]) -> None:
    story = Story(rates=Rates.calm(sim_dies=1, death_told=told)).gets_the_kit()
    assert story.is_tested(temporary_number(SIM)) == {Leg.HANDSET}
    story.waits(days=3)

    assert sims(story) == said
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

    assert sims(story) == ["attached", "blocked"]
    assert story.does(Activate(SIM)).code == "sim_blocked"
    assert story.line.sim(SIM).health is Health.BLOCKED  # type: ignore[union-attr]


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


def test_an_old_kit_that_is_handed_back_too_soon_takes_the_phone_away() -> None:
    story = Story()
    story.does(Collect("p-1"))
    story.waits(days=20)

    assert story.spoken(KitReturned)
    assert story.answers == "nothing"


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


@pytest.mark.parametrize(
    ("kind", "fact"),
    [
        (TaskKind.CORRECT_DATA, DataCorrected),
        (TaskKind.FILE_MANDATE, MandateFiled),
        (TaskKind.SETTLE_LEAVER, LeaverSettled),
        (TaskKind.SECOND_MEDIUM, SecondMediumProved),
        (TaskKind.APPROVE_END, EndApproved),
        (TaskKind.INCIDENT, TaskDone),
        (TaskKind.MISSED_SLOTS, TaskDone),
    ],
)
def test_a_task_is_answered_by_the_stated_policy(kind: TaskKind, fact: type) -> None:
    assert asks(Story(), kind).spoken(fact)


def test_a_task_that_nobody_knows_is_left_alone() -> None:
    story = Story()
    story.gets(Template.TASK, task="")
    story.gets(Template.TASK, task="E-0001-1/no-such-kind/1")

    assert not story.waits(days=5).said


def test_a_kit_that_was_lost_is_not_given_up_again_once_another_arrived() -> None:
    story = Story(rates=Rates.calm(parcel_lost=1)).gets_the_kit()
    story.chances = chances()
    story.does(Ship(OTHER, IMEI, "p-1", "town hall"))
    story.waits(days=9)

    assert not asks(story, TaskKind.CHASE_PARCEL).spoken(KitLost)


def test_a_task_told_twice_is_done_once() -> None:
    story = Story()
    story.gets(Template.TASK, task=f"{story.line.line}/incident/1")

    assert len(asks(story, TaskKind.INCIDENT).spoken(TaskDone)) == 1


def test_under_the_policy_none_nobody_does_a_task() -> None:
    story = Story(policy="none")
    for kind in TaskKind:
        asks(story, kind)

    assert not story.said


def test_every_kind_of_task_has_somebody_who_does_it() -> None:
    assert set(DUTIES) == set(TaskKind)
