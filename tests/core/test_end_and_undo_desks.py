"""Lines without a port, whose old line ends by notice (R2), and lines that do not move after all."""

from __future__ import annotations

from typing import Any

import pytest

from events.dispatch import CollectKit
from orchestrator.reasons import Reason
from tests.core.spec import given


def test_asks_for_approval_once_the_replacement_is_proved() -> None:
    line = given("handed over", kind="data")

    assert line.tasks == {"approve-end"}
    assert line.reasons == {Reason.END_NOT_APPROVED}


def test_does_not_end_the_old_line_without_approval() -> None:
    assert "cutover.end-old-line" not in given("handed over", kind="data").at("+30 days").ordered


def test_ends_it_once_approved() -> None:
    line = given("handed over", kind="data").hear("cutover.end-approved", "cutover.end-approved", after="+1 hour")

    assert line.ordered.count("cutover.end-old-line") == 1


def test_a_line_whose_number_ports_is_never_ended_by_notice() -> None:
    line = given("ready").hear("cutover.end-approved", after="+1 hour").at("slot end")

    assert "cutover.end-old-line" not in line.ordered


def test_nothing_is_ended_while_the_line_is_held() -> None:
    line = given("handed over", kind="data").hear("control.held").hear("cutover.end-approved")

    assert line.ordered == []


def test_a_withdrawn_request_is_cancelled_and_the_line_ends() -> None:
    line = given("accepted").hear("porting.withdrawn", after="+1 hour")

    assert line.ordered == ["porting.cancel"]
    assert line.line.ended == "withdrawn"


def test_it_is_cancelled_once() -> None:
    line = given("accepted").without("porting.cancel").hear("porting.withdrawn", "porting.withdrawn", after="+1 hour")

    assert line.ordered == ["porting.cancel"]


def test_the_line_does_not_end_before_the_cancellation_is_confirmed() -> None:
    line = given("accepted").without("porting.cancel").hear("porting.withdrawn", after="+1 hour")

    assert line.line.ended is None
    assert Reason.CANCEL_PENDING in line.reasons


def test_the_net_is_taken_down_only_after_the_old_phone_is_proved() -> None:
    line = given("ready").at("slot start - 2 hours").without("cutover.test-reachability").hear("porting.withdrawn")

    assert line.ordered == ["porting.cancel", "cutover.test-reachability"]
    assert line.hear("cutover.reachability-tested", heard="handset", after="+1 minute").ordered == [
        "cutover.clear-forward",
        "cutover.clear-forward",
        "dispatch.collect-kit",
    ]


def test_the_kit_of_a_line_that_does_not_move_comes_back() -> None:
    line = given("handed over").hear("porting.withdrawn", after="+1 hour")
    fetched = [command for command in line.commands if isinstance(command, CollectKit)]

    assert [command.iccid for command in fetched] == [line.line.kit.handed]
    assert line.letters == ["new-kit"]


def test_whoever_has_nothing_else_any_more_keeps_the_new_kit() -> None:
    line = given("handed over", kind="data").hear("cutover.end-approved", after="+1 hour")
    assert line.line.old_ended_at is not None

    line.hear("enrolment.line-dropped", after="+1 hour")

    assert "dispatch.collect-kit" not in line.ordered


def test_whoever_has_no_kit_in_hand_sends_none_back() -> None:
    line = given("requested").hear("porting.withdrawn", after="+1 hour")

    assert "dispatch.collect-kit" not in line.ordered


def test_a_single_phone_whose_number_will_not_move_gets_its_old_sim_back() -> None:
    line = given("ready", handset="kept").at("slot start + 1 minute")
    assert "message.insert-sim" in line.line.asks

    assert "put-back" in line.hear("porting.withdrawn", after="+1 minute").letters


def test_its_net_stays_while_its_owner_may_still_follow_the_letter_that_asked_to_change_sims() -> None:
    line = given("ready", handset="kept").at("slot start + 1 minute").without("cutover.test-reachability")
    assert "message.insert-sim" in line.line.asks

    line.hear("porting.withdrawn", after="+1 minute").at("slot start + 40 minutes")
    assert "test" not in line.line.asks, "an answer now would say nothing of what is done in a moment"

    line.at("slot start + 1 hour").hear("cutover.reachability-tested", heard="handset", after="+1 minute")
    assert line.ordered.count("cutover.clear-forward") == 2


def test_a_message_that_nobody_could_read_is_a_task_while_a_move_is_undone_too() -> None:
    line = given("ready").at("slot start - 2 hours").without("cutover.clear-forward").hear("porting.withdrawn")

    line.hear("control.letter-opened", letter="inbox/0/7", reason="not_json", detail="", after="+1 minute")

    assert "unread-message" in line.tasks


def test_a_request_that_never_arrived_is_nothing_to_withdraw() -> None:
    line = given("planned").without("porting.request").at("2026-11-24 06:00")
    line.hear("control.outcome-unknown", after="+2 minutes").without("porting.cancel", "porting.ask")
    line.hear("porting.withdrawn", after="+1 minute")
    line.hear("control.command-refused", code="unknown_dossier", after="+1 minute").at("+1 hour")

    line.hear("porting.told", state="unknown", after="+1 minute")

    assert line.line.ended == "withdrawn"


