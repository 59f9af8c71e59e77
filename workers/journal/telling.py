"""What a decider tells of its decisions: one log line each, and what it counts for Prometheus.

From most decisions nothing follows ("time to look again", "not yet"); those are logged at `debug` alone (docs/logs.md).
"""

from __future__ import annotations

from collections import Counter

import structlog

from workers.journal.record import Entry
from workers.runtime.metrics import count, took

log = structlog.get_logger()
_PREFIX = "nl.naadloos."


class Telling:
    """Tells of decisions one by one, and of batches when each is over."""

    def __init__(self, *, debug: bool) -> None:
        self._tell = log.debug if debug else log.info
        self._debug = debug
        self._outcomes: Counter[str] = Counter()
        for outcome in ("decided", "duplicate", "unread"):
            count("naadloos_inbox_records_total", 0, outcome=outcome)
        for outcome in ("written", "failed"):
            count("naadloos_snapshots_total", 0, outcome=outcome)

    def decision(self, entry: Entry, partition: int, seconds: float) -> None:
        """This was decided, in so many seconds. Names types and reasons, and never what stood in a message."""
        self._outcomes[_outcome(entry)] += 1
        follows = follow_ups(entry)
        if not (self._debug or follows or entry.unread):
            return
        line = {
            "type": entry.heard.message.type.removeprefix(_PREFIX) if entry.heard else "",
            "subject": entry.subject,
            "because": " ".join(dict.fromkeys(because.reason for because in entry.decision.because)),
            "outcome": follows or _outcome(entry),
            "partition": partition,
            "offset": entry.link.offset,
            "ms": round(seconds * 1000, 2),
        }
        if entry.unread is not None:
            log.warning("unread", reason=entry.unread.reason, **line)
        else:
            self._tell("decided", **line)

    def batch(self, seconds: float) -> None:
        """A batch is decided, said and committed, and took so many seconds."""
        took("naadloos_decision_batch_seconds", seconds)
        for outcome, number in self._outcomes.items():
            count("naadloos_inbox_records_total", number, outcome=outcome)
        self._outcomes.clear()


def _outcome(entry: Entry) -> str:
    if entry.unread is not None:
        return "unread"
    return "duplicate" if entry.duplicate else "decided"


def follow_ups(entry: Entry) -> str:
    """What follows from the decision, by type: outcomes, commands, and facts said to other subjects."""
    decision = entry.decision
    messages = (*decision.outcomes, *decision.commands, *(tell.fact for tell in decision.tells))
    types = Counter(message.type.removeprefix(_PREFIX) for message in messages)
    return " ".join(type_ if number == 1 else f"{type_}*{number}" for type_, number in types.items())
