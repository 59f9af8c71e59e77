"""Shows, once a second, what the clock worker alone can know since it follows the whole journal."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Final

from events.journal import JournalRecord
from workers.clock.tally import Tally
from workers.clock.unanswered import Unanswered
from workers.journal.reading import Journal
from workers.runtime.metrics import show

EVERY: Final = 1.0
"""Seconds between two looks."""


class Lookout:
    """Hears the journal on the way, and shows what it comes to."""

    def __init__(self) -> None:
        self._unanswered = Unanswered()
        self._tally = Tally()
        self._next = 0.0

    def heard(self, partition: int, record: JournalRecord) -> None:
        """Take this record in."""
        self._unanswered.heard(partition, record, tick=time.monotonic())
        self._tally.heard(partition, record)

    def look(self, journal: Journal[JournalRecord], now: datetime) -> None:
        """Show how it stands, unless that was shown a moment ago. `now` is the programme's time."""
        tick = time.monotonic()
        if tick < self._next:
            return
        self._next = tick + EVERY
        for partition, follower in journal.followers.items():
            show("naadloos_journal_position", follower.position, partition=str(partition))
        for kind, number in self._unanswered.counts().items():
            show("naadloos_unanswered_commands", number, kind=kind)
        for kind, seconds in self._unanswered.oldest(now, tick).items():
            show("naadloos_oldest_unanswered_command_seconds", seconds, kind=kind)
        for state, number in self._tally.lines().items():
            show("naadloos_lines", number, state=state)
        for owner, number in self._tally.incidents().items():
            show("naadloos_incidents_open", number, owner=owner)
        for reason, number in self._tally.letters().items():
            show("naadloos_dead_letters_open", number, reason=reason)
