"""A port that is booked in a provider's batch: recalled, booked again, and guarded by the net until it runs."""

from __future__ import annotations

from events.cutover import BookPort, RecallPort, SetForward
from events.porting import AskPort
from orchestrator.record import with_
from tests.core.spec import given


def test_a_single_phone_is_not_booked_again_for_the_batch_it_was_recalled_from() -> None:
    line = given("ready", handset="kept", execution="booked").at("slot start - 3 hours")
    assert str(line.line.port.state) == "booked"

    line.at("slot start - 61 minutes")

    assert str(line.line.port.state) == "accepted"
    assert not any(isinstance(command, BookPort) for command in line.commands)


def test_a_booking_after_a_recall_can_be_recalled_too() -> None:
    line = given("ready", execution="booked").at("slot start - 23 hours").hear("control.held")
    line.hear("control.released", after="+1 minute").at("+3 minutes")
    assert str(line.line.port.state) == "booked"

    line.hear("control.held")

    assert any(isinstance(command, RecallPort) for command in line.commands)


def test_a_single_phone_with_a_faulty_sim_is_not_booked() -> None:
    line = given("ready", handset="kept", execution="booked").without("sim.reset-asked")

    line.hear("sim.failed", why="dead", after="+1 hour").at("slot start - 20 hours")

    assert line.line.plan.confirms(line.slot.start)
    assert str(line.line.port.state) == "accepted"


def test_what_became_of_a_recall_without_an_answer_is_asked() -> None:
    line = given("ready", execution="booked").at("slot start - 23 hours").without("cutover.recall-port")

    line.hear("control.held").hear("control.outcome-unknown", to="cutover.recall-port", after="+1 minute")
    line.at("+1 hour").hear("control.outcome-unknown", to="cutover.recall-port", after="+1 minute")

    assert any(isinstance(command, AskPort) for command in line.commands)


def test_the_net_is_set_again_while_a_port_is_booked() -> None:
    line = given("ready", execution="booked").at("slot start - 20 hours").hear("cutover.forward-lost", network="old")

    assert any(isinstance(command, SetForward) for command in line.commands)


def test_nobody_is_told_to_take_the_old_sim_out_while_the_net_is_down() -> None:
    line = given("ready", handset="kept", execution="booked").at("slot start - 3 hours")
    sims = {iccid: with_(sim, attached_at=None, test=None) for iccid, sim in line.line.sims.items()}
    asks = {effect: ask for effect, ask in line.line.asks.items() if effect != "message.insert-sim"}
    line.knowing(with_(line.line, sims=sims, asks=asks))

    line.without("cutover.set-forward").hear("cutover.forward-lost", network="old").at("slot start - 90 minutes")

    assert "message.insert-sim" not in line.line.asks
