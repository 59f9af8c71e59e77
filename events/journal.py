"""The journal: one record per inbox record, with what was heard and decided and why, chained to the one before."""

from typing import Any, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from events.base import Instant, LineId, SubjectId
from events.envelope import Wire

TYPE: Final = "nl.naadloos.journal.decided.v1"
FIRST: Final = -1
"""The inbox offset that stands for "no predecessor"."""


class Part(BaseModel):
    """A part of a journal record."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class WireBecause(Part):
    """A reason, of one line or of the whole subject."""

    reason: str
    line: LineId | None = None
    since: Instant | None = None
    until: Instant | None = None


class WireTell(Part):
    """A fact said to another subject."""

    to: SubjectId
    fact: dict[str, Any]


class Unread(Part):
    """Why a message could not be read, or decided on. Its bytes stand in `dead-letters`."""

    reason: str
    detail: str


class Decided(Part):
    """What a journal record says."""

    prev: int
    """The inbox offset of the record before it on this partition; -1 for the first."""
    prev_hash: str
    """The hash of that record's bytes; empty for the first."""
    offset: int
    """The inbox offset that this record decides."""
    at: Instant
    """The decider's now, by the programme's clock; never earlier than its predecessor's."""
    code: str
    """A fingerprint of the code that decided."""
    heard: Wire | None = None
    unread: Unread | None = None
    duplicate: bool = False
    because: tuple[WireBecause, ...] = ()
    outcomes: tuple[dict[str, Any], ...] = ()
    commands: tuple[dict[str, Any], ...] = ()
    tells: tuple[WireTell, ...] = ()
    look: Instant | None = None


class JournalRecord(Part):
    """A journal record as a CloudEvent."""

    specversion: Literal["1.0"]
    id: str
    source: str
    type: Literal["nl.naadloos.journal.decided.v1"]
    subject: SubjectId
    time: AwareDatetime
    recordedtime: AwareDatetime
    datacontenttype: str = "application/json"
    data: Decided
