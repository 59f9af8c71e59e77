"""What is known of kits and SIMs, each by when it was true."""

from datetime import datetime
from typing import assert_never

from events.base import Iccid
from events.dispatch import (
    DispatchFact,
    HandedOver,
    HandoverCorrected,
    KitFound,
    KitLost,
    KitReturned,
    MismatchSettled,
    ParcelAnnounced,
    ParcelReported,
    ParcelStatus,
    ReturnAnnounced,
)
from events.sim import SimActivated, SimAttached, SimBlocked, SimDetached, SimFact, SimFailed, SimReset
from orchestrator.knowing.asks import settle
from orchestrator.record import AskState, Consignment, Line, Scan, Sim, with_
from orchestrator.turn import YesOrNo


def later(one: datetime | None, other: datetime) -> datetime:
    """The later of the two."""
    return other if one is None or other > one else one


def heard_dispatch(line: Line, fact: DispatchFact, at: datetime) -> Line:
    """The line with this fact about its kit known."""
    match fact:
        case ParcelAnnounced():
            ask = line.asks.get("ship")
            if ask is not None and ask.key != fact.key:
                return line  # the parcel of a kit before this one
            line = settle(line, fact, AskState.DONE, at)
            return with_(line, kit=with_(line.kit, barcode=fact.barcode))
        case ParcelReported():
            return with_(line, kit=_parcel(line.kit, fact, at))
        case HandedOver():
            return with_(line, kit=_handed(line.kit, fact, at))
        case HandoverCorrected():
            return with_(line, kit=_corrected(line.kit, fact, at))
        case MismatchSettled():
            return with_(line, kit=_settled(line.kit, fact, at))
        case KitLost():
            return sim_known(line, fact.iccid, lost_at=later(sim(line, fact.iccid).lost_at, at))
        case KitFound():
            return sim_known(line, fact.iccid, found_at=later(sim(line, fact.iccid).found_at, at))
        case ReturnAnnounced():
            return settle(line, fact, AskState.DONE, at)
        case KitReturned():
            return with_(line, kit=_returned(line.kit, fact, at))
        case _:
            assert_never(fact)


def _parcel(kit: Consignment, fact: ParcelReported, at: datetime) -> Consignment:
    if fact.barcode != kit.barcode or (kit.parcel_at and at < kit.parcel_at):
        return kit
    status = ParcelStatus.LOST if fact.incident == "carrier_parcel_lost" else fact.status
    if status == kit.parcel:
        return kit  # the age of a status is that of its first report
    return with_(kit, parcel=status, parcel_at=at)


def _handed(kit: Consignment, fact: HandedOver, at: datetime) -> Consignment:
    before = kit.scans.get(fact.iccid)
    scan = Scan(fact.imei, at, at)
    if before is not None and before.imei == fact.imei:
        scan = Scan(fact.imei, min(before.since, at), max(before.last, at))
    elif before is not None and (before.last, before.imei or "") > (at, fact.imei or ""):
        scan = before
    return _in_hands(with_(kit, scans={**kit.scans, fact.iccid: scan}))


def _corrected(kit: Consignment, fact: HandoverCorrected, at: datetime) -> Consignment:
    until = later(kit.corrected.get(fact.iccid), at)
    return _in_hands(with_(kit, corrected={**kit.corrected, fact.iccid: until}))


def _in_hands(kit: Consignment) -> Consignment:
    """The kit with the newest scan that was not said to be wrong, in whatever order scans and corrections came.

    Whoever says of a SIM scanned before that it is to be used has seen it in those hands. Of two seen at the same
    instant the one with the higher number counts, whichever was heard first.
    """
    good = {iccid: scan for iccid, scan in kit.scans.items() if after(scan.last, kit.corrected.get(iccid))}
    iccid = max(good, key=lambda iccid: (_last_seen(kit, iccid), iccid), default=None)
    if iccid is None:
        return with_(kit, handed=None, handed_imei=None, handed_at=None)
    scan = good[iccid]
    since = scan.since if after(scan.since, kit.corrected.get(iccid)) else scan.last
    return with_(kit, handed=iccid, handed_imei=scan.imei, handed_at=since)


def _last_seen(kit: Consignment, iccid: Iccid) -> datetime:
    said, last = kit.choices.get(iccid), kit.scans[iccid].last
    return max(last, said.at) if said is not None and said.yes else last


def after(one: datetime, other: datetime | None) -> bool:
    """Whether `one` is later than `other`, where there is one."""
    return other is None or one > other


def _returned(kit: Consignment, fact: KitReturned, at: datetime) -> Consignment:
    if fact.iccid is not None:
        return with_(kit, returned=fact.iccid)
    return with_(kit, returned_at=later(kit.returned_at, at))


def _settled(kit: Consignment, fact: MismatchSettled, at: datetime) -> Consignment:
    said, before = YesOrNo(at, yes=fact.choice == "rebind"), kit.choices.get(fact.iccid)
    if before is not None and not before.outdone_by(said):
        return kit
    return _in_hands(with_(kit, choices={**kit.choices, fact.iccid: said}))


def expected(line: Line) -> Iccid | None:
    """The SIM that is meant for the person."""
    return line.kit.accepted or (line.kit.kit.iccid if line.kit.kit else None)


def in_hand(line: Line) -> Iccid | None:
    """The SIM that was scanned in the person's hands, if it is the one that is meant."""
    return line.kit.handed if line.kit.handed is not None and line.kit.handed == expected(line) else None


def sim(line: Line, iccid: Iccid) -> Sim:
    """What is known of this SIM."""
    return line.sims.get(iccid) or Sim(iccid)


def sim_known(line: Line, iccid: Iccid, **changes: object) -> Line:
    """The line with more known of this SIM."""
    return with_(line, sims={**line.sims, iccid: with_(sim(line, iccid), **changes)})


def heard_sim(line: Line, fact: SimFact, at: datetime) -> Line:
    """The line with this fact about one of its SIMs known."""
    known = sim(line, fact.iccid)
    match fact:
        case SimActivated():
            line = settle(line, fact, AskState.DONE, at)
            return sim_known(
                line,
                fact.iccid,
                active_at=later(known.active_at, at),
                temporary=fact.temporary_number or known.temporary,
            )
        case SimAttached():
            return sim_known(line, fact.iccid, attached_at=later(known.attached_at, at))
        case SimDetached():
            return sim_known(line, fact.iccid, detached_at=later(known.detached_at, at))
        case SimFailed():
            return sim_known(line, fact.iccid, failed_at=later(known.failed_at, at))
        case SimBlocked():
            return sim_known(line, fact.iccid, blocked_at=later(known.blocked_at, at))
        case SimReset():
            line = settle(line, fact, AskState.DONE, at)
            return sim_known(line, fact.iccid, reset_at=later(known.reset_at, at), failures=0)
        case _:
            assert_never(fact)
