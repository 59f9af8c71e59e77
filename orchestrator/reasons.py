"""The one closed list of reasons: what is awaited, of whom, and what would change it. Every decision gives one."""

from enum import StrEnum
from typing import Final, NamedTuple


class Counterpart(StrEnum):
    """Whom a line waits for."""

    NOBODY = "nobody"
    US = "Naadloos"
    TIME = "the clock"
    PERSON = "the employee"
    PROJECT_LEADER = "the project leader"
    LOGISTICS = "logistics"
    SUPERUSER = "the superuser"
    TEAM_LEAD = "the team lead"
    OLD_PROVIDER = "the old provider"
    NEW_PROVIDER = "the new provider"
    CARRIER = "the carrier"
    WAVE = "the wave"
    ROSTER = "the duty roster"
    STOCK = "the kit stock"
    OPS = "ops"


class Reason(StrEnum):
    """Why a line is where it is."""

    NOT_ENROLLED = "not_enrolled"
    NOT_PLANNED = "not_planned"
    WAVE_NOT_RUNNING = "wave_not_running"
    NO_MANDATE = "no_mandate"
    ON_HOLD = "on_hold"
    UNREAD_MESSAGE = "unread_message"
    LEAVER_UNSETTLED = "leaver_unsettled"
    KIT_ASKED = "kit_asked"
    KIT_TO_SHIP = "kit_to_ship"
    KIT_UNDER_WAY = "kit_under_way"
    PARCEL_WAITS = "parcel_waits"
    PARCEL_LOST = "parcel_lost"
    NOT_HANDED_OVER = "not_handed_over"
    WRONG_SIM_HANDED = "wrong_sim_handed"
    SIM_TO_ACTIVATE = "sim_to_activate"
    SIM_NOT_ACTIVE = "sim_not_active"
    SIM_TO_INSERT = "sim_to_insert"
    SIM_NOT_ATTACHED = "sim_not_attached"
    SIM_FAULTY = "sim_faulty"
    UNPROVED = "unproved"
    EVIDENCE_STALE = "evidence_stale"
    TEST_RUNNING = "test_running"
    TEST_FAILED = "test_failed"
    PORT_TO_REQUEST = "port_to_request"
    PORT_SUBMITTED = "port_submitted"
    PORT_DELAYED = "port_delayed"
    ANSWER_OVERDUE = "answer_overdue"
    PORT_BLOCKED = "port_blocked"
    PORT_REVERSED = "port_reversed"
    PORT_CANCELLED = "port_cancelled"
    PORT_FAILED = "port_failed"
    OUTCOME_ASKED = "outcome_asked"
    NOT_ACCEPTED = "not_accepted"
    TOO_EARLY = "too_early"
    ACCEPTANCE_EXPIRED = "acceptance_expired"
    REBIND_PENDING = "rebind_pending"
    WRONG_SIM_ON_ORDER = "wrong_sim_on_order"
    PORT_WITHDRAWN = "port_withdrawn"
    CANCEL_PENDING = "cancel_pending"
    SLOT_ASKED = "slot_asked"
    PERSON_NOT_CONFIRMED = "person_not_confirmed"
    PERSON_ABSENT = "person_absent"
    MISSED_SLOTS = "missed_slots"
    OUTSIDE_SLOT = "outside_slot"
    ROSTER_NOT_FREE = "roster_not_free"
    SECOND_MEDIUM_UNPROVED = "second_medium_unproved"
    NET_NOT_SET = "net_not_set"
    UNDER_WAY = "under_way"
    BOOKED = "booked"
    RECALLED = "recalled"
    EXECUTION_ASKED = "execution_asked"
    EXECUTION_OVERDUE = "execution_overdue"
    PORTED_UNPROVED = "ported_unproved"
    SMS_PENDING = "sms_pending"
    AFTER_CARE = "after_care"
    NET_TO_CLEAR = "net_to_clear"
    END_NOT_APPROVED = "end_not_approved"
    OLD_LINE_ENDING = "old_line_ending"
    INCIDENT_OPEN = "incident_open"
    UNDOING = "undoing"
    DONE = "done"
    ENDED = "ended"
    NOTHING_TO_DO = "nothing_to_do"
    GRANTED = "granted"
    WAITING_FOR_ROUND = "waiting_for_round"
    STOCK_EMPTY = "stock_empty"
    WAVE_RUNNING = "wave_running"
    WAVE_PAUSED = "wave_paused"
    WAVE_STOPPED = "wave_stopped"
    NO_SLOT_LEFT = "no_slot_left"
    UNROUTED = "unrouted"
    PARTY_SILENT = "party_silent"
    MESSAGE_REFUSED = "message_refused"
    UNANSWERED = "unanswered"
    UNREAD = "unread"
    DUPLICATE = "duplicate"


class Text(NamedTuple):
    """A reason as a person reads it."""

    sentence: str
    change: str
    on: Counterpart


