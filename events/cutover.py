"""The cut-over: forwards that catch a call, tests that prove a line, a port carried out, an old line ended."""

from enum import StrEnum
from typing import Literal

from events.base import (
    Account,
    Answer,
    Command,
    Dossier,
    Iccid,
    Instant,
    IrreversibleCommand,
    LineFact,
    Message,
    Msisdn,
)
from events.planning import Slot


class Network(StrEnum):
    """On which provider's network a forward is set."""

    OLD = "old"
    NEW = "new"


class Leg(StrEnum):
    """Which leg answered a test: only the handset proves the line (gate rule 1)."""

    HANDSET = "handset"
    FORWARD = "forward"
    VOICEMAIL = "voicemail"
    OTHER = "other"  # somebody, but not with this code
    NOBODY = "nobody"


class Medium(StrEnum):
    """How a line is tested."""

    VOICE = "voice"
    ATTACH = "attach"
    ALARM = "alarm"
    SMS = "sms"


class Heard(Message):
    """Which leg answered a test that came from this network."""

    origin: str  # the network the test came from
    leg: Leg


class ForwardConfirmed(Answer):
    """A forward "when not reachable" is set; what the person had there before is noted."""

    type: Literal["nl.naadloos.cutover.forward-confirmed.v1"] = "nl.naadloos.cutover.forward-confirmed.v1"
    network: Network
    target: Msisdn
    generation: int
    iccid: Iccid | None = None  # on the new network: the SIM that it is set for
    before: Msisdn | None = None


class ForwardCleared(Answer):
    """A forward of ours is gone, and what the person had before is back."""

    type: Literal["nl.naadloos.cutover.forward-cleared.v1"] = "nl.naadloos.cutover.forward-cleared.v1"
    network: Network
    generation: int


class ForwardLost(LineFact):
    """A forward that was set is set no longer."""

    type: Literal["nl.naadloos.cutover.forward-lost.v1"] = "nl.naadloos.cutover.forward-lost.v1"
    network: Network


class ReachabilityTested(Answer):
    """A test was made from other networks, and this is which leg answered each."""

    type: Literal["nl.naadloos.cutover.reachability-tested.v1"] = "nl.naadloos.cutover.reachability-tested.v1"
    iccid: Iccid
    number: Msisdn | None
    medium: Medium
    sequence: int
    heard: tuple[Heard, ...]


class SecondMediumProved(LineFact):
    """A critical line's second medium (pager, app, desk phone) was tried and works."""

    type: Literal["nl.naadloos.cutover.second-medium-proved.v1"] = "nl.naadloos.cutover.second-medium-proved.v1"
    medium: str
    by: Account


class EndApproved(LineFact):
    """A named person approves that this old line, whose number does not port, ends by notice (R2)."""

    type: Literal["nl.naadloos.cutover.end-approved.v1"] = "nl.naadloos.cutover.end-approved.v1"
    by: Account


class OldLineEnded(LineFact):
    """The old line is over."""

    type: Literal["nl.naadloos.cutover.old-line-ended.v1"] = "nl.naadloos.cutover.old-line-ended.v1"


class ReportedUnreachable(LineFact):
    """A person says that this number cannot be reached."""

    type: Literal["nl.naadloos.cutover.reported-unreachable.v1"] = "nl.naadloos.cutover.reported-unreachable.v1"


class SetForward(Command):
    """Have calls go to the target when this number is not reachable. Never unconditional (gate rule 6)."""

    type: Literal["nl.naadloos.cutover.set-forward.v1"] = "nl.naadloos.cutover.set-forward.v1"
    network: Network
    number: Msisdn
    iccid: Iccid | None  # the new line's SIM, which carries the number after the port
    target: Msisdn
    generation: int


class ClearForward(IrreversibleCommand):
    """Take our forward away and restore what the person had, if it still is this generation (gate rule 4)."""

    type: Literal["nl.naadloos.cutover.clear-forward.v1"] = "nl.naadloos.cutover.clear-forward.v1"
    network: Network
    number: Msisdn
    iccid: Iccid | None
    generation: int
    restore: Msisdn | None = None
    evidence_at: Instant  # when the test was made that this rests on


class TestReachability(Command):
    """Try the line from other networks and say which leg answered."""

    __test__ = False  # pytest would take the name for a test class
    type: Literal["nl.naadloos.cutover.test-reachability.v1"] = "nl.naadloos.cutover.test-reachability.v1"
    iccid: Iccid
    number: Msisdn | None  # the real number after the port, the temporary one before; None where there is none
    medium: Medium
    sequence: int
    origins: tuple[str, ...]


class ExecutePort(IrreversibleCommand):
    """Carry the port out now. The one command that cannot be undone, and the gate guards it."""

    type: Literal["nl.naadloos.cutover.execute-port.v1"] = "nl.naadloos.cutover.execute-port.v1"
    dossier: Dossier
    iccid: Iccid
    slot: Slot
    evidence_at: Instant  # when the test was made that this rests on


class BookPort(IrreversibleCommand):
    """Have the port run in the provider's batch at the slot's start."""

    type: Literal["nl.naadloos.cutover.book-port.v1"] = "nl.naadloos.cutover.book-port.v1"
    dossier: Dossier
    iccid: Iccid
    slot: Slot


class RecallPort(Command):
    """Take a booked port out of the batch."""

    type: Literal["nl.naadloos.cutover.recall-port.v1"] = "nl.naadloos.cutover.recall-port.v1"
    dossier: Dossier


class EndOldLine(IrreversibleCommand):
    """End an old line by notice. Only for a line that does not port, after proof and a named person's approval (R2)."""

    type: Literal["nl.naadloos.cutover.end-old-line.v1"] = "nl.naadloos.cutover.end-old-line.v1"
    number: Msisdn
    approved_by: Account
    evidence_at: Instant  # when the test was made that this rests on


class Withdraw(Command):
    """Do not carry out the command with this key, if it is not carried out yet (gate rule 3)."""

    type: Literal["nl.naadloos.cutover.withdraw.v1"] = "nl.naadloos.cutover.withdraw.v1"
    target: str


CutoverFact = (
    ForwardConfirmed
    | ForwardCleared
    | ForwardLost
    | ReachabilityTested
    | SecondMediumProved
    | EndApproved
    | OldLineEnded
    | ReportedUnreachable
)
