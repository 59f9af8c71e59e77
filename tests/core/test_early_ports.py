"""A number that moves before it was asked to, and one that only seems so."""

from __future__ import annotations

from events.cutover import SetForward
from events.sim import ActivateSim
from orchestrator.record import AskState, with_
from tests.core.spec import given
from workers.scenario.story import Act


def test_a_port_under_an_order_without_an_answer_is_not_early() -> None:
    line = given("ready").without("cutover.execute-port").at("slot start")

    line.hear("porting.performed", after="+4 minutes")

    assert line.line.port.performed_at is not None
    assert not line.line.port.early
    assert line.line.incidents == {}


def test_a_number_that_comes_before_its_sim_gets_the_sim_active_and_a_forward() -> None:
    line = given("accepted").hear("porting.performed", after="+1 hour")

    kinds = [type(command) for command in line.commands]
    assert kinds.index(ActivateSim) < kinds.index(SetForward)


def test_a_forward_refused_while_the_sim_was_not_active_is_asked_again_once_it_is() -> None:
    line = given("accepted").without("sim.activate", "cutover.set-forward")
    ask = line.hear("porting.performed", after="+1 hour").line.asks["forward-new"]
    refused = with_(ask, state=AskState.REFUSED, answered_at=ask.at)
    line.knowing(with_(line.line, asks={**line.line.asks, "forward-new": refused}))

    line.hear("sim.activated", after="+1 minute")

    assert any(isinstance(command, SetForward) for command in line.commands)


def test_the_incident_s_task_closes_with_the_incident() -> None:
    line = given("accepted").hear("porting.performed", after="+1 hour")
    line.acting(Act.ATTACHES).hear("dispatch.handed-over", "sim.attached", after="+1 day").at("+2 hours")

    assert line.line.incidents == {}
    assert "incident" not in line.tasks
