"""The kit: asked from the stock, sent, handed over, replaced when it is lost or wrong."""

from datetime import timedelta
from typing import Final

from events.base import Iccid
from events.dispatch import ParcelStatus, ShipKit
from events.enrolment import Handset
from events.messages import Role
from events.outcomes import TaskKind
from events.places import KitAsked
from events.sim import BlockSim
from orchestrator.deciding.case import Case
from orchestrator.deciding.evidence import (
    active,
    after,
    attached,
    faulty,
    lost,
    mismatched,
    newest,
    parcel_gone,
)
from orchestrator.deciding.slot import UNDER_WAY
from orchestrator.knowing.dispatch import sim
from orchestrator.reasons import Reason
from orchestrator.record import AskState

ARRIVED: Final = frozenset({ParcelStatus.DELIVERED, ParcelStatus.READY_FOR_PICKUP, ParcelStatus.DELIVERY_FAILED})
LONG_DAYS: Final = 10
"""Working days after which a kit that nobody scanned is chased, whatever the carrier says."""


def unusable(case: Case, iccid: Iccid) -> bool:
    """Whether this SIM will not do: lost, blocked, given up, or faulty after it was set up again."""
    known = sim(case.line, iccid)
    if lost(known) or known.blocked_at or case.line.kit.gave_up(iccid):
        return True
    reset = case.asked("reset", str(iccid))
    worn_out = reset is not None and reset.state in {AskState.DONE, AskState.REFUSED}
    return worn_out and (faulty(known) or never_attached(case, iccid) or known.failures > len(case.terms.retests))


def never_attached(case: Case, iccid: Iccid) -> bool:
    """Whether the SIM, set up again and in a phone since, stayed off the network (`scenarios/S24.yaml`) or left it."""
    known = sim(case.line, iccid)
    if known.reset_at is None:
        return False
    seen = after(known.attached_at, known.reset_at)
    since = newest(known.reset_at, known.detached_at) or known.reset_at
    answered = known.test is not None and known.test.passed and after(known.test.at, since)
    if answered or after(known.attached_at, since):
        return False
    at = since + (case.terms.retest_daily if seen else case.terms.attach_patience)
    if case.enrolled.handset is not Handset.NEW and case.enrolled.ports:
        told = case.asked("message.insert-sim")
        if told is None or told.at <= since:
            return False
        at = told.at + case.terms.insert_patience
    case.look(at)
    return case.now >= at


def kit_desk(case: Case) -> None:
    """See that the right SIM, and the right handset, get into the person's hands."""
    wanted = case.expected
    if wanted is None or unusable(case, wanted) or parcel_gone(case.line) or _box_wasted(case):
        _ask_for_kit(case, wanted)
    elif case.in_hand is None:
        _bring(case, wanted)
    _block_lost(case)
    watch_asset(case)


def _box_wasted(case: Case) -> bool:
    """Whether another SIM was in the box, and that one will not do either."""
    other = mismatched(case.line)
    return other is not None and unusable(case, other)


def _ask_for_kit(case: Case, gone: Iccid | None) -> None:
    kit = case.line.kit
    if gone is not None:
        case.need(TaskKind.REPLACE_KIT, Role.LOGISTICS, Reason.PARCEL_LOST)
    waiting = kit.asks > kit.granted
    if not waiting:
        slot = case.line.plan.slot
        ask = KitAsked(
            line=case.line.id,
            attempt=kit.asks + 1,
            with_handset=case.enrolled.handset is Handset.NEW,
            wanted_by=slot.start if slot else case.now,
        )
        case.tell(case.enrolled.stock, ask)
    asked_at = kit.asked_at if waiting and kit.asked_at else case.now
    until = case.terms.next_round(case.terms.next_round(asked_at))
    if case.now >= until:
        case.need(TaskKind.REPLACE_KIT, Role.LOGISTICS, Reason.STOCK_EMPTY)
    case.wait(Reason.KIT_ASKED, since=asked_at, until=until)


def _bring(case: Case, iccid: Iccid) -> None:
    if case.line.kit.barcode is None:
        _ship(case, iccid)
    if mismatched(case.line):
        case.need(TaskKind.SETTLE_MISMATCH, Role.LOGISTICS, Reason.WRONG_SIM_HANDED)
        case.wait(Reason.WRONG_SIM_HANDED, since=case.line.kit.handed_at)
        return
    _watch_parcel(case)


