"""R1, never without a working line, as one function over the ways in which a caller may get through."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from events.base import Iccid, Msisdn
from events.cutover import Network
from events.enrolment import Handset
from orchestrator.deciding.evidence import active, after, attached, contrary_at, lost, newest
from orchestrator.knowing.cutover import forward_on
from orchestrator.knowing.dispatch import expected, in_hand, sim
from orchestrator.record import Line


@dataclass(frozen=True)
class Way:
    """One way to the person: over this network to the handset, and from there to wherever a forward leads.

    A handset rings if it would do so switched on and in coverage; a sleeper's phone is no gap (docs/gate.md).
    """

    network: Network
    carries: bool  # whether calls to the number come in over this network
    rings: bool  # whether the handset leg answers
    forward: "tuple[Way, ...]" = ()  # the ways of the number that the standing forward leads to; none without one


OUTSIDE: Final = (Way(Network.OLD, carries=True, rings=True),)
"""A desk or superuser who does not move with the programme: somebody is there."""


def reachable(ways: tuple[Way, ...]) -> bool:
    """Whether a caller gets through by one of these ways. A forward counts only if its end answers, however set."""
    return any(way.carries and (way.rings or reachable(way.forward)) for way in ways)


def known_ways(
    line: Line, directory: Mapping[Msisdn, Line] | None = None, *, passed: frozenset[Msisdn] = frozenset()
) -> tuple[Way, ...]:
    """The ways to this line by what we know; `directory` holds the other lines, to follow forwards to their end.

    Nothing is assumed of the new SIM but what a test showed; the old phone is assumed to work until something says
    otherwise, since it did when we came.
    """
    if line.terms is None or line.port.deactivated_at is not None:
        return ()
    passed |= {line.terms.number}
    moved = line.port.performed_at is not None
    old = moved if line.terms.ports else line.old_ended_at is not None
    new = moved if line.terms.ports else True
    ends = {network: _end(line, network, directory or {}, passed) for network in Network}
    return (
        Way(Network.OLD, carries=not old, rings=_old_rings(line), forward=ends[Network.OLD]),
        Way(Network.NEW, carries=new, rings=_new_rings(line), forward=ends[Network.NEW]),
    )


def _end(line: Line, network: Network, directory: Mapping[Msisdn, Line], passed: frozenset[Msisdn]) -> tuple[Way, ...]:
    """Where our forward on this network ends; a forward that comes back to where it began ends nowhere."""
    forward = forward_on(line, network)
    target = forward.target
    if not forward.stands() or target is None or target in passed:
        return ()
    if target not in directory:
        return OUTSIDE
    return known_ways(directory[target], directory, passed=passed)


def _old_rings(line: Line) -> bool:
    """Whether the old phone rings. Where one phone serves both, the new SIM pushed the old one out (gate rule 7)."""
    assert line.terms is not None
    old_iccid = line.terms.old_iccid
    old = next((known for known in line.sims.values() if known.iccid == old_iccid), None)
    if old is not None and (lost(old) or old.blocked_at or (old.test is not None and not old.test.passed)):
        return False
    others = [known for known in line.sims.values() if known.iccid != old_iccid and attached(known)]
    if line.terms.handset is Handset.NEW or not others:
        return True
    back = old.test.at if old is not None and old.test is not None else None
    return after(back, newest(*(known.attached_at for known in others)))


def _carries_it(line: Line) -> Iccid | None:
    if line.port.performed_at is not None:
        return line.port.bound
    return expected(line) if line.old_ended_at is not None else None


def _new_rings(line: Line) -> bool:
    """Whether the new SIM rings: in the person's hands, carrying the number, attached, proved, and not contradicted.

    Once the line has moved, a scan that is said to be wrong takes the SIM that carries it out of no phone.
    """
    assert line.terms is not None
    iccid = in_hand(line) or _carries_it(line)
    if iccid is None:
        return False
    known = sim(line, iccid)
    if not active(known) or not attached(known) or lost(known) or known.blocked_at or known.test is None:
        return False
    if line.terms.ports and line.port.bound != iccid and known.test.number != line.terms.number:
        return False  # neither the order nor a test says that the number is on this SIM
    return known.test.passed and after(known.test.at, contrary_at(line, known))
