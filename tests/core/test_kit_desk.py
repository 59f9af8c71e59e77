"""The kit: asked from the stock, sent, handed over, replaced."""

from __future__ import annotations

from orchestrator.knowing import dispatch
from orchestrator.reasons import Reason
from orchestrator.record import with_
from tests.core.spec import HOLDER, given
from workers.scenario.given import sim_number
from workers.scenario.story import Act


def test_asks_the_stock_for_a_kit_when_the_wave_runs() -> None:
    line = given("planned")

    assert line.reasons == {Reason.KIT_ASKED}
    assert line.line.kit.asks == 1


def test_does_not_ask_before_the_wave_runs() -> None:
    line = given("enrolled")

    assert line.reasons == {Reason.NOT_PLANNED}
    assert line.line.kit.asks == 0


def test_asks_once() -> None:
    line = given("planned").hear("enrolment.mandate-filed", "enrolment.absence-ended")

    assert line.line.kit.asks == 1
    assert line.told == []


def test_sends_the_kit_once_it_is_granted() -> None:
    line = given("planned").at("2026-11-24 06:00")

    assert "dispatch.ship-kit" in line.ordered


def test_sends_it_once_whatever_else_is_heard() -> None:
    line = given("requested").hear("enrolment.mandate-filed", "porting.delayed", due="+3 days")

    assert "dispatch.ship-kit" not in line.ordered


def test_a_refused_parcel_is_tried_again_on_a_timer_and_becomes_a_task() -> None:
    line = given("planned").answering(dispatch__ship_kit="nothing").at("2026-11-24 06:00")
    for pause in ("+1 hour", "+2 hours", "+4 hours"):
        line.hear("control.command-refused", to="dispatch.ship-kit", code="no")
        assert line.ordered == []
        line.at(pause)

    assert "chase-parcel" in line.tasks


def test_a_lost_kit_is_replaced_and_its_sim_blocked() -> None:
    line = given("accepted").hear("dispatch.kit-lost", after="+1 hour")

    assert line.ordered == ["sim.block"]
    assert line.told == ["places.kit-asked"]
    assert line.tasks == {"replace-kit"}


def test_a_found_kit_ends_the_loss_only_if_found_after_it() -> None:
    line = given("accepted").without("sim.block").hear("dispatch.kit-lost", after="+1 hour")
    line.hear("dispatch.kit-found", true_at="2026-11-24 08:00")

    assert Reason.KIT_ASKED in line.reasons


def test_a_kit_that_nobody_scanned_is_chased_after_two_working_days() -> None:
    line = given("accepted").hear("dispatch.parcel-reported", status="delivered", after="+1 hour")

    assert line.at("1 working day later").tasks == set()
    assert line.at("1 working day later").tasks == {"chase-parcel"}


def test_a_wrong_handset_is_a_task_that_outlives_the_port() -> None:
    line = given("accepted").acting(Act.ATTACHES).hear("dispatch.handed-over", imei="handset 9", after="+1 hour")
    line.hear("porting.performed", after="+1 day")

    assert "correct-asset" in line.tasks


def test_a_wrong_handset_is_no_task_any_more_when_the_books_are_mended() -> None:
    line = given("accepted").hear("dispatch.handed-over", imei="handset 9", after="+1 hour")
    line.hear("control.task-done", task="correct-asset", after="+1 hour")

    assert "correct-asset" not in line.tasks


def test_an_empty_stock_is_a_task_of_logistics() -> None:
    line = given("planned")
    line.stage.states.pop(line.line.terms.stock if line.line.terms else HOLDER)

    line.at("+3 days")

    assert "replace-kit" in line.tasks


def test_a_kit_that_is_lost_as_it_is_granted_is_asked_anew_once() -> None:
    line = given("requested")
    kit = line.line.kit
    now = line.stage.now
    assert kit.kit is not None
    lost = with_(kit, asks=2, asked_at=now, granted_at=now, granted=1)
    iccid = kit.kit.iccid
    sims = {**line.line.sims, iccid: with_(dispatch.sim(line.line, iccid), lost_at=now)}
    line.knowing(with_(line.line, kit=lost, sims=sims))

    assert line.decided_again().tells == ()


def test_two_lost_sims_are_blocked_each_in_its_own_time() -> None:
    line = given("requested").without("sim.block").hear("dispatch.kit-lost", after="+1 hour")
    line.at("+1 day")
    second = line.hear("dispatch.kit-lost", iccid=sim_number(2), after="+1 hour")
    asked = {ask.about: ask for ask in line.line.asks.values() if ask.key.split("/")[2].startswith("block-sim")}

    assert set(asked) == {sim_number(1), sim_number(2)}
    assert len({command.key for command in second.commands}) == len(second.commands)


