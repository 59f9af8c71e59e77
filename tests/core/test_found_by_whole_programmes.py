"""What runs of whole programmes showed (tests/simulation): each was held, piled up, ran hot or was cut off before."""

from __future__ import annotations

from datetime import timedelta

from events.cutover import BookPort, ClearForward, RecallPort, SetForward
from events.messages import Template
from events.planning import SlotAsked
from events.porting import AskPort
from events.sim import ActivateSim, SimBlocked
from orchestrator import deciding
from orchestrator.decision import Decision
from orchestrator.knowing import dispatch
from orchestrator.reasons import Reason
from orchestrator.record import AskState, Line, with_
from tests.core.spec import HOLDER, LINE, Spec, given
from workers.scenario.story import Act

DAY = timedelta(days=1)


def asked_slots(spec: Spec) -> list[SlotAsked]:
    """The slots asked for in the last step."""
    tells = [tell.fact for each in spec.heard for tell in each.decision.tells]
    return [fact for fact in tells if isinstance(fact, SlotAsked)]


def known(spec: Spec, line: Line) -> None:
    """From here on this is known of the line."""
    spec.stage.states[HOLDER] = with_(spec.holder, lines={LINE: line})


def decided_again(spec: Spec) -> Decision:
    """What would be decided now, nothing more having been heard."""
    return deciding.decide(spec.holder, now=spec.stage.now, terms=spec.stage.terms)


# Slots


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
    known(line, with_(line.line, second_medium_at=None))

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


# Kits


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
    known(line, with_(line.line, kit=lost, sims=sims))

    assert decided_again(line).tells == ()


# The net


def test_a_net_that_was_set_anew_after_it_was_cleared_is_cleared_again() -> None:
    line = given("done").hear("cutover.reported-unreachable", after="+1 hour")

    assert any(isinstance(command, SetForward) for command in line.commands)
    line.at("2 working days later")
    assert not any(net.stands() for network, net in line.line.nets.items() if network.value == "new")


def test_a_clear_without_an_answer_is_another_request_on_newer_proof() -> None:
    line = given("reached").without("cutover.clear-forward").at("4 working days later")
    clear = line.line.asks["clear-new"]
    unknown = with_(clear, state=AskState.UNKNOWN, answered_at=clear.at)
    known(line, with_(line.line, asks={**line.line.asks, "clear-new": unknown}))

    line.at("+1 hour")

    keys = [command.key for command in line.commands if isinstance(command, ClearForward)]
    assert keys
    assert clear.key not in keys


def test_a_net_that_is_lost_in_after_care_is_set_again() -> None:
    line = given("reached").hear("cutover.forward-lost", network="new", after="+1 hour")

    assert any(isinstance(command, SetForward) for command in line.commands)


def test_a_line_is_not_done_while_nobody_knows_whether_its_net_stands() -> None:
    line = given("done").without("cutover.set-forward", "cutover.test-reachability")
    line.hear("sim.detached", after="+1 hour").hear("cutover.reported-unreachable", after="+1 minute")
    ask = line.line.asks["forward-new"]
    unknown = with_(ask, state=AskState.UNKNOWN, answered_at=ask.at)
    known(line, with_(line.line, asks={**line.line.asks, "forward-new": unknown}, incidents={}, reported_at=None))
    sims = {iccid: with_(sim, detached_at=None) for iccid, sim in line.line.sims.items()}
    known(
        line, with_(line.line, sims={iccid: with_(sim, detached_at=ask.at - DAY * 30) for iccid, sim in sims.items()})
    )

    line.at("+20 minutes")

    assert Reason.DONE not in line.reasons


# Ports that come early, and those that only seem so


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
    known(line, with_(line.line, asks={**line.line.asks, "forward-new": refused}))

    line.hear("sim.activated", after="+1 minute")

    assert any(isinstance(command, SetForward) for command in line.commands)


def test_the_incident_s_task_closes_with_the_incident() -> None:
    line = given("accepted").hear("porting.performed", after="+1 hour")
    line.acting(Act.ATTACHES).hear("dispatch.handed-over", "sim.attached", after="+1 day").at("+2 hours")

    assert line.line.incidents == {}
    assert "incident" not in line.tasks


# Batches


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

    assert line.line.plan.confirmed == line.slot.start
    assert str(line.line.port.state) == "accepted"


def test_what_became_of_a_recall_without_an_answer_is_asked() -> None:
    line = given("ready", execution="booked").at("slot start - 23 hours").without("cutover.recall-port")

    line.hear("control.held").hear("control.outcome-unknown", to="cutover.recall-port", after="+1 minute")
    line.at("+2 minutes").hear("control.outcome-unknown", to="cutover.recall-port", after="+1 minute")

    assert any(isinstance(command, AskPort) for command in line.commands)


def test_the_net_is_set_again_while_a_port_is_booked() -> None:
    line = given("ready", execution="booked").at("slot start - 20 hours").hear("cutover.forward-lost", network="old")

    assert any(isinstance(command, SetForward) for command in line.commands)


def test_nobody_is_told_to_take_the_old_sim_out_while_the_net_is_down() -> None:
    line = given("ready", handset="kept", execution="booked").at("slot start - 3 hours")
    sims = {iccid: with_(sim, attached_at=None, test=None) for iccid, sim in line.line.sims.items()}
    asks = {effect: ask for effect, ask in line.line.asks.items() if effect != "message.insert-sim"}
    known(line, with_(line.line, sims=sims, asks=asks))

    line.without("cutover.set-forward").hear("cutover.forward-lost", network="old").at("slot start - 90 minutes")

    assert "message.insert-sim" not in line.line.asks


# SIMs


def test_each_new_sim_after_the_port_is_to_be_put_in() -> None:
    line = given("ported", handset="kept").without("sim.reset-asked")
    told = line.line.asks.get("message.insert-sim")
    assert told is not None
    kit = with_(line.line.kit, asks=line.line.kit.asks + 1, granted=line.line.kit.asks + 1)
    sims = {iccid: with_(sim, detached_at=line.stage.now) for iccid, sim in line.line.sims.items()}
    known(line, with_(line.line, kit=kit, sims=sims))

    letters = [getattr(command, "template", "") for command in decided_again(line).commands]

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


# Numbers that are gone


def test_a_done_line_whose_number_is_gone_is_one_incident_until_somebody_saw_to_it() -> None:
    line = given("done").hear("porting.number-deactivated", after="+1 day")
    assert line.line.incident_count == 1
    assert line.tasks == {"incident"}

    line.hear("control.task-done", task=f"{LINE}/incident/1", after="+1 hour").hear("enrolment.absence-ended")

    assert line.line.incidents == {}
    assert line.line.incident_count == 1
    assert line.tasks == set()


def test_a_line_that_ends_with_its_number_leaves_no_incident_open() -> None:
    line = given("accepted").hear("porting.number-deactivated", after="+1 day")

    line.hear("control.task-done", task=f"{LINE}/incident/1", after="+1 hour")

    assert str(line.line.ended) == "deactivated"
    assert line.line.incidents == {}
