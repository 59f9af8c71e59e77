"""What is known of forwards, tests and the old line's end."""

from datetime import datetime
from typing import assert_never

from events.cutover import (
    CutoverFact,
    EndApproved,
    ForwardCleared,
    ForwardConfirmed,
    ForwardLost,
    Leg,
    Medium,
    Network,
    OldLineEnded,
    ReachabilityTested,
    ReportedUnreachable,
    SecondMediumProved,
)
from orchestrator.knowing.asks import settle
from orchestrator.knowing.dispatch import later, sim, sim_known
from orchestrator.record import AskState, Forward, Line, Test, with_


def heard_cutover(line: Line, fact: CutoverFact, at: datetime) -> Line:
    """The line with this fact about its cut-over known."""
    match fact:
        case ForwardConfirmed():
            return _forward(settle(line, fact, AskState.DONE, at), fact.network, _set(line, fact, at))
        case ForwardCleared():
            return _forward(settle(line, fact, AskState.DONE, at), fact.network, _cleared(line, fact, at))
        case ForwardLost():
            known = _net(line, fact.network)
            lost = at if known.set_at and at >= known.set_at else known.lost_at
            return _forward(line, fact.network, with_(known, lost_at=lost))
        case ReachabilityTested():
            return _tested(settle(line, fact, AskState.DONE, at), fact, at)
        case SecondMediumProved():
            return with_(line, second_medium_at=later(line.second_medium_at, at))
        case EndApproved():
            if line.approved_at is not None and at < line.approved_at:
                return line
            return with_(line, approved_by=fact.by, approved_at=at)
        case OldLineEnded():
            return with_(_end_answered(line, at), old_ended_at=line.old_ended_at or at)
        case ReportedUnreachable():
            return with_(line, reported_at=later(line.reported_at, at))
        case _:
            assert_never(fact)


def _end_answered(line: Line, at: datetime) -> Line:
    """An old line that is over, whoever says so, answers our order to end it."""
    ask = line.asks.get("end-old-line")
    if ask is None or ask.state is AskState.DONE:
        return line
    return with_(line, asks={**line.asks, "end-old-line": with_(ask, state=AskState.DONE, answered_at=at)})


def _net(line: Line, network: Network) -> Forward:
    return line.nets.get(network) or Forward()


def forward_on(line: Line, network: Network) -> Forward:
    """Our forward on this network. One on the old line dies at the port, and is gone if the number comes back."""
    known, port = _net(line, network), line.port
    if network is Network.NEW or known.set_at is None or not known.stands():
        return known
    if port.performed_at is not None and known.set_at <= port.performed_at:
        return with_(known, lost_at=port.performed_at)
    if port.reversed_at is not None and known.set_at < port.reversed_at:
        return with_(known, lost_at=port.reversed_at)
    return known


def _forward(line: Line, network: Network, forward: Forward) -> Line:
    return with_(line, nets={**line.nets, network: forward})


def _set(line: Line, fact: ForwardConfirmed, at: datetime) -> Forward:
    known = _net(line, fact.network)
    if fact.generation < known.generation:
        return known
    before = known.before if known.set_at else fact.before
    fresh = Forward(generation=fact.generation, set_at=at, target=fact.target, iccid=fact.iccid, before=before)
    if fact.generation > known.generation:
        return fresh
    # Said once more: one that was cleared stays so, since another is a generation of its own.
    lost = known.lost_at if known.lost_at is not None and known.lost_at >= at else None
    return with_(fresh, set_at=later(known.set_at, at), cleared_at=known.cleared_at, lost_at=lost)


def _cleared(line: Line, fact: ForwardCleared, at: datetime) -> Forward:
    known = _net(line, fact.network)
    if fact.generation < known.generation:
        return known
    return with_(known, generation=fact.generation, cleared_at=at)


def _tested(line: Line, fact: ReachabilityTested, at: datetime) -> Line:
    """A test proves the SIM only where the handset itself answered every network (gate rules 1 and 14)."""
    passed = bool(fact.heard) and all(heard.leg is Leg.HANDSET for heard in fact.heard)
    if fact.medium is Medium.SMS:
        return with_(line, sms_at=line.sms_at or at) if passed else line
    known = sim(line, fact.iccid)
    if known.test and (known.test.at, known.test.sequence) >= (at, fact.sequence):
        return line
    test = Test(at=at, sequence=fact.sequence, medium=fact.medium, number=fact.number, passed=passed)
    # Whose handset answered is on the network, whether or not the network told so.
    attached_at = later(known.attached_at, at) if passed else known.attached_at
    failures = 0 if passed else known.failures + 1
    line = sim_known(line, fact.iccid, test=test, failures=failures, attached_at=attached_at)
    if not (passed and _is_final(line, fact)):
        return line
    return with_(line, proved_at=line.proved_at or at)


def _is_final(line: Line, fact: ReachabilityTested) -> bool:
    """Whether the test was on the line as it is after the move."""
    if line.terms is None or not line.terms.ports:
        return line.old_ended_at is not None
    return line.port.performed_at is not None and fact.number == line.terms.number
