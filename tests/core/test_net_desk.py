"""The safety net: set again when it is lost, cleared on proof, and known to stand before the line is done."""

from __future__ import annotations

from datetime import timedelta

from events.cutover import ClearForward, ForwardCleared, ForwardConfirmed, Network, SetForward
from orchestrator.knowing.cutover import heard_cutover
from orchestrator.reasons import Reason
from orchestrator.record import AskState, Line, with_
from tests.core.spec import given

DAY = timedelta(days=1)


def test_a_net_that_was_set_anew_after_it_was_cleared_is_cleared_again() -> None:
    line = given("done").hear("cutover.reported-unreachable", after="+1 hour")

    assert any(isinstance(command, SetForward) for command in line.commands)
    line.at("2 working days later")
    assert not any(net.stands() for network, net in line.line.nets.items() if network.value == "new")


def test_a_clear_without_an_answer_is_another_request_on_newer_proof() -> None:
    line = given("reached").without("cutover.clear-forward").at("4 working days later")
    clear = line.line.asks["clear-new"]
    unknown = with_(clear, state=AskState.UNKNOWN, answered_at=clear.at)
    line.knowing(with_(line.line, asks={**line.line.asks, "clear-new": unknown}))

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
    line.knowing(with_(line.line, asks={**line.line.asks, "forward-new": unknown}, incidents={}, reported_at=None))
    sims = {iccid: with_(sim, detached_at=None) for iccid, sim in line.line.sims.items()}
    line.knowing(
        with_(line.line, sims={iccid: with_(sim, detached_at=ask.at - DAY * 30) for iccid, sim in sims.items()})
    )

    line.at("+20 minutes")

    assert Reason.DONE not in line.reasons


def test_the_net_of_a_single_phone_is_set_anew_before_its_owner_is_asked_to_change_sims() -> None:
    line = given("ready", handset="kept").at("slot start - 1 minute")
    before = line.line.nets[Network.OLD].generation

    line.at("slot start")

    assert line.line.nets[Network.OLD].generation == before + 1
    assert line.letters == ["insert-sim"]


def test_nobody_is_asked_to_change_sims_on_a_net_of_which_nobody_knows_that_it_stands() -> None:
    line = given("ready", handset="kept").at("slot start - 1 minute").without("cutover.set-forward")

    assert line.at("slot start").letters == []


def test_word_of_its_setting_that_comes_again_does_not_set_a_net_that_was_cleared() -> None:
    line = given("done").line
    known = line.nets[Network.NEW]
    assert known.cleared_at is not None

    again = heard_cutover(line, _set_word(line), known.cleared_at + DAY)

    assert not again.nets[Network.NEW].stands()


def test_nor_does_word_of_it_that_comes_only_after_it_was_cleared() -> None:
    line = given("done").line
    known = line.nets[Network.NEW]
    assert known.cleared_at is not None
    assert known.set_at is not None
    cleared = ForwardCleared(
        key=line.asks["clear-new"].key, line=line.id, network=Network.NEW, generation=known.generation
    )

    crossed = heard_cutover(with_(line, nets={}), cleared, known.cleared_at)
    crossed = heard_cutover(crossed, _set_word(line), known.set_at)

    assert crossed.nets[Network.NEW] == known


def test_a_net_of_unknown_outcome_is_asked_for_under_another_key_since_the_old_one_is_answered_as_it_was() -> None:
    line = given("ready").without("cutover.set-forward").at("slot start - 20 hours")
    ask = line.line.asks["forward-old"]

    line.hear("control.outcome-unknown", key=ask.key).at("+1 hour")

    keys = [command.key for command in line.commands if isinstance(command, SetForward)]
    assert keys
    assert ask.key not in keys


def _set_word(line: Line) -> ForwardConfirmed:
    known = line.nets[Network.NEW]
    assert known.target is not None
    return ForwardConfirmed(
        key=line.asks["forward-new"].key,
        line=line.id,
        network=Network.NEW,
        target=known.target,
        generation=known.generation,
        iccid=known.iccid,
    )
