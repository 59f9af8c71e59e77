"""The new SIM: made active, seen on the network, proved by a test that the handset answers."""

from __future__ import annotations

from events.messages import Template
from events.sim import SimBlocked
from orchestrator.reasons import Reason
from orchestrator.record import with_
from tests.core.spec import HOLDER, LINE, given
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


def test_each_new_sim_after_the_port_is_to_be_put_in() -> None:
    line = given("ported", handset="kept").without("sim.reset-asked")
    told = line.line.asks.get("message.insert-sim")
    assert told is not None
    kit = with_(line.line.kit, asks=line.line.kit.asks + 1, granted=line.line.kit.asks + 1)
    sims = {iccid: with_(sim, detached_at=line.stage.now) for iccid, sim in line.line.sims.items()}
    line.knowing(with_(line.line, kit=kit, sims=sims))

    letters = [getattr(command, "template", "") for command in line.decided_again().commands]

    assert Template.INSERT_SIM in letters


def test_a_sim_that_leaves_the_network_again_after_it_was_set_up_anew_is_replaced() -> None:
    line = given("handed over", kind="data").hear("sim.detached", after="+1 hour").at("+5 hours")
    line.hear("sim.attached", after="+1 hour").hear("sim.detached", after="+1 hour")

    line.at("+2 days")

    assert "replace-kit" in line.tasks or line.line.kit.asks == 2


def test_an_approval_of_the_sim_before_does_not_end_the_line_on_the_next() -> None:
    line = given("handed over", kind="data").hear("sim.detached", after="+1 hour")

    line.hear("cutover.end-approved").hear("sim.detached", after="+1 minute").hear("sim.attached", after="+1 minute")

    assert "cutover.end-old-line" not in line.at("+1 hour").ordered
    assert "approve-end" in line.tasks


def test_a_sim_blocked_at_the_moment_the_line_is_done_is_an_incident() -> None:
    line = given("done")
    at = line.line.done_at
    assert at is not None

    iccid = line.line.port.bound
    assert iccid is not None
    line.at("+1 minute").stage.say(HOLDER, SimBlocked(line=LINE, iccid=iccid, asked=False), true_at=at)

    assert [str(kind) for kind in line.line.incidents] == ["sim-blocked"]


def test_a_sim_of_which_no_word_comes_that_it_attached_is_tested_before_it_is_set_up_again() -> None:
    line = given("accepted").hear("dispatch.handed-over", after="+1 day").answering(cutover__test_reachability="nobody")

    ordered = line.at("+4 hours").ordered

    assert ordered.index("cutover.test-reachability") < ordered.index("sim.reset-asked")


def test_a_sim_that_answers_is_on_the_network_though_no_word_of_it_came() -> None:
    line = given("accepted").answering(cutover__test_reachability="handset")
    line.hear("dispatch.handed-over", after="+1 day")

    line.at("+4 hours")

    assert "sim.reset-asked" not in line.ordered
    assert Reason.SIM_NOT_ATTACHED not in line.reasons


def test_a_sim_that_nobody_reaches_may_carry_the_number_already_so_the_dossier_is_asked_for() -> None:
    line = given("accepted").answering(cutover__test_reachability="nobody")
    line.hear("dispatch.handed-over", after="+1 day").hear("sim.attached", after="+10 minutes")

    assert "porting.ask" in line.ordered


def test_and_it_is_not_set_up_again_before_the_provider_said_so() -> None:
    line = given("accepted").answering(cutover__test_reachability="nobody").without("porting.ask")
    line.hear("dispatch.handed-over", after="+1 day").hear("sim.attached", after="+10 minutes").at("+80 minutes")

    assert "sim.reset-asked" not in line.ordered