def _ship(case: Case, iccid: Iccid) -> None:
    if case.refused_often("ship", str(iccid)):
        case.need(TaskKind.CHASE_PARCEL, Role.LOGISTICS, Reason.KIT_TO_SHIP)
    if key := case.due("ship", str(iccid)):
        kit, who = case.line.kit.kit, case.holder.enrolled
        case.order(
            ShipKit(
                key=key,
                line=case.line.id,
                iccid=iccid,
                imei=kit.imei if kit else None,
                to=who.person if who else None,
                site=who.site if who else "",
            )
        )


def _watch_parcel(case: Case) -> None:
    kit = case.line.kit
    since = kit.parcel_at or kit.granted_at or case.now
    if kit.parcel in ARRIVED:
        reason, deadline = Reason.PARCEL_WAITS, case.terms.working_days_after(since, case.terms.parcel_reminder_days)
    else:
        reason, deadline = Reason.KIT_UNDER_WAY, case.terms.working_days_after(since, LONG_DAYS)
    if case.holder.away_until and case.holder.away_until > case.now:
        deadline = max(deadline, case.holder.away_until + timedelta(days=2))
    if case.now >= deadline:
        case.need(TaskKind.CHASE_PARCEL, Role.LOGISTICS, reason)
    case.wait(reason, since=since, until=deadline)


def _block_lost(case: Case) -> None:
    """A lost SIM is blocked, so that nobody else calls on it (`scenarios/S16.yaml`).

    The one that carries the line waits for its replacement: to block it on somebody's word alone may cut the owner off.
    """
    gone = [known.iccid for known in case.line.sims.values() if lost(known) and not known.blocked_at]
    if gone:
        in_use = carrying(case)
        gone = [iccid for iccid in gone if iccid != in_use]
    if parcel_gone(case.line) and (wanted := case.expected):
        gone.append(wanted)
    for iccid in gone:
        if key := case.due(_block_of(case, iccid), str(iccid)):
            case.order(BlockSim(key=key, line=case.line.id, iccid=iccid))


def carrying(case: Case) -> Iccid | None:
    """The new SIM without which nothing may ring: the number is on it, in the one phone, or the old line ended."""
    handed, port = case.line.kit.handed, case.line.port
    if case.enrolled.ports and (port.performed_at is not None or port.state in UNDER_WAY or case.pending("execute")):
        return port.bound
    # An order to end the old line may have been carried out before anybody says so.
    ended = case.line.old_ended_at is not None or case.asked("end-old-line") is not None
    if ended or case.enrolled.handset is not Handset.NEW:
        # Neither a corrected scan nor a replacement's takes a SIM out of its phone.
        on_network = [known.iccid for known in case.line.sims.values() if attached(known)]
        if on_network and handed not in on_network:
            return on_network[0]
    scanned = handed or _scanned_last(case)
    return scanned if ended or (scanned is not None and _in_one_phone(case, scanned)) else None


def _scanned_last(case: Case) -> Iccid | None:
    """The SIM that was in the person's hands last, whatever was said of that scan since."""
    scans = case.line.kit.scans
    return max(scans, key=lambda iccid: (scans[iccid].last, iccid), default=None)


def _in_one_phone(case: Case, iccid: Iccid) -> bool:
    """Whether this SIM may have pushed the old one out of the one phone, though no word came that it attached."""
    if case.enrolled.handset is Handset.NEW:
        return False
    known = sim(case.line, iccid)
    put_in = not case.enrolled.ports or case.asked("message.insert-sim") is not None
    return attached(known) or (put_in and active(known))


def _block_of(case: Case, iccid: Iccid) -> str:
    """The effect of blocking this SIM: each SIM of the line has its own, so that each is asked in its own time."""
    number = [*case.line.sims, iccid].index(iccid) + 1
    return f"block-sim.{number}"


def watch_asset(case: Case) -> None:
    """A wrong handset with the right SIM holds up nothing, but the books are to be mended (`scenarios/S23.yaml`)."""
    kit = case.line.kit
    if case.in_hand is None or kit.kit is None or kit.kit.imei is None or kit.accepted:
        return
    if kit.handed_imei != kit.kit.imei and not case.task_done_since(TaskKind.CORRECT_ASSET, kit.handed_at):
        case.need(TaskKind.CORRECT_ASSET, Role.LOGISTICS, Reason.WRONG_SIM_HANDED)
