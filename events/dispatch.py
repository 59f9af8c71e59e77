"""Kits on their way and in a person's hands."""

from enum import StrEnum
from typing import Literal

from events.base import Account, Answer, Barcode, Command, Iccid, Imei, LineFact, PersonId


class ParcelStatus(StrEnum):
    """Where a parcel is, in the carrier-neutral words of docs/adr/0004. None of them opens the gate."""

    PENDING = "pending"
    PICKED_UP = "picked_up"
    IN_TRANSIT = "in_transit"
    ON_HOLD = "on_hold"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"
    READY_FOR_PICKUP = "ready_for_pickup"
    DELIVERY_DELAYED = "delivery_delayed"
    DELIVERY_FAILED = "delivery_failed"
    RETURN_TO_SENDER = "return_to_sender"
    CANCELLED = "cancelled"
    LOST = "lost"
    UNKNOWN = "unknown"


class ParcelAnnounced(Answer):
    """The carrier knows of the parcel that holds this kit."""

    type: Literal["nl.naadloos.dispatch.parcel-announced.v1"] = "nl.naadloos.dispatch.parcel-announced.v1"
    barcode: Barcode


class ParcelReported(LineFact):
    """The carrier says where the parcel is. Order is by the carrier's time (`scenarios/S19.yaml`)."""

    type: Literal["nl.naadloos.dispatch.parcel-reported.v1"] = "nl.naadloos.dispatch.parcel-reported.v1"
    barcode: Barcode
    status: ParcelStatus
    incident: str | None = None


class HandedOver(LineFact):
    """A logistics worker scanned this SIM and handset in the hands of this person."""

    type: Literal["nl.naadloos.dispatch.handed-over.v1"] = "nl.naadloos.dispatch.handed-over.v1"
    iccid: Iccid
    imei: Imei | None = None
    by: Account


class HandoverCorrected(LineFact):
    """An earlier hand-over was said of the wrong person or kit. History stays (`scenarios/S52.yaml`)."""

    type: Literal["nl.naadloos.dispatch.handover-corrected.v1"] = "nl.naadloos.dispatch.handover-corrected.v1"
    iccid: Iccid
    why: str
    by: Account


class MismatchSettled(LineFact):
    """A person decided what to do with a SIM other than the one expected (`scenarios/S20.yaml`)."""

    type: Literal["nl.naadloos.dispatch.mismatch-settled.v1"] = "nl.naadloos.dispatch.mismatch-settled.v1"
    iccid: Iccid
    choice: Literal["rebind", "resend"]
    by: Account


class KitLost(LineFact):
    """The kit with this SIM is gone. Lost ends only by found (gate rule 9)."""

    type: Literal["nl.naadloos.dispatch.kit-lost.v1"] = "nl.naadloos.dispatch.kit-lost.v1"
    iccid: Iccid


class KitFound(LineFact):
    """The kit with this SIM is back in known hands."""

    type: Literal["nl.naadloos.dispatch.kit-found.v1"] = "nl.naadloos.dispatch.kit-found.v1"
    iccid: Iccid


class ReturnAnnounced(Answer):
    """The person has what is needed to send a kit back."""

    type: Literal["nl.naadloos.dispatch.return-announced.v1"] = "nl.naadloos.dispatch.return-announced.v1"


class KitReturned(LineFact):
    """A kit came back: the new one with this SIM or, where none is named, the old phone and SIM."""

    type: Literal["nl.naadloos.dispatch.kit-returned.v1"] = "nl.naadloos.dispatch.kit-returned.v1"
    iccid: Iccid | None = None


class ShipKit(Command):
    """Send this kit to the person."""

    type: Literal["nl.naadloos.dispatch.ship-kit.v1"] = "nl.naadloos.dispatch.ship-kit.v1"
    iccid: Iccid
    imei: Imei | None
    to: PersonId | None
    site: str


class CollectKit(Command):
    """Arrange that a kit comes back: the new one with this SIM or, where none is named, the old phone and SIM."""

    type: Literal["nl.naadloos.dispatch.collect-kit.v1"] = "nl.naadloos.dispatch.collect-kit.v1"
    to: PersonId | None
    iccid: Iccid | None = None


DispatchFact = (
    ParcelAnnounced
    | ParcelReported
    | HandedOver
    | HandoverCorrected
    | MismatchSettled
    | KitLost
    | KitFound
    | ReturnAnnounced
    | KitReturned
)
