"""For how long something is counted from a time that is known; afterwards only its place among the others matters.

A field that is not named here is counted from for ever, so whatever is added is looked at exactly until somebody has
read what is counted from it. docs/adr/0020 says why this loses nothing;
tests/verify/test_situations_that_are_one.py tries it.
"""

from typing import Final

HOUR: Final = 3_600
DAY: Final = 24 * HOUR
EVER: Final = 10**12
"""Seconds, as all that follows."""

LASTS: Final[dict[str, dict[str, int]]] = {
    # a pause after a refusal is a day at the most, and a text is tried again by the daily hour of the next
    "Ask": {"at": 3 * DAY, "answered_at": 3 * DAY, "not_after": DAY, "again_at": DAY},
    "Scan": {"since": 0, "last": 0},
    # a kit that nobody scanned is chased after ten working days, an ask for one after two rounds
    "Consignment": {
        "asked_at": 3 * DAY,
        "granted_at": 15 * DAY,
        "parcel_at": 15 * DAY,
        "handed_at": DAY,
        "returned_at": 0,
        "corrected": 0,
    },
    "Test": {"at": 2 * DAY},  # tried again daily
    "Sim": {
        "active_at": 2 * DAY,
        "attached_at": 2 * DAY,
        "detached_at": 2 * DAY,
        "failed_at": 2 * DAY,
        "reset_at": 2 * DAY,
        "blocked_at": 0,
        "proved_at": 3 * HOUR,  # of the world's own record: a booking rests on it for two hours
        "lost_at": 0,
        "found_at": 0,
    },
    "Closed": {"at": 0},
    # an answer is due within three working days, a delayed one by a date of its own
    "Port": {
        "state_at": 8 * DAY,
        "bound_at": 0,
        "performed_at": 2 * DAY,
        "reversed_at": 0,
        "deactivated_at": 0,
        "corrected_at": 0,
        "withdrawn_at": 0,
        "hinted_at": 2 * DAY,
        "since": 0,  # of the world's own record, told and never counted from there
    },
    "Forward": {"set_at": 3 * HOUR, "cleared_at": 0, "lost_at": 0},  # a letter to change SIMs rests on it
    "Hold": {"at": 0},
    "Task": {"opened_at": 15 * DAY, "closed_at": 0, "done_at": 15 * DAY},  # told or needed again after ten working days
    "Mandate": {"filed_at": 0, "withdrawn_at": 0},
    "YesOrNo": {"at": 0},
    "Plan": {"planned_at": 0, "asked_at": 3 * DAY, "not_before_at": 0},
    # after-care and texts: three working days
    "Line": {
        "second_medium_at": 0,
        "proved_at": 8 * DAY,
        "sms_at": 0,
        "approved_at": 0,
        "old_ended_at": 8 * DAY,
        "reported_at": 0,
        "settled_at": 0,
        "incidents": 0,
        "opened": 0,
        "done_at": 0,
    },
    "Holder": {"leaver_at": 0, "absence_at": 0},
    "Wave": {"changed_at": 0},
}

COUNTED: Final[dict[str, frozenset[str]]] = {
    "Ask": frozenset({"attempt"}),
    "Task": frozenset({"number"}),
}
"""How often something was asked, where a key beside it says so too."""
NUMBERS: Final[dict[str, int]] = {"sequence": 0, "change": 1, "all_told": 1, "wave_change": 1}
"""Fields that number a line's tests, and a wave's changes: made one larger, and compared with each other."""
