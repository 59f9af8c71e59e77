"""What is known does not depend on the order in which facts with times of their own arrive."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import combinations, permutations

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from events.base import Account, Iccid, Imei, LineId, Msisdn, SubjectId
from events.dispatch import HandedOver, MismatchSettled
from events.enrolment import LeaverSettled, LineEnrolled, LineKind, MandateFiled, MandateWithdrawn
from events.planning import SlotConfirmed, SlotDeclined
from events.porting import PortRebound, PortState, RequestPort
from events.registry import HolderFact
from orchestrator import knowing
from orchestrator.record import Holder, Line, with_
from tests.core.controls import BEGAN, DOSSIER, HANDS, PARCEL, PARCELS, PORT, SIM, A, B
from tests.core.spec import LINE

L = LineId(LINE)


def known() -> Holder:
    """A line whose port was asked, and whose parcel is announced."""
    terms = LineEnrolled(line=LINE, number=Msisdn("+31612345678"), kind=LineKind.VOICE, ports=True)
    holder = knowing.heard(Holder(SubjectId("E-0001")), terms, BEGAN)
    request = RequestPort.model_validate(
        {
            "key": "gm/E-0001-1/port/1",
            "line": LINE,
            "dossier": DOSSIER,
            "number": terms.number,
            "iccid": A,
            "mandate": "m",
        }
    )
    holder = knowing.ordered(holder, request, BEGAN)
    line = holder.lines[LINE]
    return with_(holder, lines={LINE: with_(line, kit=with_(line.kit, barcode=PARCEL))})


def folded(facts: Sequence[tuple[HolderFact, datetime]]) -> Line:
    holder = known()
    for fact, at in facts:
        holder = knowing.heard(holder, fact, at)
    return holder.lines[LineId(LINE)]


def shuffled(facts: tuple[HolderFact, ...]) -> st.SearchStrategy[list[tuple[HolderFact, datetime]]]:
    """A part of these facts, in some order of truth."""
    parts = st.lists(st.sampled_from(facts), max_size=6, unique_by=id)
    return parts.map(lambda part: [(fact, BEGAN + timedelta(hours=n + 1)) for n, fact in enumerate(part)])


def orders(facts: tuple[HolderFact, ...]) -> st.SearchStrategy[tuple[list[tuple[HolderFact, datetime]], ...]]:
    """Such a part in the order of truth, and in another."""
    return shuffled(facts).flatmap(lambda told: st.tuples(st.just(told), st.permutations(told)))


AnyOrders = tuple[list[tuple[HolderFact, datetime]], ...]


@drawn(orders(PORT))
@settings(max_examples=150, derandomize=True)
def test_the_port_stands_the_same(told: AnyOrders) -> None:
    one, other = folded(told[0]).port, folded(told[1]).port

    assert (one.state, one.bound, one.reversed_at) == (other.state, other.bound, other.reversed_at)
    assert (one.deactivated_at is None) == (other.deactivated_at is None)
    if one.state in {PortState.BLOCKED, PortState.FAILED}:
        assert one.code == other.code
    if one.deactivated_at is None:
        assert one.performed_at == other.performed_at


@drawn(orders(HANDS))
@settings(max_examples=150, derandomize=True)
def test_the_kit_is_in_the_same_hands(told: AnyOrders) -> None:
    assert folded(told[0]).kit.handed == folded(told[1]).kit.handed


SCANS: tuple[HolderFact, ...] = (
    HandedOver(line=L, iccid=A, imei=Imei("350000000000041"), by=Account("els")),
    HandedOver(line=L, iccid=A, imei=Imei("350000000000042"), by=Account("els")),
    HandedOver(line=L, iccid=B, by=Account("els")),
    MismatchSettled(line=L, iccid=A, choice="rebind", by=Account("els")),
    MismatchSettled(line=L, iccid=B, choice="rebind", by=Account("els")),
)


@pytest.mark.parametrize("facts", list(combinations(SCANS, 3)))
def test_what_was_scanned_at_one_instant_is_in_the_same_hands_whatever_was_heard_first(
    facts: tuple[HolderFact, ...],
) -> None:
    kits = [folded([(fact, BEGAN) for fact in told]).kit for told in permutations(facts)]

    assert len({(kit.handed, kit.handed_imei) for kit in kits}) == 1


@drawn(orders(SIM))
@settings(max_examples=150, derandomize=True)
def test_the_sim_is_known_the_same(told: AnyOrders) -> None:
    one, other = folded(told[0]), folded(told[1])

    assert one.sims == other.sims
    assert (one.second_medium_at, one.reported_at) == (other.second_medium_at, other.reported_at)


@drawn(orders(PARCELS))
@settings(max_examples=50, derandomize=True)
def test_the_parcel_is_in_the_same_place(told: AnyOrders) -> None:
    assert folded(told[0]).kit == folded(told[1]).kit


@drawn(st.tuples(shuffled(PORT), shuffled(HANDS), shuffled(SIM)))
@settings(max_examples=100, derandomize=True)
def test_twice_is_once(told: tuple[list[tuple[HolderFact, datetime]], ...]) -> None:
    facts = [fact for part in told for fact in part]

    assert folded([*facts, *facts]).port.state == folded(facts).port.state
    assert folded([fact for fact in facts for _ in range(2)]) == folded(facts)


START = BEGAN + timedelta(days=9)
PEOPLE: tuple[HolderFact, ...] = (
    MandateFiled(line=L, mandate="m-1"),
    MandateFiled(line=L, mandate="m-2", early_termination=True),
    MandateWithdrawn(line=L, mandate="m-1"),
    MandateWithdrawn(line=L, mandate="m-2"),
    SlotConfirmed(line=L, start=START),
    SlotDeclined(line=L, start=START, not_before=START),
    SlotDeclined(line=L, start=START),
    LeaverSettled(line=L, choice="cancel", by=Account("els")),
    LeaverSettled(line=L, choice="stays", by=Account("jan")),
    MismatchSettled(line=L, iccid=A, choice="rebind", by=Account("els")),
    MismatchSettled(line=L, iccid=A, choice="resend", by=Account("jan")),
    PortRebound(line=L, dossier=DOSSIER, iccid=A),
    PortRebound(line=L, dossier=DOSSIER, iccid=Iccid("8931440000000000019")),
)


@drawn(orders(PEOPLE))
@settings(max_examples=300, derandomize=True)
def test_what_people_and_providers_decided_stands_the_same(told: AnyOrders) -> None:
    one, other = folded(told[0]), folded(told[1])

    assert (one.mandate, one.early_termination) == (other.mandate, other.early_termination)
    assert (one.plan.confirms(START), one.plan.not_before) == (other.plan.confirms(START), other.plan.not_before)
    assert (one.settled, one.port.bound) == (other.settled, other.port.bound)
    assert (one.kit.accepted, one.kit.gave_up(A)) == (other.kit.accepted, other.kit.gave_up(A))
