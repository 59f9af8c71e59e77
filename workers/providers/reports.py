"""What the outside world tells us unasked: call-backs, status feeds, scans, and what people say.

Reports speak of dossiers, numbers, SIMs and parcels, not of our lines; `workers/inbound` finds whose they are.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

from events.base import Account, Barcode, Dossier, Iccid, Instant, Msisdn, SubjectId
from events.cutover import Network
from events.dispatch import ParcelStatus
from events.porting import PortState
from events.registry import AnyFact

Id = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Words = Annotated[str, StringConstraints(max_length=1_000)]
"""What a counterpart says in its own words: enough to read, and far less than a record of Kafka holds."""


class Told(BaseModel):
    """A report: who says it, when it was true, and an id that makes a second copy known as one."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    id: Id
    source: Id
    at: Instant


class PortReport(Told):
    """The new provider's call-back about a dossier."""

    kind: Literal["port"] = "port"
    dossier: Dossier
    state: PortState
    first_possible: Instant | None = None
    iccid: Iccid | None = None  # the SIM that the order or number is bound to
    rebound: bool = False  # the report confirms a new binding, the state is as it was
    missed_batch: bool = False  # the batch ran without this port
    due: Instant | None = None
    code: Words = ""
    note: Words = ""


class SimReport(Told):
    """The network's or SIM desk's feed about a SIM."""

    kind: Literal["sim"] = "sim"
    iccid: Iccid
    state: Literal["attached", "detached", "failed", "blocked"]
    asked: bool = False
    why: Words = ""


class ParcelReport(Told):
    """The carrier's status feed."""

    kind: Literal["parcel"] = "parcel"
    barcode: Barcode
    status: ParcelStatus
    incident: Words | None = None


class ForwardReport(Told):
    """A network's notice that a forward is set no longer."""

    kind: Literal["forward"] = "forward"
    number: Msisdn
    network: Network


class Spoken(Told):
    """What a person says through our own screens or commands: the fact itself, under that person's account."""

    kind: Literal["spoken"] = "spoken"
    subject: SubjectId
    actor: Account
    fact: Annotated[AnyFact, Field(discriminator="type")]


Report = PortReport | SimReport | ParcelReport | ForwardReport | Spoken
REPORTS: TypeAdapter[list[Report]] = TypeAdapter(list[Annotated[Report, Field(discriminator="kind")]])
"""A call-back carries a list of reports, oldest first."""
