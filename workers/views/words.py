"""The words of the trade as people read them, for every value that a message can hold."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from events.control import Party, Waivable
from events.dispatch import ParcelStatus
from events.enrolment import Critical, Execution, Handset, LineKind
from events.messages import Role, Template
from events.outcomes import EndReason, IncidentKind, Owner, TaskKind
from events.porting import PortState
from orchestrator.reasons import TEXTS, Counterpart, Reason
from workers.runtime.language import _, marked

WORDS: Final[tuple[tuple[StrEnum, str], ...]] = (
    (LineKind.VOICE, marked("voice")),
    (LineKind.DATA, marked("data only")),
    (LineKind.MACHINE, marked("machine")),
    (LineKind.SHARED, marked("shared number")),
    (Critical.FIRST_AIDER, marked("critical: first-aider")),
    (Critical.DESK_ALARM, marked("critical: desk alarm")),
    (Critical.ON_CALL, marked("critical: on call")),
    (Handset.NEW, marked("new phone")),
    (Handset.KEPT, marked("keeps the phone")),
    (Handset.ESIM, marked("eSIM")),
    (Execution.ON_CALL, marked("ported on call")),
    (Execution.BOOKED, marked("ported in the provider's batch")),
    (Party.PORTING_DESK, marked("the porting desk")),
    (Party.SIM_DESK, marked("the SIM desk")),
    (Party.CARRIER, marked("the carrier")),
    (Party.NETWORKS, marked("the networks")),
    (Party.TESTER, marked("the tester")),
    (Party.POST, marked("the post")),
    (Role.PROJECT_LEADER, marked("the project leader")),
    (Role.LOGISTICS, marked("logistics")),
    (Role.OPS, marked("ops")),
    (Role.SUPERUSER, marked("the superuser")),
    (Role.TEAM_LEAD, marked("the team lead")),
    (TaskKind.FILE_MANDATE, marked("file the mandate")),
    (TaskKind.CORRECT_DATA, marked("correct the refused request's data")),
    (TaskKind.CHASE_ANSWER, marked("chase the old provider's answer")),
    (TaskKind.AGREE_SLOT, marked("agree the slot with the person")),
    (TaskKind.PLAN_SLOTS, marked("plan more slots for the wave")),
    (TaskKind.SETTLE_MISMATCH, marked("settle which SIM is used")),
    (TaskKind.CHASE_PARCEL, marked("chase the parcel")),
    (TaskKind.REPLACE_KIT, marked("replace the kit")),
    (TaskKind.CORRECT_ASSET, marked("correct the handset in the books")),
    (TaskKind.MEND_SIM, marked("have the SIM mended")),
    (TaskKind.MEND_NET, marked("have the safety net set")),
    (TaskKind.EARLY_TERMINATION, marked("decide whether to buy the old contract out")),
    (TaskKind.SETTLE_LEAVER, marked("decide about the leaver's number")),
    (TaskKind.SECOND_MEDIUM, marked("try the second medium")),
    (TaskKind.EXPIRY_NEAR, marked("plan before the acceptance runs out")),
    (TaskKind.EXPIRED, marked("request the port anew")),
    (TaskKind.WATCH_EXECUTION, marked("watch the port being carried out")),
    (TaskKind.WATCH_CANCEL, marked("watch the withdrawal")),
    (TaskKind.APPROVE_END, marked("approve the old line's end")),
    (TaskKind.MISSED_SLOTS, marked("agree a third slot")),
    (TaskKind.INCIDENT, marked("see to the incident")),
    (TaskKind.SMS_MISSING, marked("find out why text messages stay away")),
    (TaskKind.ROUTE_REPORT, marked("find out whose report it is")),
    (TaskKind.CHASE_PARTY, marked("ask a silent party why it does not answer")),
    (TaskKind.CHASE_WORKER, marked("see why a worker does not answer")),
    (TaskKind.UNREAD_MESSAGE, marked("see to a message that could not be read")),
    (TaskKind.REACH_PERSON, marked("tell the person some other way: a message could not be sent")),
    (IncidentKind.PERFORMED_EARLY, marked("ported before we asked")),
    (IncidentKind.UNPROVED_AFTER_PORT, marked("not proved after the port")),
    (IncidentKind.PORTED_BACK, marked("ported back to the old provider")),
    (IncidentKind.NUMBER_DEACTIVATED, marked("the number was deactivated")),
    (IncidentKind.SIM_BLOCKED, marked("the SIM was blocked")),
    (IncidentKind.KIT_LOST, marked("the kit was lost")),
    (IncidentKind.SIM_DIED, marked("the SIM died")),
    (IncidentKind.REPORTED, marked("reported as unreachable")),
    (Owner.OURS, marked("ours")),
    (Owner.UNFORESEEABLE, marked("unforeseeable")),
    (Owner.OTHERS, marked("others'")),
    (EndReason.LEAVER, marked("the employee leaves")),
    (EndReason.BORN_NEW, marked("began at the new provider")),
    (EndReason.DROPPED, marked("dropped from the programme")),
    (EndReason.WITHDRAWN, marked("withdrawn")),
    (EndReason.DEACTIVATED, marked("the number is gone")),
    (PortState.UNKNOWN, marked("unknown to the provider")),
    (PortState.SUBMITTED, marked("requested")),
    (PortState.DELAYED, marked("delayed")),
    (PortState.BLOCKED, marked("refused")),
    (PortState.FAILED, marked("found wrong")),
    (PortState.ACCEPTED, marked("accepted")),
    (PortState.BOOKED, marked("booked")),
    (PortState.EXECUTING, marked("being carried out")),
    (PortState.PERFORMED, marked("carried out")),
    (PortState.CANCELLED, marked("cancelled")),
    (PortState.LAPSED, marked("lapsed")),
    (PortState.REVERSED, marked("ported back")),
    (PortState.RETURNED, marked("given back to its range holder")),
    (ParcelStatus.PENDING, marked("announced")),
    (ParcelStatus.PICKED_UP, marked("picked up")),
    (ParcelStatus.IN_TRANSIT, marked("on its way")),
    (ParcelStatus.ON_HOLD, marked("held by the carrier")),
    (ParcelStatus.OUT_FOR_DELIVERY, marked("out for delivery")),
    (ParcelStatus.DELIVERED, marked("delivered, says the carrier")),
    (ParcelStatus.READY_FOR_PICKUP, marked("ready at a pick-up point")),
    (ParcelStatus.DELIVERY_DELAYED, marked("late")),
    (ParcelStatus.DELIVERY_FAILED, marked("delivery failed")),
    (ParcelStatus.RETURN_TO_SENDER, marked("on its way back")),
    (ParcelStatus.CANCELLED, marked("cancelled by the carrier")),
    (ParcelStatus.LOST, marked("lost")),
    (ParcelStatus.UNKNOWN, marked("not known to the carrier")),
    (Waivable.PERSON_CONFIRMED, marked("that the person confirmed the slot")),
    (Waivable.ROSTER_FREE, marked("that the duty roster spares the person")),
    (Waivable.SECOND_MEDIUM, marked("that the second medium is proved")),
    (Waivable.WAVE_RUNNING, marked("that the wave runs")),
    (Template.INVITATION, marked("invitation")),
    (Template.SECOND_INVITATION, marked("second invitation")),
    (Template.INSERT_SIM, marked("insert the SIM now")),
    (Template.MOVED, marked("your slot moved")),
    (Template.REACHED, marked("your number works")),
    (Template.SMS_LATER, marked("text messages follow later")),
    (Template.OLD_KIT, marked("send the old phone back")),
    (Template.NEW_KIT, marked("send the new kit back")),
    (Template.DISTURBED, marked("your number is disturbed")),
    (Template.PUT_BACK, marked("put the old SIM back")),
    (Template.TASK, marked("a task")),
)
"""By enum member; a test holds that none is missing. Pairs, since members of two enums with one text are equal keys."""

STATES: Final = {
    "": marked("not started"),
    "running": marked("running"),
    "paused": marked("paused"),
    "stopped": marked("stopped"),
}
"""How a wave stands."""


def word(value: StrEnum) -> str:
    """The value as people read it."""
    return _(_BY_CLASS[type(value), str(value)])


_BY_CLASS: Final = {(type(value), str(value)): text for value, text in WORDS}


def sentence(reason: Reason) -> str:
    """Why a line is where it is."""
    return _(TEXTS[reason].sentence)


def change(reason: Reason) -> str:
    """What would change it."""
    return _(TEXTS[reason].change)


def counterpart(on: Counterpart) -> str:
    """Whom it waits for."""
    return _(str(on))
