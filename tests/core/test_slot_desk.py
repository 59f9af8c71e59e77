"""The slot: a time at which the person is there and the roster can spare them."""

from __future__ import annotations

from orchestrator.reasons import Reason
from tests.core.spec import given
from workers.scenario.story import Act


def test_invites_once_the_port_is_accepted_and_the_kit_is_there() -> None:
    line = given("accepted").hear("dispatch.handed-over", after="+1 day")

    assert line.letters == ["invitation"]


def test_does_not_invite_before_the_kit_is_there() -> None:
    line = given("accepted")

    assert "message.invitation" not in line.line.asks


def test_invites_once() -> None:
    line = given("handed over").hear("sim.attached", "dispatch.handed-over", after="+1 hour")

    assert line.letters == []


def test_an_unanswered_invitation_is_a_task_the_day_before() -> None:
    line = given("handed over")

    assert line.at("slot start - 25 hours").tasks == set()
    assert line.at("slot start - 24 hours").tasks == {"agree-slot"}


def test_a_declined_slot_is_given_up_for_another() -> None:
    line = given("ready").hear("planning.slot-declined", after="+1 hour")

    assert line.told == ["planning.slot-asked"]
    assert line.reasons >= {Reason.SLOT_ASKED}


def test_another_slot_is_asked_once() -> None:
    line = given("ready").hear("planning.slot-declined", "planning.slot-declined", after="+1 hour")

    assert line.told == ["planning.slot-asked"]


def test_nobody_who_missed_the_slot_is_moved_in_it() -> None:
    line = given("ready").at("slot start - 1 minute").hear("planning.person-missed-slot")

    assert "cutover.execute-port" not in line.at("slot end").ordered


def test_a_person_who_is_away_is_not_moved() -> None:
    line = given("ready").hear("enrolment.absence-announced", since="2026-12-09", until="2026-12-12", after="+1 hour")

    assert Reason.PERSON_ABSENT in line.reasons
    assert "cutover.execute-port" not in line.at("2026-12-10 12:00").ordered


def test_an_absence_that_ended_is_none() -> None:
    line = given("ready").hear("enrolment.absence-announced", since="2026-12-09", until="2026-12-12", after="+1 hour")
    line.acting(Act.CONFIRMS).hear("enrolment.absence-ended", after="+1 hour").at("slot start")

    assert line.line.plan.confirmed == line.slot.start


def test_a_missed_batch_gets_another_slot() -> None:
    line = given("cutover", execution="booked").hear("porting.missed-batch", after="+1 day")

    assert line.told == ["planning.slot-asked"]