_C = Counterpart
TEXTS: Final[dict[Reason, Text]] = {
    Reason.NOT_ENROLLED: Text("the line is not enrolled", "import the line", _C.PROJECT_LEADER),
    Reason.NOT_PLANNED: Text("the line has no wave and no slot", "plan it: naadloos plan --go", _C.PROJECT_LEADER),
    Reason.WAVE_NOT_RUNNING: Text("the wave is not running", "start it: naadloos wave start", _C.WAVE),
    Reason.NO_MANDATE: Text("no mandate for the port is on file", "file the mandate", _C.PROJECT_LEADER),
    Reason.ON_HOLD: Text("a person holds the line", "release it: naadloos release", _C.PROJECT_LEADER),
    Reason.UNREAD_MESSAGE: Text(
        "a message about this subject could not be read", "redrive or dismiss the dead letter", _C.OPS
    ),
    Reason.LEAVER_UNSETTLED: Text(
        "the employee leaves, and what becomes of the number is not decided",
        "decide: cancel, pool, lapse or stays",
        _C.PROJECT_LEADER,
    ),
    Reason.KIT_ASKED: Text("a kit is asked from the stock", "the stock's next round", _C.STOCK),
    Reason.KIT_TO_SHIP: Text("the kit is being announced to the carrier", "the carrier's answer", _C.CARRIER),
    Reason.KIT_UNDER_WAY: Text("the kit is on its way", "hand it over and scan it", _C.CARRIER),
    Reason.PARCEL_WAITS: Text(
        "the carrier is done, but nobody scanned the kit", "hand it over and scan it", _C.LOGISTICS
    ),
    Reason.PARCEL_LOST: Text("the parcel is lost", "a new kit with a new SIM", _C.LOGISTICS),
    Reason.NOT_HANDED_OVER: Text("the kit is not in the person's hands", "hand it over and scan it", _C.LOGISTICS),
    Reason.WRONG_SIM_HANDED: Text(
        "another SIM than the expected one was handed over", "settle it: rebind or resend", _C.LOGISTICS
    ),
    Reason.SIM_TO_ACTIVATE: Text("the SIM is being activated", "the provider's answer", _C.NEW_PROVIDER),
    Reason.SIM_NOT_ACTIVE: Text("the SIM is not active", "the provider activates it", _C.NEW_PROVIDER),
    Reason.SIM_TO_INSERT: Text("the SIM goes into the phone when the slot opens", "the slot's start", _C.PERSON),
    Reason.SIM_NOT_ATTACHED: Text("the SIM is active but not on the network", "the phone is switched on", _C.PERSON),
    Reason.SIM_FAULTY: Text("the SIM does not work", "it is set up again or replaced", _C.NEW_PROVIDER),
    Reason.UNPROVED: Text("the new line is not proved by a test that the handset answered", "a test", _C.US),
    Reason.EVIDENCE_STALE: Text("the proof is too old", "a new test", _C.US),
    Reason.TEST_RUNNING: Text("a test is under way", "its result", _C.NEW_PROVIDER),
    Reason.TEST_FAILED: Text("the last test was not answered by the handset", "the next test", _C.TIME),
    Reason.PORT_TO_REQUEST: Text("the port is being requested", "the provider's receipt", _C.NEW_PROVIDER),
    Reason.PORT_SUBMITTED: Text("the port is requested", "the old provider's answer", _C.OLD_PROVIDER),
    Reason.PORT_DELAYED: Text("the old provider needs longer and says until when", "its answer", _C.OLD_PROVIDER),
    Reason.ANSWER_OVERDUE: Text("the old provider's answer is overdue", "chase it", _C.OLD_PROVIDER),
    Reason.PORT_BLOCKED: Text("the old provider refused the port", "correct the data", _C.PROJECT_LEADER),
    Reason.PORT_REVERSED: Text("the number was ported back", "say that the data are right", _C.PROJECT_LEADER),
    Reason.PORT_CANCELLED: Text("the request was cancelled", "say that it is to be made anew", _C.PROJECT_LEADER),
    Reason.PORT_FAILED: Text("an error was found in the request", "correct the data", _C.PROJECT_LEADER),
    Reason.OUTCOME_ASKED: Text("no answer came in time, so the outcome is asked for", "the answer", _C.NEW_PROVIDER),
    Reason.NOT_ACCEPTED: Text("the port is not accepted", "the old provider accepts", _C.OLD_PROVIDER),
    Reason.TOO_EARLY: Text("the first possible date is still to come", "that date", _C.TIME),
    Reason.ACCEPTANCE_EXPIRED: Text("the acceptance ran out", "a new request", _C.US),
    Reason.REBIND_PENDING: Text("the order is being bound to another SIM", "the confirmation", _C.NEW_PROVIDER),
    Reason.WRONG_SIM_ON_ORDER: Text(
        "the order is bound to another SIM than the one handed over", "the order is bound anew", _C.NEW_PROVIDER
    ),
    Reason.PORT_WITHDRAWN: Text("a person stopped the port", "plan the line anew", _C.PROJECT_LEADER),
    Reason.CANCEL_PENDING: Text("the request is being withdrawn", "the confirmation", _C.NEW_PROVIDER),
    Reason.SLOT_ASKED: Text("another slot is asked from the wave", "the wave's next round", _C.WAVE),
    Reason.PERSON_NOT_CONFIRMED: Text("the person did not confirm the slot", "the person confirms", _C.PERSON),
    Reason.PERSON_ABSENT: Text("the person is away", "the person is back", _C.PERSON),
    Reason.MISSED_SLOTS: Text("the person missed two slots", "the team lead agrees a third", _C.TEAM_LEAD),
    Reason.OUTSIDE_SLOT: Text("it is not the slot's time", "the slot's start", _C.TIME),
    Reason.ROSTER_NOT_FREE: Text("the duty roster has not spared this person", "the roster's answer", _C.ROSTER),
    Reason.SECOND_MEDIUM_UNPROVED: Text(
        "the second medium of this critical line is not proved", "try the second medium", _C.SUPERUSER
    ),
    Reason.NET_NOT_SET: Text("the safety net is not confirmed on both networks", "the confirmation", _C.NEW_PROVIDER),
    Reason.UNDER_WAY: Text("the port may be under way", "the outcome", _C.NEW_PROVIDER),
    Reason.BOOKED: Text("the port is booked", "the batch runs", _C.TIME),
    Reason.RECALLED: Text("the booked port is being recalled", "the confirmation", _C.NEW_PROVIDER),
    Reason.EXECUTION_ASKED: Text("the port is asked to be carried out", "the number moves", _C.NEW_PROVIDER),
    Reason.EXECUTION_OVERDUE: Text("the port should be over by now", "the provider's answer", _C.NEW_PROVIDER),
    Reason.PORTED_UNPROVED: Text("the number is on the new network and not proved yet", "a passed test", _C.US),
    Reason.SMS_PENDING: Text("text messages do not arrive yet", "a passed SMS test", _C.TIME),
    Reason.AFTER_CARE: Text("the line works and is watched in after-care", "the end of after-care", _C.TIME),
    Reason.NET_TO_CLEAR: Text("the safety net is being cleared", "the confirmation", _C.NEW_PROVIDER),
    Reason.END_NOT_APPROVED: Text("the end of the old line is not approved", "approve it", _C.PROJECT_LEADER),
    Reason.OLD_LINE_ENDING: Text("the old line is being ended by notice", "the confirmation", _C.OLD_PROVIDER),
    Reason.INCIDENT_OPEN: Text("an incident is open", "the line is proved to work", _C.PROJECT_LEADER),
    Reason.UNDOING: Text("what was set for the move is being undone", "the confirmation", _C.NEW_PROVIDER),
    Reason.DONE: Text("the line is moved, proved, and after-care is over", "nothing", _C.NOBODY),
    Reason.ENDED: Text("the line needs no move any more", "nothing", _C.NOBODY),
    Reason.NOTHING_TO_DO: Text("nothing is to be done", "a new fact", _C.NOBODY),
    Reason.GRANTED: Text("what was asked is granted", "nothing", _C.NOBODY),
    Reason.WAITING_FOR_ROUND: Text("asks are granted at a set time, in a fixed order", "the next round", _C.TIME),
    Reason.STOCK_EMPTY: Text("the stock has no such kit", "kits are delivered", _C.LOGISTICS),
    Reason.WAVE_RUNNING: Text("the wave is running", "nothing", _C.NOBODY),
    Reason.WAVE_PAUSED: Text("the wave is paused", "start it: naadloos wave start", _C.PROJECT_LEADER),
    Reason.WAVE_STOPPED: Text("the wave is stopped", "plan its lines anew", _C.PROJECT_LEADER),
    Reason.NO_SLOT_LEFT: Text("the wave has no slot left", "plan more slots: naadloos wave slots", _C.PROJECT_LEADER),
    Reason.MESSAGE_REFUSED: Text(
        "a message to the person could not be sent", "tell the person some other way", _C.SUPERUSER
    ),
    Reason.PARTY_SILENT: Text(
        "one of those whom we ask answers nobody", "it answers again; ask it by telephone why it does not", _C.OPS
    ),
    Reason.UNROUTED: Text("a report matches nobody", "find whose it is", _C.PROJECT_LEADER),
    Reason.UNANSWERED: Text("a command has had no answer from its worker", "the worker runs: naadloos ps", _C.OPS),
    Reason.UNREAD: Text("the message could not be read", "redrive or dismiss the dead letter", _C.OPS),
    Reason.DUPLICATE: Text("the message was heard before", "nothing", _C.NOBODY),
}
