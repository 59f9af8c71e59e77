"""The new SIM: made active, seen on the network, proved by a test that the handset answers."""

from __future__ import annotations

from orchestrator.reasons import Reason
from tests.core.spec import given
from workers.scenario.story import Act


def test_activates_the_sim_that_was_handed_over() -> None:
    assert given("accepted").hear("dispatch.handed-over", after="+1 day").ordered == ["sim.activate"]


def test_does_not_activate_a_sim_that_is_not_the_expected_one() -> None:
    line = given("accepted").hear("dispatch.handed-over", iccid="SIM 7", after="+1 day")

    assert line.ordered == []
    assert Reason.WRONG_SIM_HANDED in line.reasons


def test_activates_once_however_often_the_hand_over_is_said() -> None:
    line = given("accepted").hear("dispatch.handed-over", "dispatch.handed-over", after="+1 day")

    assert line.ordered == ["sim.activate"]


def test_tests_the_sim_when_it_is_on_the_network() -> None:
    line = given("accepted").hear("dispatch.handed-over", after="+1 day").hear("sim.attached", after="+10 minutes")

    assert line.ordered == ["cutover.test-reachability"]


def test_does_not_test_a_sim_that_is_only_active_in_the_books() -> None:
    line = given("accepted").hear("dispatch.handed-over", after="+1 day")

    assert line.at("+3 hours").ordered == []
    assert Reason.SIM_NOT_ATTACHED in line.reasons


def test_tests_once_while_the_answer_is_awaited() -> None:
    line = given("accepted").hear("dispatch.handed-over", after="+1 day").without("cutover.test-reachability")
    line.hear("sim.attached", after="+10 minutes")

    assert line.hear("sim.attached", "sim.attached", after="+10 minutes").ordered == []


def test_a_failed_test_is_made_again_after_5_15_and_60_minutes() -> None:
    line = given("accepted").hear("dispatch.handed-over", after="+1 day")
    line.answering(cutover__test_reachability="nobody").hear("sim.attached", after="+10 minutes")

    for wait in (5, 15, 60):
        assert line.at(f"+{wait - 1} minutes").ordered == []
        assert "cutover.test-reachability" in line.at("+1 minute").ordered


def test_a_test_that_a_forward_answered_proves_nothing() -> None:
    line = given("accepted").hear("dispatch.handed-over", after="+1 day")
    line.answering(cutover__test_reachability="forward").hear("sim.attached", after="+10 minutes")

    assert line.line.sims[line.line.kit.handed].failures == 1  # type: ignore[index]


def test_a_sim_set_up_again_at_the_very_moment_it_failed_is_not_tested_in_a_hot_loop() -> None:
    line = given("handed over").acting(Act.ATTACHES).hear("sim.failed", why="dead", after="+1 hour")

    assert line.ordered.count("cutover.test-reachability") <= 1
    assert line.ordered.count("sim.reset-asked") == 1


def test_a_single_phone_keeps_its_old_sim_until_the_slot() -> None:
    line = given("ready", handset="kept")

    assert line.at("slot start - 1 minute").letters == []
    assert line.at("slot start").letters == ["insert-sim"]
