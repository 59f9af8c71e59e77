"""Examples that tests share: one line's SIMs, its dossier, and facts of each kind about them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from events.base import Account, Barcode, Dossier, Iccid
from events.cutover import ReportedUnreachable, SecondMediumProved
from events.dispatch import HandedOver, HandoverCorrected, KitFound, KitLost, ParcelReported, ParcelStatus
from events.porting import (
    NumberDeactivated,
    PortAccepted,
    PortBlocked,
    PortCancelled,
    PortDelayed,
    PortErrorFound,
    PortLapsed,
    PortPerformed,
    PortReversed,
)
from events.registry import HolderFact
from events.sim import SimAttached, SimBlocked, SimDetached, SimFailed
from tests.core.spec import LINE

BEGAN = datetime(2026, 11, 23, 7, tzinfo=UTC)
A, B = Iccid("8931440000000000001"), Iccid("8931440000000000002")
DOSSIER = Dossier("NL-E-0001-1-1")
BY = Account("logistics")
PARCEL = Barcode("3SABCD123456")

PORT: tuple[HolderFact, ...] = (
    PortDelayed(line=LINE, dossier=DOSSIER, due=BEGAN + timedelta(days=9)),
    PortAccepted(line=LINE, dossier=DOSSIER, first_possible=BEGAN + timedelta(days=8), iccid=A),
    PortBlocked(line=LINE, dossier=DOSSIER, code="63"),
    PortErrorFound(line=LINE, dossier=DOSSIER, code="12"),
    PortCancelled(line=LINE, dossier=DOSSIER),
    PortLapsed(line=LINE, dossier=DOSSIER),
    PortPerformed(line=LINE, dossier=DOSSIER),
    PortReversed(line=LINE, dossier=DOSSIER),
    NumberDeactivated(line=LINE, dossier=DOSSIER),
)
HANDS: tuple[HolderFact, ...] = (
    HandedOver(line=LINE, iccid=A, by=BY),
    HandedOver(line=LINE, iccid=B, by=BY),
    HandoverCorrected(line=LINE, iccid=A, why="wrong desk", by=BY),
    HandoverCorrected(line=LINE, iccid=B, why="wrong desk", by=BY),
)
SIM: tuple[HolderFact, ...] = (
    SimAttached(line=LINE, iccid=A),
    SimDetached(line=LINE, iccid=A),
    SimAttached(line=LINE, iccid=A),
    SimFailed(line=LINE, iccid=A, why="dead"),
    SimBlocked(line=LINE, iccid=A, asked=False),
    KitLost(line=LINE, iccid=A),
    KitFound(line=LINE, iccid=A),
    KitLost(line=LINE, iccid=A),
    SecondMediumProved(line=LINE, medium="pager", by=BY),
    ReportedUnreachable(line=LINE),
)
PARCELS: tuple[HolderFact, ...] = tuple(
    ParcelReported(line=LINE, barcode=PARCEL, status=status)
    for status in (ParcelStatus.IN_TRANSIT, ParcelStatus.DELIVERED, ParcelStatus.RETURN_TO_SENDER)
)
