"""A number's port, from the request to the new network, in neutral states; docs/adr/0004 maps the trade's own."""

from enum import StrEnum
from typing import Literal

from events.base import Account, Answer, Command, Dossier, Iccid, Instant, LineFact, Msisdn


class PortState(StrEnum):
    """How a dossier stands at the provider, in neutral words."""

    UNKNOWN = "unknown"  # the provider never heard of it
    SUBMITTED = "submitted"
    DELAYED = "delayed"
    BLOCKED = "blocked"
    FAILED = "failed"
    ACCEPTED = "accepted"
    BOOKED = "booked"
    EXECUTING = "executing"
    PERFORMED = "performed"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"
    REVERSED = "reversed"
    RETURNED = "returned"


class DossierFact(LineFact):
    """A fact about one port request."""

    dossier: Dossier


class DossierAnswer(Answer):
    """An answer about one port request."""

    dossier: Dossier


class PortSubmitted(DossierAnswer):
    """The provider received the request. Received is not valid (`scenarios/S12.yaml`)."""

    type: Literal["nl.naadloos.porting.submitted.v1"] = "nl.naadloos.porting.submitted.v1"


class PortInvalid(DossierAnswer):
    """The provider refused the request on sight; nothing was opened (`scenarios/S11.yaml`)."""

    type: Literal["nl.naadloos.porting.invalid.v1"] = "nl.naadloos.porting.invalid.v1"
    code: str
    note: str = ""


class PortDelayed(DossierFact):
    """The old provider needs longer and says until when (`scenarios/S07.yaml`)."""

    type: Literal["nl.naadloos.porting.delayed.v1"] = "nl.naadloos.porting.delayed.v1"
    due: Instant
    code: str = ""


class PortBlocked(DossierFact):
    """The old provider refused the request; this dossier is closed (`scenarios/S03.yaml`)."""

    type: Literal["nl.naadloos.porting.blocked.v1"] = "nl.naadloos.porting.blocked.v1"
    code: str
    note: str = ""


class PortAccepted(DossierFact):
    """The old provider lets the number go from `first_possible` on; the order is bound to this SIM."""

    type: Literal["nl.naadloos.porting.accepted.v1"] = "nl.naadloos.porting.accepted.v1"
    first_possible: Instant
    iccid: Iccid


class PortErrorFound(DossierFact):
    """The request was received and later found wrong (`scenarios/S12.yaml`)."""

    type: Literal["nl.naadloos.porting.error-found.v1"] = "nl.naadloos.porting.error-found.v1"
    code: str
    note: str = ""


class PortRebound(DossierFact):
    """The provider confirms that the order is now bound to this SIM (`scenarios/S20.yaml`)."""

    type: Literal["nl.naadloos.porting.rebound.v1"] = "nl.naadloos.porting.rebound.v1"
    iccid: Iccid


class PortExecuting(DossierAnswer):
    """The provider began the port."""

    type: Literal["nl.naadloos.porting.executing.v1"] = "nl.naadloos.porting.executing.v1"


class PortBooked(DossierAnswer):
    """The provider runs the port at this time, and lets itself be recalled until shortly before."""

    type: Literal["nl.naadloos.porting.booked.v1"] = "nl.naadloos.porting.booked.v1"
    runs_at: Instant
    recall_until: Instant


class PortRecalled(DossierAnswer):
    """The booking is undone; the order stays accepted."""

    type: Literal["nl.naadloos.porting.recalled.v1"] = "nl.naadloos.porting.recalled.v1"


class PortMissedBatch(DossierFact):
    """The provider's batch ran without this port; the order stays accepted."""

    type: Literal["nl.naadloos.porting.missed-batch.v1"] = "nl.naadloos.porting.missed-batch.v1"


class PortPerformed(DossierFact):
    """The number is on the new network. Never refused, in whatever state it comes (`scenarios/S27.yaml`)."""

    type: Literal["nl.naadloos.porting.performed.v1"] = "nl.naadloos.porting.performed.v1"


class PortCancelled(DossierFact):
    """The request is withdrawn; this dossier is closed."""

    type: Literal["nl.naadloos.porting.cancelled.v1"] = "nl.naadloos.porting.cancelled.v1"


class PortLapsed(DossierFact):
    """The acceptance ran out; this dossier is closed (`scenarios/S15.yaml`)."""

    type: Literal["nl.naadloos.porting.lapsed.v1"] = "nl.naadloos.porting.lapsed.v1"


class PortReversed(DossierFact):
    """The number was ported back to the old network."""

    type: Literal["nl.naadloos.porting.reversed.v1"] = "nl.naadloos.porting.reversed.v1"


class NumberDeactivated(DossierFact):
    """The number went back to its range holder: final for this dossier (gate rule 9)."""

    type: Literal["nl.naadloos.porting.number-deactivated.v1"] = "nl.naadloos.porting.number-deactivated.v1"


class PortTold(DossierAnswer):
    """The provider's answer when asked how a dossier stands."""

    type: Literal["nl.naadloos.porting.told.v1"] = "nl.naadloos.porting.told.v1"
    state: PortState
    since: Instant | None = None
    iccid: Iccid | None = None
    first_possible: Instant | None = None
    due: Instant | None = None
    runs_at: Instant | None = None
    recall_until: Instant | None = None
    code: str = ""
    note: str = ""


class PortReported(DossierFact):
    """The provider says unasked that a dossier is in this state, and not all that belongs to it: it is asked."""

    type: Literal["nl.naadloos.porting.reported.v1"] = "nl.naadloos.porting.reported.v1"
    state: PortState
    code: str = ""
    note: str = ""


class DataCorrected(LineFact):
    """A person mended the data of a refused request: it may be asked again, in a new dossier (`scenarios/S04.yaml`)."""

    type: Literal["nl.naadloos.porting.data-corrected.v1"] = "nl.naadloos.porting.data-corrected.v1"
    by: Account
    why: str


class PortWithdrawn(LineFact):
    """A person wants this number's port stopped (`scenarios/S32.yaml`, `scenarios/S33.yaml`)."""

    type: Literal["nl.naadloos.porting.withdrawn.v1"] = "nl.naadloos.porting.withdrawn.v1"
    by: Account
    why: str


class RequestPort(Command):
    """Ask the new provider to port this number onto this SIM."""

    type: Literal["nl.naadloos.porting.request.v1"] = "nl.naadloos.porting.request.v1"
    dossier: Dossier
    number: Msisdn
    iccid: Iccid
    mandate: str
    early_termination: bool = False


class AskPort(Command):
    """Ask the provider how a dossier stands."""

    type: Literal["nl.naadloos.porting.ask.v1"] = "nl.naadloos.porting.ask.v1"
    dossier: Dossier


class CancelPort(Command):
    """Withdraw a port request."""

    type: Literal["nl.naadloos.porting.cancel.v1"] = "nl.naadloos.porting.cancel.v1"
    dossier: Dossier


class RebindPort(Command):
    """Bind an open port order to another SIM."""

    type: Literal["nl.naadloos.porting.rebind.v1"] = "nl.naadloos.porting.rebind.v1"
    dossier: Dossier
    iccid: Iccid


PortFact = (
    PortSubmitted
    | PortInvalid
    | PortDelayed
    | PortBlocked
    | PortAccepted
    | PortErrorFound
    | PortRebound
    | PortExecuting
    | PortBooked
    | PortRecalled
    | PortMissedBatch
    | PortPerformed
    | PortCancelled
    | PortLapsed
    | PortReversed
    | NumberDeactivated
    | PortTold
    | PortReported
    | DataCorrected
    | PortWithdrawn
)
