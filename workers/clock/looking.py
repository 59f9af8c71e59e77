"""Shows, once a second, what the clock worker alone can know since it follows the whole journal.

Where the inbox ends is asked at Kafka by a thread of its own: what has come must not wait for an answer.
"""

from __future__ import annotations

import threading
import time
from datetime import datetime
from typing import Final

import structlog
from confluent_kafka import KafkaException

from events.codec import UnableToReadError, wire
from events.journal import JournalRecord
from workers.clock.backlog import Backlog
from workers.clock.tally import Tally
from workers.clock.unanswered import Unanswered
from workers.journal.reading import Journal
from workers.runtime.asking import Asking
from workers.runtime.away import UnableToHearKafkaError
from workers.runtime.metrics import show
from workers.runtime.records import UnableToReadRecordError, record_at
from workers.runtime.settings import Settings

EVERY: Final = 1.0
"""Seconds between two looks."""
log = structlog.get_logger()


class Ends:
    """Where the inbox ends, as Kafka said last."""

    def __init__(self, settings: Settings) -> None:
        self._partitions = settings.partitions
        self._asking = Asking(settings)
        self.known: dict[int, int] = {}
        self.answered = True
        """Whether Kafka answered when it was asked last."""
        threading.Thread(target=self._ask_on, name="ends", daemon=True).start()

    def _ask_on(self) -> None:
        while True:
            try:
                self.known = self._asking.ends("inbox", range(self._partitions))
                self.answered = True
            except KafkaException as error:
                self.answered = False
                log.warning("inbox not looked at", because=error.args[0].name())
            time.sleep(EVERY)


class Lookout:
    """Hears the journal on the way, and shows what it comes to."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._unanswered = Unanswered()
        self._tally = Tally()
        self._backlog = Backlog(self._recorded_at)
        self._ends = Ends(settings)
        self._next = 0.0

    @property
    def kafka_answers(self) -> bool:
        """Whether Kafka answered when it was asked last."""
        return self._ends.answered

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
        self._show_journal(journal, now, tick)
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

    def _show_journal(self, journal: Journal[JournalRecord], now: datetime, tick: float) -> None:
        heads = {partition: follower.offset for partition, follower in journal.followers.items()}
        self._backlog.look(self._ends.known, heads, now=now, tick=tick)
        for partition, follower in journal.followers.items():
            show("naadloos_journal_position", follower.position, partition=str(partition))
        for partition, number in self._backlog.counts(heads).items():
            show("naadloos_undecided_inputs", number, partition=str(partition))
        for partition, seconds in self._backlog.oldest(now, tick).items():
            show("naadloos_oldest_undecided_input_seconds", seconds, partition=str(partition))

    def _recorded_at(self, partition: int, offset: int) -> datetime | None:
        """None where the record does not read, or Kafka does not hand it over: looking on must stop nobody."""
        try:
            found = record_at(self._settings, "inbox", partition, offset)
            return wire(found.value or b"").recordedtime if found is not None else None
        except (UnableToReadError, UnableToReadRecordError, UnableToHearKafkaError, KafkaException):
            return None
