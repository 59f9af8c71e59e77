"""What can be asked of the world, one act per method of `workers/providers/ports.py`, and what it answers."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Final, get_args

from events.base import Account, Barcode, Dossier, Iccid, Imei, Msisdn
from events.cutover import Heard, Medium, Network
from events.messages import Template
from events.planning import Slot
from workers.providers.ports import Booking, PortStatus


@dataclass(frozen=True, slots=True)
class Request:
    """Open a dossier."""

    name: ClassVar[str] = "request"
    dossier: Dossier
    number: Msisdn
    iccid: Iccid
    mandate: str
    early_termination: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask how a dossier stands."""

    name: ClassVar[str] = "ask"
    dossier: Dossier


@dataclass(frozen=True, slots=True)
class Cancel:
    """Withdraw a request."""

    name: ClassVar[str] = "cancel"
    dossier: Dossier


@dataclass(frozen=True, slots=True)
class Rebind:
    """Bind the order, or the number after the port, to another SIM."""

    name: ClassVar[str] = "rebind"
    dossier: Dossier
    iccid: Iccid


@dataclass(frozen=True, slots=True)
class Execute:
    """Begin the port now."""

    name: ClassVar[str] = "execute"
    dossier: Dossier
    iccid: Iccid
    evidence_at: datetime
    not_after: datetime


@dataclass(frozen=True, slots=True)
class Book:
    """Put the port into a batch."""

    name: ClassVar[str] = "book"
    dossier: Dossier
    iccid: Iccid
    slot: Slot


@dataclass(frozen=True, slots=True)
class Recall:
    """Take the port out of its batch."""

    name: ClassVar[str] = "recall"
    dossier: Dossier


@dataclass(frozen=True, slots=True)
class Activate:
    """Make a SIM active."""

    name: ClassVar[str] = "activate"
    iccid: Iccid


@dataclass(frozen=True, slots=True)
class Reset:
    """Set a SIM up again."""

    name: ClassVar[str] = "reset"
    iccid: Iccid


@dataclass(frozen=True, slots=True)
class Block:
    """Block a lost SIM."""

    name: ClassVar[str] = "block"
    iccid: Iccid


@dataclass(frozen=True, slots=True)
class Ship:
    """Send a kit."""

    name: ClassVar[str] = "ship"
    iccid: Iccid
    imei: Imei | None
    to: str
    site: str


@dataclass(frozen=True, slots=True)
class Collect:
    """Have an old kit sent back."""

    name: ClassVar[str] = "collect"
    to: str
    iccid: str = ""  # the new kit's SIM; nothing for the old phone and SIM


@dataclass(frozen=True, slots=True)
class SetForward:
    """Forward when not reachable."""

    name: ClassVar[str] = "set-forward"
    network: Network
    number: Msisdn
    iccid: Iccid | None
    target: Msisdn
    generation: int


@dataclass(frozen=True, slots=True)
class ClearForward:
    """Take a forward of ours away."""

    name: ClassVar[str] = "clear-forward"
    network: Network
    number: Msisdn
    iccid: Iccid | None
    generation: int
    restore: Msisdn | None
    evidence_at: datetime


@dataclass(frozen=True, slots=True)
class EndOldLine:
    """End an old line by notice."""

    name: ClassVar[str] = "end-old-line"
    number: Msisdn
    approved_by: Account
    evidence_at: datetime


@dataclass(frozen=True, slots=True)
class Test:
    """Try a line from other networks."""

    __test__: ClassVar[bool] = False  # pytest would take the name for a test class
    name: ClassVar[str] = "test"
    iccid: Iccid
    number: Msisdn | None
    medium: Medium
    origins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Send:
    """Send a letter. What it says in words, and to which address, matters to nobody in this world."""

    name: ClassVar[str] = "send"
    template: Template
    to: str = ""
    task: str = ""
    details: tuple[tuple[str, str], ...] = field(default=())


Act = (
    Request
    | Ask
    | Cancel
    | Rebind
    | Execute
    | Book
    | Recall
    | Activate
    | Reset
    | Block
    | Ship
    | Collect
    | SetForward
    | ClearForward
    | EndOldLine
    | Test
    | Send
)
ACTS: Final[dict[str, type[Act]]] = {act.name: act for act in get_args(Act)}
"""By the name under which the server hears of it."""

Value = PortStatus | Booking | Msisdn | Barcode | tuple[Heard, ...] | bool | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the counterpart says. With a code it refused, and did nothing; silent, it acted and its answer got lost."""

    value: Value = None
    code: str = ""
    note: str = ""
    silent: bool = False


DONE: Final = Answer()


def refused(code: str, note: str = "") -> Answer:
    """The counterpart's no."""
    return Answer(code=code, note=note)


def step_of(reference: str) -> str:
    """The part of a business key that names effect and attempt: what draws depend on, whatever the programme's name."""
    return "/".join(reference.split("/")[2:]) or reference