def test_a_leaver_is_asked_about_and_nothing_happens_of_itself() -> None:
    line = given("ready").hear("enrolment.leaver-announced", last_day="2027-01-31", after="+1 hour")

    assert line.tasks == {"settle-leaver"}
    assert not {"porting.cancel", "cutover.execute-port"} & set(line.at("slot end").ordered)


def test_a_joiner_born_on_the_new_provider_needs_no_move() -> None:
    assert given("planned", born_new=True).line.ended == "born_new"


def test_an_old_provider_who_keeps_refusing_the_end_becomes_a_persons_task() -> None:
    line = given("handed over", kind="data").without("cutover.end-old-line").hear("cutover.end-approved")
    tasks = []
    for after in ("+1 minute", "+2 hours", "+3 hours", "+5 hours"):
        line.hear("control.command-refused", to="cutover.end-old-line", code="no", after=after)
        tasks.append(set(line.tasks))

    assert tasks[0] == set()
    assert "watch-execution" in tasks[-1]


def test_a_line_that_is_given_up_leaves_no_incident_open() -> None:
    line = given("handed over", kind="data").hear("cutover.end-approved", after="+1 hour").at("+1 hour")
    line.hear("sim.failed", why="dead", after="+1 hour")
    assert line.line.incidents

    line.hear("enrolment.line-dropped", after="+1 hour")

    assert (str(line.line.ended), dict(line.line.incidents)) == ("dropped", {})


@pytest.mark.parametrize("nothing_done", ["control.command-lapsed", "control.command-withdrawn"])
def test_of_an_act_of_unknown_outcome_nobody_can_say_later_that_nothing_was_done(nothing_done: str) -> None:
    line = given("handed over", kind="data").without("cutover.end-old-line").hear("cutover.end-approved")
    line.hear("control.outcome-unknown", to="cutover.end-old-line", after="+1 minute")
    assert line.at("+1 hour").ordered == ["cutover.end-old-line"]
    line.hear(nothing_done, to="cutover.end-old-line", after="+1 minute")  # of the second asking, by whoever heard that

    assert line.at("+1 hour").ordered == ["cutover.end-old-line"]
    assert line.line.asks["end-old-line"].attempt == 1


def test_an_act_that_lapsed_at_its_first_asking_is_asked_for_under_another_key() -> None:
    line = given("handed over", kind="data").without("cutover.end-old-line").hear("cutover.end-approved")
    line.hear("control.command-lapsed", to="cutover.end-old-line", after="+1 minute")

    assert line.at("+1 hour").ordered == ["cutover.end-old-line"]
    assert line.line.asks["end-old-line"].attempt == 2


def test_an_end_of_unknown_outcome_is_another_request_on_newer_proof() -> None:
    line = (
        given("handed over", kind="data").without("cutover.end-old-line").hear("cutover.end-approved", after="+1 hour")
    )
    first = line.line.asks["end-old-line"]
    line.hear("control.outcome-unknown", to="cutover.end-old-line")

    line.at("+16 minutes")
    assert line.line.asks["end-old-line"].key == first.key, "the same proof, so the same request"

    line.at("+2 hours").hear("control.outcome-unknown", to="cutover.end-old-line").at("+1 hour")
    assert line.line.asks["end-old-line"].key != first.key


LOST: dict[str, Any] = {}
BLOCKED: dict[str, Any] = {"asked": False}


@pytest.mark.parametrize(
    ("word", "fields", "kind"), [("dispatch.kit-lost", LOST, "kit-lost"), ("sim.blocked", BLOCKED, "sim-blocked")]
)
def test_a_sim_that_is_lost_or_blocked_after_the_old_line_ended_is_an_incident_of_which_its_owner_is_told(
    word: str, fields: dict[str, Any], kind: str
) -> None:
    line = given("handed over", kind="data").hear("cutover.end-approved", after="+1 hour")

    line.hear(word, after="+1 hour", **fields)

    assert kind in line.line.incidents
    assert "incident" in line.tasks
    assert "disturbed" in line.letters


def test_nor_is_it_overlooked_of_a_leaver_of_whom_nobody_decided_yet() -> None:
    line = given("handed over", kind="data").hear("cutover.end-approved", after="+1 hour")
    line.hear("enrolment.leaver-announced", last_day="2027-12-31", after="+1 hour")

    line.hear("dispatch.kit-lost", after="+1 hour")

    assert "kit-lost" in line.line.incidents


def test_what_stays_unconfirmed_is_asked_about_the_more_rarely_the_longer_it_takes() -> None:
    line = given("accepted").without("porting.cancel").hear("porting.withdrawn", after="+1 hour")

    first_hours = line.at("+6 hours").ordered.count("porting.ask")
    a_day = line.at("+1 day").ordered.count("porting.ask")
    a_month = line.at("+30 days").ordered.count("porting.ask")

    assert 3 <= first_hours <= 10, "soon at first"
    assert 2 <= a_day <= 10
    assert 25 <= a_month <= 40, "and daily in the end"


def test_a_single_phone_whose_number_is_on_its_way_keeps_the_new_sim_in() -> None:
    line = given("ready", handset="kept").at("slot start + 1 minute").hear("sim.attached", after="+2 minutes")
    assert line.line.port.state == "executing"

    line.hear("porting.withdrawn", after="+1 minute")

    assert "put-back" not in line.letters, "it would take out the SIM that carries the number in a minute"
