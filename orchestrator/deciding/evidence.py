"""What proves that a SIM works: active, attached, answered by the handset, and all of it fresh, for that very SIM."""

from datetime import datetime
from typing import Final

from events.base import Iccid
from events.dispatch import ParcelStatus
from orchestrator.deciding.case import Case
from orchestrator.knowing.dispatch import expected, in_hand
from orchestrator.reasons import Reason
from orchestrator.record import Line, Sim

GONE: Final = frozenset({ParcelStatus.LOST, ParcelStatus.RETURN_TO_SENDER})


def after(one: datetime | None, other: datetime | None) -> bool:
    """Whether `one` is known and later than `other`. At the same instant it is not: contrary evidence wins a tie."""
    return one is not None and (other is None or one > other)


def newest(*times: datetime | None) -> datetime | None:
    """The latest of the known times."""
    latest = None
    for at in times:  # not by `max` of a generator, at twice the cost: nothing is asked more often
        if at is not None and (latest is None or at > latest):
            latest = at
    return latest


def active(sim: Sim) -> bool:
    """Whether the provider's books have the SIM active. One that was set up again must be made active again."""
    return sim.active_at is not None and (sim.reset_at is None or sim.active_at >= sim.reset_at)


def attached(sim: Sim) -> bool:
    """Whether the network saw the SIM and did not lose it since, nor was it set up anew."""
    return after(sim.attached_at, newest(sim.detached_at, sim.reset_at))


def put_back_at(line: Line) -> datetime | None:
    """When the owner of a single phone was last asked to put the old SIM back: what the new one showed is over then."""
    ask = line.asks.get("message.put-back")
    return ask.at if ask is not None else None


def taken_out(line: Line, sim: Sim) -> bool:
    """Whether the new SIM of a single phone is taken to be out of it: nothing was seen of it since that was asked."""
    asked, test = put_back_at(line), sim.test
    seen = newest(sim.attached_at, test.at if test is not None and test.passed else None)
    return asked is not None and not after(seen, asked)


def lost(sim: Sim) -> bool:
    """Whether the SIM is out of known hands. Lost ends only by found (gate rule 9)."""
    return sim.lost_at is not None and not after(sim.found_at, sim.lost_at)


def faulty(sim: Sim) -> bool:
    """Whether the SIM was said not to work, and not set up again since. It is set up again only because it was said."""
    return sim.failed_at is not None and (sim.reset_at is None or sim.reset_at < sim.failed_at)


def sound(sim: Sim) -> bool:
    """Whether nothing says that the SIM is lost, blocked or broken."""
    return not (lost(sim) or faulty(sim) or sim.blocked_at)


def contrary_at(line: Line, sim: Sim) -> datetime | None:
    """The latest fact that speaks against the SIM: proof must be younger."""
    out = put_back_at(line) if sim.iccid == expected(line) else None
    against = newest(sim.detached_at, sim.failed_at, sim.blocked_at, sim.lost_at, sim.reset_at, line.reported_at)
    return newest(against, out)


def mismatched(line: Line) -> Iccid | None:
    """The SIM in the person's hands that is not the one that is meant (`scenarios/S20.yaml`)."""
    kit = line.kit
    if kit.handed is None or kit.handed == expected(line) or kit.gave_up(kit.handed):
        return None
    replaced = kit.granted_at and kit.handed_at and kit.handed_at < kit.granted_at
    return None if replaced else kit.handed


def parcel_gone(line: Line) -> bool:
    """Whether the parcel will not arrive: lost, or on its way back."""
    return line.kit.parcel in GONE and in_hand(line) is None


def unproved(case: Case, sim: Sim) -> Reason | None:
    """Why the SIM is not proved at this moment; None when it is."""
    if not sound(sim):
        return Reason.SIM_FAULTY
    if not active(sim):
        return Reason.SIM_NOT_ACTIVE
    if not attached(sim):
        return Reason.SIM_NOT_ATTACHED
    return untested(case, sim)


def untested(case: Case, sim: Sim) -> Reason | None:
    """Why the SIM's test does not prove it at this moment; None when it does."""
    if sim.test is None:
        return Reason.UNPROVED
    if not sim.test.passed:
        return Reason.TEST_FAILED
    if not after(sim.test.at, contrary_at(case.line, sim)):
        return Reason.UNPROVED
    if case.now - sim.test.at > case.evidence_limit:
        return Reason.EVIDENCE_STALE
    return None


def fresh_until(case: Case, sim: Sim) -> datetime | None:
    """Until when the SIM's proof may be relied on."""
    return sim.test.at + case.evidence_limit if sim.test else None
