"""What a decider tells of its decisions: one log line each, and what it counts for Prometheus.

From most decisions nothing follows ("time to look again", "not yet"); those have their line at `debug` alone. A batch's
lines are written together once it stands in the journal, which costs a third of writing each (docs/logs.md), and says
nothing of decisions that somebody else had taken already.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from workers.journal.record import Entry
from workers.runtime.log import Level, write_lines
from workers.runtime.metrics import count, took
from workers.runtime.type_names import versioned

OUTCOMES: Final = ("decided", "duplicate", "unread")


class Telling:
    """Tells of decisions one by one, and of batches when each is over."""

    def __init__(self, level: Level) -> None:
        self._level = level
        self._outcomes: Counter[str] = Counter()
        self._lines: list[dict[str, Any]] = []
        for outcome in OUTCOMES:
            count("naadloos_inbox_records_total", 0, outcome=outcome)
        for outcome in ("written", "failed"):
            count("naadloos_snapshots_total", 0, outcome=outcome)

    def decision(self, entry: Entry, partition: int, seconds: float) -> None:
        """This was decided, in so many seconds."""
        outcome = "unread" if entry.unread is not None else "duplicate" if entry.duplicate else "decided"
        self._outcomes[outcome] += 1
        follows = follow_ups(entry)
        if entry.unread is not None or self._level == "debug" or (follows and self._level == "info"):
            self._lines.append(line_of(entry, partition, seconds, outcome=follows or outcome))

    def batch(self, seconds: float) -> None:
        """A batch is decided and in the journal, and took so many seconds."""
        took("naadloos_decision_batch_seconds", seconds)
        for outcome, number in self._outcomes.items():
            count("naadloos_inbox_records_total", number, outcome=outcome)
        write_lines(self._lines)
        self._outcomes.clear()
        self._lines.clear()


def line_of(entry: Entry, partition: int, seconds: float, *, outcome: str) -> dict[str, Any]:
    """What was heard, about whom, why, what follows, how long it took: types and reasons, never a message's text."""
    line = {
        "event": "decided",
        "level": "info",
        "type": versioned(entry.heard.message.type) if entry.heard else "",
        "subject": entry.subject,
        "because": " ".join(dict.fromkeys(because.reason for because in entry.decision.because)),
        "outcome": outcome,
        "partition": partition,
        "offset": entry.link.offset,
        "ms": round(seconds * 1000, 2),
    }
    if entry.unread is not None:
        line |= {"event": "unread", "level": "warning", "reason": entry.unread.reason}
    return line


def follow_ups(entry: Entry) -> str:
    """What follows from the decision, by type: outcomes, commands, and facts said to other subjects."""
    decision = entry.decision
    if not (decision.outcomes or decision.commands or decision.tells):
        return ""
    messages = (*decision.outcomes, *decision.commands, *(tell.fact for tell in decision.tells))
    if len(messages) == 1:
        return versioned(messages[0].type)
    types = Counter(versioned(message.type) for message in messages)
    return " ".join(type_ if number == 1 else f"{type_}*{number}" for type_, number in types.items())
