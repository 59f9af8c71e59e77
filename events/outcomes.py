"""What the orchestrator itself makes true by deciding: tasks for persons, incidents, lines done and ended."""

from enum import StrEnum
from typing import Literal

from events.base import LineFact, TaskId
from events.messages import Role


class TaskKind(StrEnum):
    """What a person is asked to do."""

    FILE_MANDATE = "file-mandate"
    CORRECT_DATA = "correct-data"
    CHASE_ANSWER = "chase-answer"
    AGREE_SLOT = "agree-slot"
    PLAN_SLOTS = "plan-slots"  # the wave has none left for this line
    SETTLE_MISMATCH = "settle-mismatch"
    CHASE_PARCEL = "chase-parcel"
    REPLACE_KIT = "replace-kit"
    CORRECT_ASSET = "correct-asset"
    MEND_SIM = "mend-sim"
    MEND_NET = "mend-net"
    EARLY_TERMINATION = "early-termination"  # buy the old contract out, or wait (`scenarios/S14.yaml`)
    SETTLE_LEAVER = "settle-leaver"
    SECOND_MEDIUM = "second-medium"
    EXPIRY_NEAR = "expiry-near"
    EXPIRED = "expired"
    WATCH_EXECUTION = "watch-execution"
    WATCH_CANCEL = "watch-cancel"
    APPROVE_END = "approve-end"
    MISSED_SLOTS = "missed-slots"
    INCIDENT = "incident"
    SMS_MISSING = "sms-missing"
    ROUTE_REPORT = "route-report"
    CHASE_PARTY = "chase-party"  # it answers nobody
    CHASE_WORKER = "chase-worker"  # a command has had no answer
    UNREAD_MESSAGE = "unread-message"
    REACH_PERSON = "reach-person"  # a message could not be sent: tell the person some other way


class TaskOpened(LineFact):
    """A named role has something to do for this line."""

    type: Literal["nl.naadloos.outcomes.task-opened.v1"] = "nl.naadloos.outcomes.task-opened.v1"
    task: TaskId
    kind: TaskKind
    role: Role
    because: str


class TaskClosed(LineFact):
    """What the task asked for is done or needed no longer."""

    type: Literal["nl.naadloos.outcomes.task-closed.v1"] = "nl.naadloos.outcomes.task-closed.v1"
    task: TaskId
    because: str


class IncidentKind(StrEnum):
    """How a person came to be cut off, or nearly."""

    PERFORMED_EARLY = "performed-early"
    UNPROVED_AFTER_PORT = "unproved-after-port"
    PORTED_BACK = "ported-back"
    NUMBER_DEACTIVATED = "number-deactivated"
    SIM_BLOCKED = "sim-blocked"
    KIT_LOST = "kit-lost"
    SIM_DIED = "sim-died"
    REPORTED = "reported"


class Owner(StrEnum):
    """Whose doing it was (docs/gaps.md)."""

    OURS = "ours"
    UNFORESEEABLE = "unforeseeable"
    OTHERS = "others"


class IncidentOpened(LineFact):
    """A person may be unreachable: mitigation goes out in the same decision."""

    type: Literal["nl.naadloos.outcomes.incident-opened.v1"] = "nl.naadloos.outcomes.incident-opened.v1"
    kind: IncidentKind
    owner: Owner


class IncidentClosed(LineFact):
    """The line is proved to work again."""

    type: Literal["nl.naadloos.outcomes.incident-closed.v1"] = "nl.naadloos.outcomes.incident-closed.v1"
    kind: IncidentKind


class EndReason(StrEnum):
    """Why a line needs no more work without having been moved."""

    LEAVER = "leaver"
    BORN_NEW = "born_new"
    DROPPED = "dropped"
    WITHDRAWN = "withdrawn"
    DEACTIVATED = "deactivated"


class LineDone(LineFact):
    """The line works on the new network, is proved to, and after-care is over."""

    type: Literal["nl.naadloos.outcomes.line-done.v1"] = "nl.naadloos.outcomes.line-done.v1"


class LineEnded(LineFact):
    """The line needs no more work, for this reason."""

    type: Literal["nl.naadloos.outcomes.line-ended.v1"] = "nl.naadloos.outcomes.line-ended.v1"
    reason: EndReason


Outcome = TaskOpened | TaskClosed | IncidentOpened | IncidentClosed | LineDone | LineEnded