def test_a_lost_sim_that_carries_the_number_is_blocked_once_its_replacement_is_in_hand() -> None:
    line = given("reached").hear("dispatch.kit-lost", after="+1 hour")
    assert "sim.block" not in line.ordered, "whoever says so may be wrong, and nothing else rings"

    line.at("+2 days").hear("dispatch.handed-over", iccid=line.line.kit.kit.iccid, after="+1 day")  # type: ignore[union-attr]

    assert "sim.block" in line.at("+1 day").ordered + line.ordered


def test_nor_is_one_for_which_the_old_line_was_or_may_be_ended() -> None:
    line = given("handed over", kind="data").without("cutover.end-old-line")
    line.hear("cutover.end-approved", after="+1 hour")

    line.hear("dispatch.kit-lost", after="+1 minute")

    assert "sim.block" not in line.ordered


def test_nor_is_it_once_its_hand_over_was_corrected() -> None:
    line = given("handed over", kind="data").hear("cutover.end-approved", after="+1 hour")
    line.hear("dispatch.handover-corrected", after="+1 hour")

    line.hear("dispatch.kit-lost", iccid="SIM 1", after="+1 minute")

    assert "sim.block" not in line.ordered


def test_nor_is_one_that_may_be_in_the_one_phone_though_no_word_came_that_it_attached() -> None:
    line = given("planned", kind="machine", handset="kept").hear("dispatch.handed-over", after="+3 days")
    assert [known.attached_at for known in line.line.sims.values()] == [None]

    line.hear("dispatch.kit-lost", after="+1 minute")

    assert "sim.block" not in line.ordered


def test_nor_is_one_in_the_one_phone_once_its_hand_over_was_corrected() -> None:
    line = given("handed over", kind="machine", handset="kept").hear("sim.attached", after="+1 minute")
    line.hear("dispatch.kit-lost", after="+1 minute")
    assert [known.lost_at is not None for known in line.line.sims.values()] == [True]

    line.hear("dispatch.handover-corrected", iccid=line.line.kit.handed, after="+1 minute")

    assert "sim.block" not in line.ordered


def test_nor_is_it_before_its_replacement_is_on_the_network_once_the_old_line_has_ended() -> None:
    line = given("done", kind="data").hear("dispatch.kit-lost", after="+1 hour")
    line.hear("dispatch.handed-over", iccid="SIM 7", after="+1 hour")
    line.hear("dispatch.mismatch-settled", iccid="SIM 7", choice="rebind", after="+1 hour")
    assert "sim.block" not in line.ordered

    line.hear("sim.attached", iccid="SIM 7", after="+1 minute")

    assert "sim.block" in line.ordered


def test_a_box_with_another_sim_that_is_lost_is_replaced_without_waiting_for_anybody_to_settle_it() -> None:
    line = given("requested").without("sim.block").hear("dispatch.handed-over", iccid="SIM 7", after="+1 hour")
    assert line.tasks == {"settle-mismatch"}

    line.hear("dispatch.kit-lost", iccid="SIM 7", after="+1 minute")

    assert "places.kit-asked" in line.told
    assert "settle-mismatch" not in line.tasks


def test_the_sim_that_is_to_be_used_is_in_hand_whichever_was_scanned_last() -> None:
    line = given("handed over").hear("dispatch.handed-over", iccid="SIM 7", after="+1 hour")
    assert line.tasks == {"settle-mismatch"}
    meant = line.line.kit.kit
    assert meant is not None

    line.hear("dispatch.mismatch-settled", iccid=meant.iccid, choice="rebind", after="+1 hour")

    assert line.line.kit.handed == meant.iccid
    assert "settle-mismatch" not in line.tasks


def test_a_sim_that_may_be_in_the_one_phone_is_not_blocked_because_its_scan_is_said_to_be_wrong() -> None:
    line = given("handed over", kind="machine", handset="kept")
    line.hear("dispatch.kit-lost", after="+1 hour").hear("dispatch.handover-corrected", after="+1 hour")

    assert "sim.block" not in line.ordered, "its word that it attached may be on its way"


def test_a_blocked_sim_is_replaced_and_neither_tested_nor_set_up_again() -> None:
    line = given("ready").without("dispatch.ship-kit").hear("sim.blocked", after="+1 hour")
    assert "places.kit-asked" in line.told

    line.at("+3 days")

    assert "cutover.test-reachability" not in line.ordered
    assert "sim.reset-asked" not in line.ordered
