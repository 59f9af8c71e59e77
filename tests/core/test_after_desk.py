"""After the port: proved, watched, and only then done."""

from __future__ import annotations

from events.base import attempt_of
from events.cutover import SetForward
from events.messages import SendMessage, Template
from orchestrator.reasons import Reason
from tests.core.spec import given
from workers.scenario.given import sim_number


def test_the_first_test_comes_when_the_interruption_is_over() -> None:
    line = given("ported")

    assert line.at("+9 minutes").ordered == []
    assert line.at("+1 minute").ordered == ["cutover.test-reachability"]


def test_it_is_not_done_before_after_care_is_over() -> None:
    line = given("reached").at("2 working days later")

    assert line.line.done_at is None
    assert Reason.AFTER_CARE in line.reasons


def test_the_net_goes_on_a_fresh_test_and_then_it_is_done() -> None:
    line = given("reached").at("4 working days later")

    assert line.ordered[-3:] == ["cutover.test-reachability", "cutover.clear-forward", "dispatch.collect-kit"]
    assert line.line.done_at is not None


def test_it_is_done_once() -> None:
    line = given("done").hear("porting.performed", "sim.attached", after="+1 day")

    assert line.ordered == []
    assert line.letters == []


def test_the_net_is_not_cleared_while_a_person_holds_the_line() -> None:
    line = given("reached").hear("control.held").at("5 working days later")

    assert "cutover.clear-forward" not in line.ordered


def test_a_sim_that_is_not_active_is_not_tested() -> None:
    line = given("accepted").without("sim.activate").hear("porting.performed", after="+1 hour")
    line.hear("dispatch.handed-over", after="+1 hour")

    assert "cutover.test-reachability" not in line.at("+1 day").ordered


def test_another_sim_scanned_after_the_port_is_settled_before_it_is_done() -> None:
    line = given("ported").hear("dispatch.handed-over", iccid="SIM 3", after="+1 hour").at("6 working days later")

    assert line.tasks == {"settle-mismatch"}
    assert line.line.done_at is None


def test_a_sim_that_dies_after_the_port_is_an_incident_with_the_net_up() -> None:
    line = given("reached").without("sim.reset-asked").hear("sim.failed", why="dead", after="+1 hour")

    assert [str(kind) for kind in line.line.incidents] == ["sim-died"]
    assert line.tasks >= {"incident"}
    assert "disturbed" in line.letters


def test_a_deactivated_number_is_an_incident_until_a_person_has_seen_to_it() -> None:
    line = given("reached").hear("porting.number-deactivated", after="+1 hour")

    assert [str(kind) for kind in line.line.incidents] == ["number-deactivated"]
    assert line.hear("control.task-done", task="incident", after="+1 hour").line.ended == "deactivated"


def test_a_lost_sim_is_replaced_after_the_port() -> None:
    line = given("reached").hear("dispatch.kit-lost", iccid=sim_number(1), after="+1 hour")

    assert line.told == ["places.kit-asked"]


def test_each_incident_is_told_in_the_decision_that_opens_it() -> None:
    line = given("ported")
    for number, (fact, more) in enumerate((("sim.failed", {"why": "dead"}), ("dispatch.kit-lost", {})), 1):
        line.at("+1 hour").hear(fact, **more)
        first = [c for c in line.heard[0].decision.commands if isinstance(c, SendMessage)]
        told = [c.details["about"] for c in first if c.template is Template.DISTURBED]

        assert told == [f"incident {number}"]


def test_another_sim_scanned_at_a_person_whose_line_is_done_is_a_task() -> None:
    line = given("done").hear("dispatch.handed-over", iccid=sim_number(7), after="+1 day")
    assert line.tasks == {"settle-mismatch"}

    line.hear("dispatch.mismatch-settled", iccid=sim_number(7), choice="resend", after="+1 hour")
    line.hear("dispatch.handover-corrected", iccid=sim_number(7), after="+1 hour")

    assert line.tasks == set()


def test_a_line_that_is_held_at_the_end_of_after_care_is_tested_once_a_day_until_it_is_released() -> None:
    line = given("reached").hear("control.held", after="+1 hour").at("5 working days later")

    line.at("+1 day")
    assert line.ordered == ["cutover.test-reachability"]

    line.hear("control.released", after="+1 hour")
    assert "cutover.clear-forward" in line.ordered


def test_a_line_that_is_done_and_whose_sim_left_the_network_gets_its_net_back_at_once() -> None:
    line = given("done").without("cutover.test-reachability").hear("sim.detached", after="+1 day")

    assert "cutover.set-forward" in line.ordered, "to find out whether the SIM answers takes an hour"


def test_a_number_that_never_answers_is_tested_hourly_for_a_day_and_then_daily() -> None:
    line = given("ported").without("sim.reset-asked").answering(cutover__test_reachability="nobody")

    hourly = line.at("+1 day").ordered.count("cutover.test-reachability")
    assert 20 < hourly < 30
    daily = line.at("+10 days").ordered.count("cutover.test-reachability")
    assert 8 < daily < 15


def test_it_is_tested_at_once_when_whoever_was_to_see_to_it_is_done() -> None:
    line = given("ported").without("sim.reset-asked").answering(cutover__test_reachability="nobody").at("+5 days")

    line.hear("control.task-done", task="incident", after="+1 hour")

    assert "cutover.test-reachability" in line.ordered


def test_whoever_says_that_nobody_can_call_has_the_net_ordered_once() -> None:
    line = given("done").without("cutover.set-forward").hear("cutover.reported-unreachable", after="+1 day")

    nets = [command for command in line.commands if isinstance(command, SetForward)]
    assert [(net.network, attempt_of(net.key)) for net in nets] == [("new", 2)]
