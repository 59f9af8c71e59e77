"""The slot: a time at which the person is there and the roster can spare them."""

from __future__ import annotations

from events.base import LetterId
from events.planning import SlotAsked
from orchestrator.reasons import Reason
from orchestrator.record import with_
from tests.core.spec import HOLDER, LINE, Spec, given
from workers.scenario.story import Act


def asked_slots(spec: Spec) -> list[SlotAsked]:
    """The slots asked for in the last step."""
    tells = [tell.fact for each in spec.heard for tell in each.decision.tells]
    return [fact for fact in tells if isinstance(fact, SlotAsked)]


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

    assert line.line.plan.confirms(line.slot.start)


def test_a_missed_batch_gets_another_slot() -> None:
    line = given("cutover", execution="booked").hear("porting.missed-batch", after="+1 day")

    assert line.told == ["planning.slot-asked"]


def test_whoever_cannot_make_a_slot_is_offered_a_later_one() -> None:
    line = given("ready")
    declined = line.slot

    asked = asked_slots(line.hear("planning.slot-declined", after="+1 hour"))

    assert [ask.not_before for ask in asked] == [declined.end]


def test_a_slot_is_asked_anew_when_the_acceptance_holds_until_another_day() -> None:
    line = given("ready").hear("planning.slot-declined", after="+1 hour")
    before = line.line.plan.asks

    line.hear("porting.accepted", first_possible="2026-12-20 00:00", after="+1 minute")

    assert line.line.plan.asks == before + 1


def test_a_wave_without_a_slot_left_is_the_project_leader_s_task() -> None:
    line = given("ready")
    line.stage.states.pop(line.line.plan.wave or HOLDER)  # a wave that hands out nothing

    line.hear("planning.slot-declined", after="+1 hour").at("+3 days")

    task = line.line.tasks
    assert [(t.role, t.because) for t in task.values() if t.closed_at is None] == [
        ("project_leader", Reason.NO_SLOT_LEFT)
    ]


def test_no_slot_is_asked_while_the_second_medium_is_unproved() -> None:
    line = given("handed over", critical="first aider")
    line.knowing(with_(line.line, second_medium_at=None))

    line.hear("planning.slot-declined", after="+1 hour")

    assert line.told == []
    assert "second-medium" in line.tasks


def test_no_slot_is_asked_while_somebody_is_to_ask_why_the_last_one_went_unanswered() -> None:
    line = given("handed over").at("slot start - 24 hours").at("slot end")

    assert line.told == []
    assert line.tasks == {"agree-slot"}


def test_another_slot_is_asked_once_somebody_did() -> None:
    line = given("handed over").at("slot start - 24 hours").at("slot end")

    assert line.hear("control.task-done", task=f"{LINE}/agree-slot/1").told == ["planning.slot-asked"]


def test_nobody_is_invited_to_another_slot_while_no_net_can_be_set() -> None:
    line = given("ready")
    assert line.line.terms is not None
    line.hear()
    line.stage.say(HOLDER, line.line.terms.model_copy(update={"net": None}))

    line.at("slot end")

    assert line.told == []
    assert "mend-net" in line.tasks


def test_nobody_is_invited_to_another_slot_while_a_message_is_unread() -> None:
    line = given("ready")
    line.stage.states[HOLDER] = with_(line.holder, letters=frozenset({LetterId("inbox/0/7")}))

    line.at("slot end")

    assert line.told == []
    assert "unread-message" in line.tasks
