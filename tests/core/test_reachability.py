"""R1: whether a caller gets through, by what we know."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from events.base import Msisdn
from events.cutover import Medium, Network
from orchestrator.reachability import OUTSIDE, Way, known_ways, reachable
from orchestrator.record import Forward, Line, Sim, Test, with_
from tests.core.spec import given

NET = Msisdn("+31201234567")
AT = datetime(2026, 12, 9, 12, tzinfo=UTC)


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


def test_each_way_is_told_by_its_network() -> None:
    old, new = known_ways(given("accepted").line)

    assert (old.network, new.network) == (Network.OLD, Network.NEW)


def test_a_forward_is_followed_through_other_lines_to_its_very_end() -> None:
    first, second, third = (silent(number) for number in (1, 2, 3))
    assert second.terms is not None
    assert third.terms is not None
    first, second = forwarding(first, second.terms.number), forwarding(second, third.terms.number)

    assert not reached(first, second, third)
    assert reached(first, second), "who is no line of the programme answers"


@pytest.mark.parametrize("said", [{"lost_at": AT}, {"blocked_at": AT}, {"test": None}])
def test_the_old_phone_rings_unless_its_sim_is_lost_or_blocked(said: dict[str, Any]) -> None:
    line = old_sim(with_(given("accepted").line, nets={}), **said)

    assert reached(line) is ("test" in said)


def test_nor_does_it_ring_if_a_test_of_it_failed() -> None:
    line = with_(given("accepted").line, nets={})

    assert reached(old_sim(line, test=of_old(AT, passed=True)))
    assert not reached(old_sim(line, test=of_old(AT, passed=False)))


@pytest.mark.parametrize(("hours", "rings"), [(1, True), (0, False), (-1, False)])
def test_a_single_phone_has_its_old_sim_back_once_a_test_after_the_new_one_showed_it(hours: int, rings: bool) -> None:  # noqa: FBT001 - a column of the table
    line = with_(given("ready", handset="kept").hear("sim.attached", after="+1 hour").line, nets={})
    (attached_at,) = {sim.attached_at for sim in line.sims.values() if sim.attached_at}

    assert reached(old_sim(line, test=of_old(attached_at + timedelta(hours=hours), passed=True))) is rings
    assert not reached(old_sim(line, test=None)), "the new one pushed it out"


def test_a_line_without_a_new_sim_in_hand_has_no_new_way() -> None:
    line = old_sim(with_(given("planned", kind="data").line, nets={}), lost_at=AT)

    assert not reached(line)


@pytest.mark.parametrize(
    "said",
    [{"active_at": None}, {"attached_at": None}, {"lost_at": AT}, {"blocked_at": AT}, {"test": None}],
    ids=lambda said: next(iter(said)),
)
def test_the_new_sim_rings_only_if_it_is_active_attached_in_known_hands_and_tested(said: dict[str, Any]) -> None:
    line = with_(given("done").line, nets={})
    assert reached(line)
    (iccid,) = (sim.iccid for sim in line.sims.values() if sim.attached_at)

    assert not reached(with_(line, sims={**line.sims, iccid: with_(line.sims[iccid], **said)}))


def test_the_number_is_on_it_if_the_order_or_a_test_says_so() -> None:
    line = with_(given("done").line, nets={})
    (iccid,) = (sim.iccid for sim in line.sims.values() if sim.attached_at)
    unbound = with_(line, port=with_(line.port, bound=None))
    other = with_(line.sims[iccid], test=with_(line.sims[iccid].test, number=NET))

    assert reached(unbound), "a test on the number did"
    assert reached(with_(line, sims={**line.sims, iccid: other})), "the order did"
    assert not reached(with_(unbound, sims={**line.sims, iccid: other}))


def silent(number: int) -> Line:
    """A line with this number whose old phone does not ring, and which has no net."""
    line = given("accepted").line
    assert line.terms is not None
    terms = line.terms.model_copy(update={"number": Msisdn(f"+3161000000{number}")})
    return old_sim(with_(line, terms=terms, nets={}), lost_at=AT)


def old_sim(line: Line, **said: object) -> Line:
    assert line.terms is not None
    assert line.terms.old_iccid is not None
    old = line.sims.get(line.terms.old_iccid) or Sim(line.terms.old_iccid)
    return with_(line, sims={**line.sims, old.iccid: with_(old, **said)})


def of_old(at: datetime, *, passed: bool) -> Test:
    return Test(at=at, sequence=1, medium=Medium.VOICE, number=None, passed=passed)


def test_an_old_line_that_ended_carries_nothing() -> None:
    old, new = known_ways(given("done", kind="data").line)

    assert (old.carries, new.carries) == (False, True)


def test_a_scan_said_to_be_wrong_before_the_old_line_ends_leaves_the_old_phone_alone() -> None:
    line = given("handed over", kind="data").without("cutover.end-old-line").at("+1 day")
    corrected = line.hear("dispatch.handover-corrected", after="+1 hour").line

    assert corrected.old_ended_at is None
    assert reached(with_(corrected, nets={}))
    assert not reached(old_sim(with_(corrected, nets={}), lost_at=AT))
