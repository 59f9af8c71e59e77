"""What Naadloos asks of the outside world, as small Protocols in neutral states (docs/adr/0004).

Every call carries a `reference`, the business key of the command: the same reference twice is the same request, and the
counterpart answers the second as it answered the first. A call returns what was answered, raises `Refused` when the
counterpart said no, and `NoAnswer` when it did not answer in time (it may have acted all the same).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from events.base import Account, Barcode, Dossier, Iccid, Imei, Msisdn
from events.cutover import Heard, Medium, Network
from events.messages import Template
from events.planning import Slot
from events.porting import PortState


class Refused(Exception):  # noqa: N818 - the counterpart's word, not a fault of ours
    """The counterpart said no and did nothing."""

    def __init__(self, code: str, note: str = "") -> None:
        super().__init__(f"refused: {code}")
        self.code = code
        self.note = note


class NoAnswer(Exception):  # noqa: N818 - as above
    """The counterpart did not answer in time; it may have acted."""


@dataclass(frozen=True, slots=True)
class PortStatus:
    """How a dossier stands, asked at the provider."""

    state: PortState
    since: datetime | None = None
    iccid: Iccid | None = None
    first_possible: datetime | None = None
    due: datetime | None = None
    runs_at: datetime | None = None
    recall_until: datetime | None = None
    code: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Booking:
    """A port in the provider's batch: when it runs, and until when it can be recalled."""

    runs_at: datetime
    recall_until: datetime


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to a person, written out."""

    reference: str  # becomes the Message-ID, so that a second copy is known as one
    template: Template
    line: str
    address: str
    title: str
    body: str
    task: str = ""
    to: str = ""  # the person id or the role, for a counterpart that knows no names
    details: Mapping[str, str] = field(default_factory=dict)  # what the command told, as data


class NumberPorting(Protocol):
    """The new provider's porting desk."""

    async def request(
        self, dossier: Dossier, *, number: Msisdn, iccid: Iccid, mandate: str, early_termination: bool, reference: str
    ) -> None:
        """Open a dossier. `Refused` means that nothing was opened."""

    async def ask(self, dossier: Dossier, *, reference: str) -> PortStatus:
        """How the dossier stands; state `unknown` when the provider never heard of it."""

    async def cancel(self, dossier: Dossier, *, reference: str) -> None:
        """Withdraw the request; that it is cancelled comes as a report."""

    async def rebind(self, dossier: Dossier, *, iccid: Iccid, reference: str) -> None:
        """Bind the order, or after the port the number, to another SIM; confirmation comes as a report."""

    async def execute(
        self, dossier: Dossier, *, iccid: Iccid, evidence_at: datetime, not_after: datetime, reference: str
    ) -> None:
        """Begin the port now. The provider itself refuses after `not_after`."""

    async def book(self, dossier: Dossier, *, iccid: Iccid, slot: Slot, reference: str) -> Booking:
        """Put the port into the batch of this slot."""

    async def recall(self, dossier: Dossier, *, reference: str) -> None:
        """Take the port out of the batch. `Refused` when it is too late."""


class SimDesk(Protocol):
    """The new provider's SIM desk."""

    async def activate(self, iccid: Iccid, *, reference: str) -> Msisdn | None:
        """Make the SIM active; gives its temporary number, where it has one."""

    async def reset(self, iccid: Iccid, *, reference: str) -> None:
        """Set the SIM or profile up again."""

    async def block(self, iccid: Iccid, *, reference: str) -> None:
        """Block a lost SIM."""


class Carrier(Protocol):
    """The carrier."""

    async def ship(self, *, iccid: Iccid, imei: Imei | None, to: str, site: str, reference: str) -> Barcode:
        """Send a kit; gives the parcel's barcode."""

    async def collect(self, *, to: str, iccid: Iccid | None, reference: str) -> None:
        """Have the kit with this SIM sent back or, without one, the old phone and SIM."""


class Lines(Protocol):
    """Both providers' line settings: forwards, and the end of an old line."""

    async def set_forward(
        self, network: Network, *, number: Msisdn, iccid: Iccid | None, target: Msisdn, generation: int, reference: str
    ) -> Msisdn | None:
        """Forward when not reachable; gives the target that the person had before."""

    async def clear_forward(
        self,
        network: Network,
        *,
        number: Msisdn,
        iccid: Iccid | None,
        generation: int,
        restore: Msisdn | None,
        evidence_at: datetime,
        reference: str,
    ) -> None:
        """Take the forward of this generation away (`Refused` with `stale` otherwise), restore the earlier one."""

    async def end_old_line(
        self, number: Msisdn, *, approved_by: Account, evidence_at: datetime, reference: str
    ) -> None:
        """End the old line by notice."""


class Tester(Protocol):
    """Test calls from other networks, answered by the network's own record of the leg."""

    async def test(
        self, *, iccid: Iccid, number: Msisdn | None, medium: Medium, origins: tuple[str, ...], reference: str
    ) -> tuple[Heard, ...]:
        """Which leg answered, per network of origin."""


class Post(Protocol):
    """Mail."""

    async def send(self, letter: Letter) -> bool:
        """Send the letter; true when it may have gone out twice (same Message-ID)."""
