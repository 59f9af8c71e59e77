"""The cut-over: the net, the execution, the booking and its recall."""

from __future__ import annotations

from datetime import timedelta

import pytest

from events.cutover import ExecutePort
from events.porting import PortState
from orchestrator.reasons import Reason
from tests.core.spec import HOLDER, given


def test_sets_the_net_on_both_networks_a_day_before() -> None:
    assert given("ready").at("slot start - 24 hours").ordered == ["cutover.set-forward", "cutover.set-forward"]


def test_does_not_set_it_earlier() -> None:
    assert given("ready").at("slot start - 25 hours").ordered == []


def test_sets_it_again_when_it_is_lost() -> None:
    line = given("ready").at("slot start - 2 hours").hear("cutover.forward-lost", network="old")

    assert line.ordered == ["cutover.set-forward"]


def test_executes_when_the_slot_begins() -> None:
    line = given("ready").at("slot start")

    assert line.ordered[-1] == "cutover.execute-port"


def test_executes_once() -> None:
    line = given("ready").without("cutover.execute-port").at("slot start")

    assert line.hear("sim.attached", "planning.slot-confirmed").ordered == []
    assert line.reasons == {Reason.UNDER_WAY}


def test_the_order_holds_two_minutes_and_never_past_the_slot() -> None:
    line = given("ready").at("slot start")
    order = next(command for command in line.commands if isinstance(command, ExecutePort))

    assert order.not_after - line.stage.now == line.stage.terms.not_after
    assert order.not_after <= line.slot.end


def test_a_hold_between_order_and_act_takes_the_order_back() -> None:
    line = given("ready").without("cutover.execute-port").at("slot start").hear("control.held", after="+1 minute")

    assert line.ordered == ["cutover.withdraw"]


def test_an_order_that_lapsed_is_decided_anew_a_little_later() -> None:
    line = given("ready").without("cutover.execute-port").at("slot start")
    line.hear("control.command-lapsed", to="cutover.execute-port", after="+3 minutes")

    assert line.ordered == []
    assert line.at("+2 minutes").ordered == ["cutover.execute-port"]


def test_an_unknown_outcome_is_asked_for_and_not_sent_again() -> None:
    line = given("ready").without("cutover.execute-port", "porting.ask").at("slot start")
    line.hear("control.outcome-unknown", to="cutover.execute-port", after="+1 minute")

    assert line.at("+10 minutes").ordered == ["porting.ask"]


def test_a_running_port_has_a_deadline_and_a_task() -> None:
    line = given("cutover")

    assert line.at("+29 minutes").tasks == set()
    assert line.at("+1 minute").tasks == {"watch-execution"}


def test_books_a_day_before_the_batch() -> None:
    line = given("ready", execution="booked").at("slot start - 24 hours")

    assert line.ordered[-1] == "cutover.book-port"


def test_recalls_at_once_what_cannot_heal() -> None:
    line = given("cutover", execution="booked").hear("control.held", after="+1 hour")

    assert line.ordered == ["cutover.recall-port"]
    assert line.line.port.state is PortState.ACCEPTED


@pytest.mark.parametrize(
    ("when", "not_yet", "then"), [("20 hours", "50 minutes", "+11 minutes"), ("150 minutes", "3 minutes", "+2 minutes")]
)
def test_a_refused_recall_is_tried_again_the_sooner_the_nearer_its_last_moment_is(
    when: str, not_yet: str, then: str
) -> None:
    line = given("cutover", execution="booked").without("cutover.recall-port").at(f"slot start - {when}")
    line.hear("control.held", after="+1 minute").hear("control.command-refused", to="cutover.recall-port", code="no")

    assert "cutover.recall-port" not in line.at(f"+{not_yet}").ordered
    assert "cutover.recall-port" in line.at(then).ordered


def test_after_the_last_moment_nothing_is_recalled() -> None:
    line = given("cutover", execution="booked").at("slot start - 1 hour").hear("control.held")

    assert line.ordered == []
    assert Reason.BOOKED in line.reasons


def test_no_net_is_set_for_a_slot_that_will_not_do() -> None:
    line = given("ready").hear("enrolment.absence-announced", since="slot start", until="slot end")

    assert "cutover.set-forward" not in line.at("slot start - 20 hours").ordered


def test_nor_for_whoever_has_no_new_sim_in_hand() -> None:
    line = given("accepted").hear("planning.slot-confirmed")

    assert "cutover.set-forward" not in line.at("slot start - 20 hours").ordered


def test_nor_for_whoever_did_not_confirm() -> None:
    line = given("accepted").acting().hear("dispatch.handed-over", after="+1 hour")

    assert "cutover.set-forward" not in line.at("slot start - 20 hours").ordered


def test_a_line_whose_slot_is_far_off_is_looked_at_when_that_comes_near() -> None:
    line = given("ready")
    (why,) = line.stage.because[HOLDER]

    assert why.until == line.slot.start - line.stage.terms.net_before
    assert why.reason is Reason.OUTSIDE_SLOT
    held = line.hear("control.held")
    assert Reason.ON_HOLD in held.reasons


def test_a_booked_line_is_looked_at_when_its_batch_may_be_booked() -> None:
    line = given("ready", execution="booked", terms={"book_before": "12 hours"}).at("slot start - 20 hours")

    assert line.looks_at == line.slot.start - timedelta(hours=12)


def test_the_batch_of_a_single_phone_is_looked_at_though_its_sim_is_not_to_be_tested_yet() -> None:
    line = given("ready", handset="kept", execution="booked", terms={"book_before": "12 hours"})

    assert line.at("slot start - 20 hours").looks_at == line.slot.start - timedelta(hours=12)


def test_what_else_holds_a_line_up_is_told_long_before_its_slot() -> None:
    line = given("ready").hear("enrolment.mandate-withdrawn")

    assert line.reasons == {Reason.NO_MANDATE}


def test_a_first_possible_date_before_the_slot_is_not_what_the_line_waits_for_and_one_after_it_is() -> None:
    usual = given("ready", first_possible="2026-12-09 09:00")
    late = given("ready").without("porting.ask").hear("porting.accepted", first_possible="2026-12-14 09:00")

    assert usual.reasons == {Reason.OUTSIDE_SLOT}
    told = {(because.reason, because.until) for because in late.stage.because[HOLDER]}
    assert (Reason.TOO_EARLY, late.slot.start - timedelta(days=1)) in told
