"""How the programme stands, counted from the journal as it grows: lines, open incidents, dead letters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from events.base import LineId, type_of
from events.codec import UnreadReason
from events.enrolment import LineEnrolled
from events.journal import JournalRecord
from events.outcomes import IncidentClosed, IncidentOpened, LineDone, LineEnded, Owner

ENROLLED: Final = type_of(LineEnrolled)
OPENED, CLOSED = type_of(IncidentOpened), type_of(IncidentClosed)
DONE, ENDED = type_of(LineDone), type_of(LineEnded)


class Standing:
    """What the journal says so far."""

    def __init__(self) -> None:
        self._enrolled: set[str] = set()
        self._over: dict[str, str] = {}
        self._incidents: dict[tuple[str, str], str] = {}
        self._letters: dict[tuple[int, int], str] = {}

    def heard(self, partition: int, record: JournalRecord) -> None:
        """Count what this record says."""
        data = record.data
        if data.unread is not None:
            self._letters[partition, data.offset] = data.unread.reason
        if data.heard is not None and data.heard.type == ENROLLED and data.unread is None:
            self._enrolled.add(str(data.heard.data["line"]))
        for outcome in data.outcomes:
            self._outcome(outcome)

    def _outcome(self, outcome: Mapping[str, Any]) -> None:
        type_, line = outcome["type"], str(outcome["line"])
        if type_ == DONE:
            self._over[line] = "done"
        elif type_ == ENDED:
            self._over[line] = "ended"
        elif type_ == OPENED:
            self._incidents[line, outcome["kind"]] = outcome["owner"]
        elif type_ == CLOSED:
            self._incidents.pop((line, outcome["kind"]), None)

    def settled(self, letters: Iterable[tuple[int, int]]) -> None:
        """The dead letters at these partitions and offsets are open no more."""
        for place in letters:
            self._letters.pop(place, None)

    def lines(self) -> dict[str, int]:
        """Enrolled lines by how far they are."""
        over = Counter(state for line, state in self._over.items() if line in self._enrolled)
        return {"done": over["done"], "ended": over["ended"], "under_way": len(self._enrolled) - over.total()}

    def incidents(self) -> dict[str, int]:
        """Lines with an open incident, by owner; a line with two of one owner counts once."""
        lines: dict[str, set[LineId]] = {owner: set() for owner in Owner}
        for (line, _), owner in self._incidents.items():
            lines.setdefault(owner, set()).add(LineId(line))
        return {owner: len(of_owner) for owner, of_owner in lines.items()}

    def letters(self) -> dict[str, int]:
        """Open dead letters by reason."""
        return {**dict.fromkeys(map(str, UnreadReason), 0), **Counter(self._letters.values())}
