"""What lines share and must ask for: kits from a stock, places on a duty roster."""

import math
from typing import Annotated, Literal

from pydantic import AfterValidator

from events.base import Fact, Iccid, Imei, Instant, LineFact, Message, SubjectId


class Kit(Message):
    """A SIM, with a handset where the person gets one."""

    iccid: Iccid
    imei: Imei | None = None


class KitsDelivered(Fact):
    """Kits came into a stock. Said to the stock."""

    type: Literal["nl.naadloos.places.kits-delivered.v1"] = "nl.naadloos.places.kits-delivered.v1"
    kits: tuple[Kit, ...]


class KitAsked(LineFact):
    """A line asks the stock for a kit. Said to the stock, granted at a set time in a fixed order."""

    type: Literal["nl.naadloos.places.kit-asked.v1"] = "nl.naadloos.places.kit-asked.v1"
    attempt: int
    with_handset: bool
    wanted_by: Instant


class KitGranted(LineFact):
    """This kit is reserved for the line."""

    type: Literal["nl.naadloos.places.kit-granted.v1"] = "nl.naadloos.places.kit-granted.v1"
    attempt: int
    kit: Kit


def a_number(share: float) -> float:
    """The share, or none where what was said is no number: such a one differs from itself, also once it was kept."""
    return 0.0 if math.isnan(share) else share


class RosterFormed(Fact):
    """A duty roster exists: how many are on it, and what share may be in one cut-over window. Said to the roster."""

    type: Literal["nl.naadloos.places.roster-formed.v1"] = "nl.naadloos.places.roster-formed.v1"
    title: str
    members: int
    share: Annotated[float, AfterValidator(a_number)]


class PlaceAsked(LineFact):
    """A line asks its roster for a place in a window (`scenarios/S39.yaml`). Said to the roster."""

    type: Literal["nl.naadloos.places.place-asked.v1"] = "nl.naadloos.places.place-asked.v1"
    start: Instant
    end: Instant


class PlaceReturned(LineFact):
    """A line needs its place in a window no longer. Said to the roster."""

    type: Literal["nl.naadloos.places.place-returned.v1"] = "nl.naadloos.places.place-returned.v1"
    start: Instant


class PlaceGranted(LineFact):
    """The roster can spare this line in the window."""

    type: Literal["nl.naadloos.places.place-granted.v1"] = "nl.naadloos.places.place-granted.v1"
    roster: SubjectId
    start: Instant


class PlaceRefused(LineFact):
    """The roster cannot spare this line in the window: too many others are in it."""

    type: Literal["nl.naadloos.places.place-refused.v1"] = "nl.naadloos.places.place-refused.v1"
    roster: SubjectId
    start: Instant
    taken: int
    limit: int


PlaceFact = KitGranted | PlaceGranted | PlaceRefused
StockFact = KitsDelivered | KitAsked
RosterFact = RosterFormed | PlaceAsked | PlaceReturned
