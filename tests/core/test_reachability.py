"""R1: whether a caller gets through, by what we know."""

from __future__ import annotations

from events.base import Msisdn
from events.cutover import Network
from orchestrator.reachability import OUTSIDE, Way, known_ways, reachable
from orchestrator.record import Forward, Line, with_
from tests.core.spec import given

NET = Msisdn("+31201234567")


def reached(line: Line, *others: Line) -> bool:
    directory = {other.terms.number: other for other in others if other.terms}
    return reachable(known_ways(line, directory))


def forwarding(line: Line, target: Msisdn) -> Line:
    nets = {network: Forward(generation=1, set_at=line.plan.planned_at, target=target) for network in Network}
    return with_(line, nets=nets)


def test_a_way_that_does_not_carry_the_number_does_not_count() -> None:
    assert not reachable((Way(Network.NEW, carries=False, rings=True),))


def test_a_forward_counts_only_if_its_end_answers() -> None:
    silent = (Way(Network.OLD, carries=True, rings=False),)

    assert reachable((Way(Network.NEW, carries=True, rings=False, forward=OUTSIDE),))
    assert not reachable((Way(Network.NEW, carries=True, rings=False, forward=silent),))


def test_the_old_phone_rings_until_the_port() -> None:
    line = given("accepted").without("cutover.set-forward")

    assert reached(line.line)
    assert not reached(line.hear("porting.performed").line)


def test_after_the_port_the_new_sim_rings_if_it_was_proved() -> None:
    assert reached(with_(given("ported").line, nets={}))


def test_a_sim_that_failed_since_does_not_ring() -> None:
    line = given("ported").without("sim.reset-asked").hear("sim.failed", why="dead", after="+1 hour").line

    assert not reached(with_(line, nets={}))
    assert reached(line)


def test_a_scan_said_to_be_wrong_takes_the_sim_that_carries_the_number_out_of_no_phone() -> None:
    for line in (given("done"), given("done", kind="data")):
        corrected = line.hear("dispatch.handover-corrected", after="+1 hour").line

        assert corrected.kit.handed is None
        assert reached(with_(corrected, nets={}))


def test_a_single_phone_loses_the_old_sim_to_the_new_one() -> None:
    line = given("ready", handset="kept").hear("sim.attached", after="+1 hour").line

    assert not reached(with_(line, nets={}))


def test_a_forward_to_another_line_is_followed() -> None:
    one = given("accepted").hear("dispatch.kit-lost", iccid="old SIM").line
    assert one.terms is not None
    other = with_(one, terms=one.terms.model_copy(update={"number": NET}), sims={})

    assert reached(forwarding(one, NET), other)
    assert not reached(forwarding(one, NET), with_(other, sims=one.sims))


def test_forwards_in_a_circle_end_nowhere() -> None:
    one = given("accepted").hear("dispatch.kit-lost", iccid="old SIM").line
    assert one.terms is not None
    other = with_(one, terms=one.terms.model_copy(update={"number": NET}))

    assert not reached(forwarding(one, NET), forwarding(other, one.terms.number))


def test_a_deactivated_number_is_reachable_by_nothing() -> None:
    assert not reached(given("ported").hear("porting.number-deactivated").line)
